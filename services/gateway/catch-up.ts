import type { Topic } from '../../schemas/topics.ts';
import type { Moment } from '../../schemas/units.ts';
import type { EventLog, LogRecord, Subscription } from '../ports/event-log.ts';

export interface CatchUp {
  readonly log: EventLog;
  readonly topic: Topic;
  readonly since: Moment;
  readonly onRecord: (record: LogRecord) => void;
  /** No record for so long means that what is missing are the log's own markers. */
  readonly quietMs?: number;
}

export interface Following {
  readonly subscription: Subscription;
  /** Resolves when everything that was on the log at the start has been handed over; the tail then goes on. */
  readonly caughtUp: Promise<void>;
}

const QUIET_MS_USUAL = 1_000;

/**
 * Follows a topic from a moment in the past on, and says when the past is over. A log may end in positions that are never
 * delivered (Kafka's transaction markers), so a quiet second counts as the end too.
 */
export const followSince = async ({ log, topic, since, onRecord, quietMs }: CatchUp): Promise<Following> => {
  const waiting = new Map<number, bigint>();
  for (const { partition, first, next } of await log.extent(topic)) if (next > first) waiting.set(partition, next);
  const { promise: caughtUp, resolve } = Promise.withResolvers<void>();
  const quiet = setTimeout(resolve, quietMs ?? QUIET_MS_USUAL);
  const finish = (): void => {
    clearTimeout(quiet);
    resolve();
  };
  const subscription = await log.tail({
    topic,
    from: new Map(),
    otherwise: { since },
    onRecords: ({ partition, records }) => {
      for (const record of records) onRecord(record);
      if (waiting.size === 0) return;
      quiet.refresh();
      const next = waiting.get(partition);
      const last = records.at(-1);
      if (next !== undefined && last !== undefined && last.offset + 1n >= next) waiting.delete(partition);
      if (waiting.size === 0) finish();
    },
  });
  if (waiting.size === 0) finish();
  void subscription.ended.then(finish);
  return { subscription, caughtUp };
};
