import type { Topic } from '../../schemas/topics.ts';
import type { Moment } from '../../schemas/units.ts';
import type { EventLog, LogRecord, Subscription } from '../ports/event-log.ts';

export interface CatchUp {
  readonly log: EventLog;
  readonly topic: Topic;
  readonly since: Moment;
  readonly onRecord: (record: LogRecord) => void;
  /** The past counts as over, too, when the log has not moved for so long: a writer that died may hold its end back. */
  readonly patienceMs: number;
}

export interface Following {
  readonly subscription: Subscription;
  /** Resolves when everything that was on the log at the start has been handed over; the tail then goes on. */
  readonly caughtUp: Promise<void>;
}

/** Follows a topic from a moment in the past on, and says when the past is over. */
export const followSince = async ({ log, topic, since, onRecord, patienceMs }: CatchUp): Promise<Following> => {
  const ends = new Map((await log.extent(topic)).map(({ partition, next }) => [partition, next]));
  const { promise: caughtUp, resolve } = Promise.withResolvers<void>();
  const patience = setTimeout(resolve, patienceMs).unref();
  const subscription = await log.tail({
    ...{ topic, from: new Map(), otherwise: { since } },
    onRecords: ({ records }) => {
      for (const record of records) onRecord(record);
    },
    onPosition: (partition, next) => {
      if (next >= (ends.get(partition) ?? 0n)) ends.delete(partition);
      if (ends.size === 0) resolve();
      else patience.refresh();
    },
  });
  void Promise.race([caughtUp, subscription.ended]).then(() => {
    clearTimeout(patience);
    resolve();
  });
  return { subscription, caughtUp };
};
