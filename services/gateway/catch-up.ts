import type { EventLog, LogRecord, Subscription, TailReader } from '../ports/event-log.ts';

export interface CatchUp extends Pick<TailReader, 'topic' | 'otherwise'> {
  readonly log: EventLog;
  /** Per partition the first offset wanted; absent: all follow `otherwise`. */
  readonly from?: ReadonlyMap<number, bigint>;
  readonly onRecord: (record: LogRecord) => void;
  /** The past counts as over, too, when the log has not moved for so long: a writer that died may hold its end back. */
  readonly patienceMs: number;
}

export interface Following {
  readonly subscription: Subscription;
  /** Resolves when everything that was on the log at the start has been handed over; the tail then goes on. */
  readonly caughtUp: Promise<void>;
}

/** Follows a topic from somewhere in the past on, and says when the past is over. */
export const followFrom = async ({
  log,
  topic,
  otherwise,
  from,
  onRecord,
  patienceMs,
}: CatchUp): Promise<Following> => {
  const ends = new Map((await log.extent(topic)).map(({ partition, next }) => [partition, next]));
  const { promise: caughtUp, resolve } = Promise.withResolvers<void>();
  const patience = setTimeout(resolve, patienceMs).unref();
  const subscription = await log.tail({
    ...{ topic, from: from ?? new Map(), otherwise },
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
