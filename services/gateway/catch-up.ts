import type { Topic } from '../../schemas/topics.ts';
import type { Moment } from '../../schemas/units.ts';
import type { EventLog, LogRecord, Subscription } from '../ports/event-log.ts';

export interface CatchUp {
  readonly log: EventLog;
  readonly topic: Topic;
  readonly since: Moment;
  readonly onRecord: (record: LogRecord) => void;
}

export interface Following {
  readonly subscription: Subscription;
  /** Resolves when everything that was on the log at the start has been handed over; the tail then goes on. */
  readonly caughtUp: Promise<void>;
}

/** How long to wait for the first record: a Kafka reader has to join a group before it reads. */
const FIRST_MS: Readonly<Record<EventLog['kind'], number>> = { embedded: 1_000, kafka: 8_000 };
const QUIET_MS = 1_000;

/**
 * Follows a topic from a moment in the past on, and says when the past is over. A log may end in positions that are never
 * delivered (Kafka's transaction markers), and may hold nothing that is new enough, so quiet counts as the end too.
 */
export const followSince = async ({ log, topic, since, onRecord }: CatchUp): Promise<Following> => {
  const waiting = new Map<number, bigint>();
  for (const { partition, first, next } of await log.extent(topic)) if (next > first) waiting.set(partition, next);
  const { promise: caughtUp, resolve } = Promise.withResolvers<void>();
  let quiet: NodeJS.Timeout | undefined;
  const finish = (): void => {
    clearTimeout(quiet);
    waiting.clear();
    resolve();
  };
  const waitAtMost = (ms: number): void => {
    clearTimeout(quiet);
    if (waiting.size === 0) finish();
    else quiet = setTimeout(finish, ms);
  };
  let heard = false;
  const subscription = await log.tail({
    topic,
    from: new Map(),
    otherwise: { since },
    onRecords: ({ partition, records }) => {
      for (const record of records) onRecord(record);
      if (waiting.size === 0) return;
      heard = true;
      const next = waiting.get(partition);
      const last = records.at(-1);
      if (next !== undefined && last !== undefined && last.offset + 1n >= next) waiting.delete(partition);
      waitAtMost(QUIET_MS);
    },
  });
  waitAtMost(heard ? QUIET_MS : FIRST_MS[log.kind]);
  void subscription.ended.then(finish);
  return { subscription, caughtUp };
};
