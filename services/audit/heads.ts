import * as E from 'fp-ts/lib/Either.js';
import type { AuditHead } from '../../schemas/generated/vigil/v1/audit_pb.ts';
import { decodeAuditEntry } from '../../schemas/messages.ts';
import { auditTopics, type Topic } from '../../schemas/topics.ts';
import type { EventLog, LogRecord } from '../ports/event-log.ts';
import { readToNow } from '../runtime/read-to-now.ts';
import { hex, sha256 } from './chain.ts';

/** The newest entry of a chain. */
export type Head = Pick<AuditHead, 'chain' | 'number' | 'sha256' | 'atUs'>;

/** So many records of each partition are read for the first time: the chains of what was stopped a moment ago, and not six years. */
const RECORDS_BACK = 2_000n;

/**
 * Answers, each time that it is called, the heads of the chains that have grown since the last time, this one's own excepted. Whoever keeps
 * them in his own chain makes known how far theirs must reach at least. Rejects when the log cannot be read.
 */
export const headsOfOthers = (
  log: Pick<EventLog, 'extent' | 'tail'>,
  own: Uint8Array,
): (() => Promise<readonly Head[]>) => {
  const from = new Map<Topic, ReadonlyMap<number, bigint>>();

  const readOn = async (topic: Topic, onRecord: (record: LogRecord) => void): Promise<void> => {
    const extent = await log.extent(topic);
    const start = ({ first, next }: (typeof extent)[number]): bigint =>
      next - RECORDS_BACK > first ? next - RECORDS_BACK : first;
    const starts = from.get(topic) ?? new Map(extent.map((each) => [each.partition, start(each)]));
    const to = new Map(extent.map(({ partition, next }) => [partition, next]));
    await readToNow(log, topic, onRecord, { from: starts, otherwise: 'beginning', to });
    from.set(topic, to);
  };

  return async () => {
    const found = new Map<string, Head>();
    for (const topic of auditTopics)
      await readOn(topic, ({ value, appendedAt }) => {
        const entry = decodeAuditEntry(value);
        if (E.isLeft(entry)) return;
        const { chain, number } = entry.right;
        if (number < (found.get(hex(chain))?.number ?? 0)) return;
        found.set(hex(chain), { chain, number, sha256: sha256(value), atUs: appendedAt });
      });
    found.delete(hex(own));
    return [...found.values()];
  };
};
