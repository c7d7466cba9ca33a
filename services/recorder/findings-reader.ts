import * as E from 'fp-ts/lib/Either.js';
import { decodeFindings } from '../../schemas/messages.ts';
import type { Batch, GroupReader, Reaction } from '../ports/event-log.ts';
import { answerWith, type Desk, keepBatch, type Unreadable } from './desk.ts';
import { nothingToKeep, type Part } from './keep.ts';
import { pointOfFinding } from './series-of.ts';

const TOPIC = 'vigil.findings';

/** Reads findings: each is kept as it is, and what Vigil measured itself as a series of source `vigil`, too. */
export const findingsReader = (desk: Desk): GroupReader => {
  const react = async ({ records }: Batch): Promise<Reaction> => {
    const parts: Part[] = [];
    const unreadable: Unreadable[] = [];
    for (const record of records) {
      const said = decodeFindings(record.value);
      if (E.isLeft(said)) {
        unreadable.push({ record, ...said.left });
        continue;
      }
      const bed = record.key;
      const { findings } = said.right;
      const numerics = findings.flatMap((finding) => pointOfFinding(bed, finding) ?? []);
      parts.push({
        record,
        write: { ...nothingToKeep, numerics, findings: findings.map((finding) => ({ bed, finding })) },
      });
    }
    return { outputs: await keepBatch(desk, TOPIC, parts, unreadable), settled: () => undefined };
  };
  return {
    ...{
      group: 'vigil-recorder-findings',
      topic: TOPIC,
      startAt: 'beginning',
      recordsPerBatchMax: 256,
      lingerMs: 200,
    },
    assigned: async () => undefined,
    revoked: () => undefined,
    react: answerWith(desk, react),
  };
};
