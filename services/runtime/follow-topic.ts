import { setTimeout as pause } from 'node:timers/promises';
import type { EventLog, LogError, LogRecord, Subscription, TailReader } from '../ports/event-log.ts';

/** What to follow, and from where on. */
export interface CatchUp extends Pick<TailReader, 'topic' | 'otherwise' | 'lingerMs'> {
  readonly log: EventLog;
  /** Per partition the first offset wanted; absent: all follow `otherwise`. */
  readonly from?: ReadonlyMap<number, bigint>;
  readonly onRecord: (record: LogRecord) => void;
  /** The past counts as over, too, when the log has not moved for so long: a writer that died may hold its end back. */
  readonly patienceMs: number;
}

/** A topic that is followed until `stop`. */
export interface Following {
  /** Resolves when everything that was on the log at the start has been handed over; the tail then goes on. */
  readonly caughtUp: Promise<void>;
  /** Why the log is not heard now, in words; undefined: it is. A tail that ended by itself is begun anew where it was; one that gets no answer goes on asking. */
  readonly lost: () => string | undefined;
  readonly stop: () => Promise<void>;
}

/** A tail that ended by itself is begun anew after so long, and again while that fails. */
const AGAIN_MS = 1_000;

/** Keeps a tail: begins it anew when it ends by itself, until it is stopped or the log is closed. */
const keepTail = async (
  begin: () => Promise<Subscription>,
): Promise<Pick<Following, 'lost' | 'stop'> & { readonly ended: Promise<void> }> => {
  const stopping = new AbortController();
  let current = await begin();
  let lost: string | undefined;
  const keep = async (): Promise<void> => {
    for (;;) {
      const error = await current.ended;
      if (stopping.signal.aborted || error === undefined || error.tag === 'Closed') return;
      lost = error.sentence;
      while (lost !== undefined) {
        await pause(AGAIN_MS, undefined, { signal: stopping.signal }).catch(() => undefined);
        if (stopping.signal.aborted) return;
        try {
          current = await begin();
          lost = undefined;
        } catch (cause) {
          lost = cause instanceof Error ? cause.message : String((cause as LogError).sentence);
        }
      }
    }
  };
  const ended = keep();
  return {
    ended,
    lost: () => lost ?? current.deaf?.(),
    stop: async () => {
      stopping.abort();
      await current.stop();
      await ended;
    },
  };
};

/** Follows a topic from somewhere in the past on, and says when the past is over. */
export const followFrom = async (past: CatchUp): Promise<Following> => {
  const { log, topic, otherwise, lingerMs = 0, onRecord, patienceMs } = past;
  const ends = new Map((await log.extent(topic)).map(({ partition, next }) => [partition, next]));
  const { promise: caughtUp, resolve } = Promise.withResolvers<void>();
  const patience = setTimeout(resolve, patienceMs).unref();
  const from = new Map(past.from);
  const { ended, lost, stop } = await keepTail(() =>
    log.tail({
      ...{ topic, from: new Map(from), otherwise, lingerMs },
      onRecords: ({ partition, records }) => {
        for (const record of records) {
          onRecord(record);
          from.set(partition, record.offset + 1n);
        }
      },
      onPosition: (partition, next) => {
        from.set(partition, next);
        if (next >= (ends.get(partition) ?? 0n)) ends.delete(partition);
        if (ends.size === 0) resolve();
        else patience.refresh();
      },
    }),
  );
  void Promise.race([caughtUp, ended]).then(() => {
    clearTimeout(patience);
    resolve();
  });
  return { caughtUp, lost, stop };
};
