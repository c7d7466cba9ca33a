import * as E from 'fp-ts/lib/Either.js';
import { decodeFindings } from '../../schemas/messages.ts';
import type { Batch, GroupReader, NewRecord, Reaction } from '../ports/event-log.ts';
import { bedCheckpoint, type CheckpointOf, partitionCheckpoint } from '../runtime/checkpoints.ts';
import { answerWith, type Desk, keepBatch, READS_BEDS, recall, rollUpMinutes, type Unreadable } from './desk.ts';
import { nothingToKeep, type Part } from './keep.ts';
import { bedsBefore, type Minutes, makeMinutes } from './minutes.ts';
import { type BedRhythm, noRhythm, rhythmMarks } from './rhythm-marks.ts';
import { pointOfFinding } from './series-of.ts';

const TOPIC = 'vigil.findings';

/** What is remembered of one partition; replaced as a whole when a batch is settled. */
interface Holding {
  readonly rhythms: ReadonlyMap<string, BedRhythm>;
  readonly minutes: Minutes;
}

/** Whether a start must know of it: everything but how far the bed was heard, which goes on all the time. */
const holdsOtherwise = (before: BedRhythm, after: BedRhythm): boolean =>
  before.gravity !== after.gravity || before.since !== after.since || before.silent !== after.silent;

/** Rhythms that changed, and beds that are new: a restart must know what holds. */
const checkpoints = (
  of: CheckpointOf,
  { records }: Batch,
  changed: ReadonlySet<string>,
  rhythms: ReadonlyMap<string, BedRhythm>,
): NewRecord[] => {
  if (changed.size === 0) return [];
  const next = records.at(-1)!.offset + 1n;
  return [...[...changed].map((bed) => bedCheckpoint(of, bed, next, rhythms.get(bed))), partitionCheckpoint(of, next)];
};

/** Reads findings: each is kept as it is, and what Vigil measured itself as a series of source `vigil`, too. */
export const findingsReader = (desk: Desk): GroupReader => {
  const holdings = new Map<number, Holding>();
  const checkpointOf = (partition: number) => ({ stage: 'recorder-findings', version: '1', partition });

  const assigned = async (partition: number, stored: bigint | undefined): Promise<undefined> => {
    if (holdings.has(partition)) return;
    const { remembered, known } = await recall<BedRhythm>(desk, checkpointOf(partition));
    // Memory is saved when a rhythm or a hole begins, so how far the bed was heard since is not in it.
    const rhythms = new Map(
      [...(remembered?.beds ?? [])].map(([bed, { memory }]) => [bed, { ...memory, heard: noRhythm.heard }]),
    );
    const minutes = makeMinutes(bedsBefore(stored, known));
    holdings.set(partition, { rhythms, minutes });
  };

  const react = async (batch: Batch): Promise<Reaction> => {
    const holding = holdings.get(batch.partition)!;
    const rhythms = new Map(holding.rhythms);
    const changed = new Set<string>();
    const parts: Part[] = [];
    const unreadable: Unreadable[] = [];
    for (const record of batch.records) {
      const said = decodeFindings(record.value);
      if (E.isLeft(said)) {
        unreadable.push({ record, ...said.left });
        continue;
      }
      const bed = record.key;
      const { findings } = said.right;
      const before = rhythms.get(bed);
      const [rhythm, marks] = rhythmMarks(before ?? noRhythm, bed, findings);
      rhythms.set(bed, rhythm);
      // A bed that is not in a checkpoint would be forgotten when a start looks for minutes that nobody rolled up.
      if (before === undefined || holdsOtherwise(before, rhythm)) changed.add(bed);
      const numerics = [...marks, ...findings.flatMap((finding) => pointOfFinding(bed, finding) ?? [])];
      const write = { ...nothingToKeep, numerics, findings: findings.map((finding) => ({ bed, finding })) };
      parts.push({ record, write });
    }
    const refused = await keepBatch(desk, TOPIC, parts, unreadable);
    await rollUpMinutes(desk, holding.minutes, batch, parts);
    return {
      outputs: [...refused, ...checkpoints(checkpointOf(batch.partition), batch, changed, rhythms)],
      settled: () => void holdings.set(batch.partition, { ...holding, rhythms }),
    };
  };

  return {
    ...READS_BEDS,
    ...{ group: 'vigil-recorder-findings', topic: TOPIC },
    assigned,
    revoked: (partition) => void holdings.delete(partition),
    react: answerWith(desk, react),
  };
};
