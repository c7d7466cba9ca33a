import { setTimeout as pause } from 'node:timers/promises';
import type { Topic } from '../../schemas/topics.ts';
import type { Moment } from '../../schemas/units.ts';
import type { Batch, EventLog, LogError, LogRecord, Subscription } from '../ports/event-log.ts';

export interface CatchUp {
  readonly log: EventLog;
  readonly topic: Topic;
  readonly since: Moment;
  readonly onRecord: (record: LogRecord) => void;
}

export interface Following {
  /** Resolves when everything that was on the log at the start has been handed over; the tail then goes on. */
  readonly caughtUp: Promise<void>;
  /** Why the log is not heard now, in words; undefined: it is. A tail that ended by itself is begun anew where it was. */
  readonly lost: () => string | undefined;
  readonly stop: () => Promise<void>;
}

/** How long to wait for the first record: a Kafka reader has to join a group before it reads. */
const FIRST_MS: Readonly<Record<EventLog['kind'], number>> = { embedded: 1_000, kafka: 8_000 };
const QUIET_MS = 1_000;
const AGAIN_MS = 1_000;

/** Follows from `nexts` on, and begins anew when the tail ends by itself, until it is stopped or the log is closed. */
const keepFollowing = async (
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
    lost: () => lost,
    stop: async () => {
      stopping.abort();
      await current.stop();
      await ended;
    },
  };
};

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
  const nexts = new Map<number, bigint>();
  const onRecords = ({ partition, records }: Batch): void => {
    for (const record of records) onRecord(record);
    const last = records.at(-1);
    if (last !== undefined) nexts.set(partition, last.offset + 1n);
    if (waiting.size === 0) return;
    heard = true;
    const next = waiting.get(partition);
    if (next !== undefined && last !== undefined && last.offset + 1n >= next) waiting.delete(partition);
    waitAtMost(QUIET_MS);
  };
  const begin = () => log.tail({ topic, from: new Map(nexts), otherwise: { since }, onRecords });
  const { ended, lost, stop } = await keepFollowing(begin);
  waitAtMost(heard ? QUIET_MS : FIRST_MS[log.kind]);
  void ended.then(finish);
  return { caughtUp, lost, stop };
};
