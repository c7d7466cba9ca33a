import { setTimeout as pause } from 'node:timers/promises';
import * as E from 'fp-ts/lib/Either.js';
import { telemetryOf } from '../../schemas/telemetry.ts';
import { type Moment, moment } from '../../schemas/units.ts';
import type { EventLog, LogRecord } from '../ports/event-log.ts';
import { followFrom } from '../runtime/follow-topic.ts';
import { IDLE_AFTER_USUAL } from './bed-presence.ts';
import type { Gateway } from './gateway.ts';

/** A gateway that begins without having read it all takes frames for new that the log has: it waits rather long. */
const PATIENCE_MS = 30_000;
/**
 * Frames of each partition that a gateway must know before its first one. What may come again is what nobody acknowledged:
 * one append (2,000 frames), and what the senders had under way.
 */
const NEWEST_FRAMES = 2_000n;
/** The older past is read with a quarter of one core: the door is open meanwhile. */
const REST_PER_WORK = 3;

export interface Learning {
  /** Frames that were learnt before the first new one. */
  readonly frames: number;
  /** Resolves when the older past is known, too, or the learning was stopped. */
  readonly past: Promise<void>;
  readonly stop: () => Promise<void>;
}

const learnRecord = (learn: Gateway['learn'], record: LogRecord): void => {
  // An unreadable record was counted by the stage that decides on it; here it teaches nothing.
  const frame = telemetryOf(record);
  if (E.isRight(frame)) learn(frame.right);
};

/** The last ten minutes up to these offsets, in the background. Adopted as a whole when all is read. */
const learnPast = async (log: EventLog, gateway: Gateway, now: Moment, until: ReadonlyMap<number, bigint>) => {
  const past = gateway.learnPast();
  const stopping = new AbortController();
  const waiting = new Map(until);
  const { promise: read, resolve } = Promise.withResolvers<void>();
  const tail = await log.tail({
    ...{ topic: 'vigil.telemetry', from: new Map(), otherwise: { since: moment(now - IDLE_AFTER_USUAL) } },
    onRecords: async ({ partition, records }) => {
      const began = performance.now();
      for (const record of records) if (record.offset < until.get(partition)!) learnRecord(past.learn, record);
      if (!waiting.has(partition)) return;
      await pause((performance.now() - began) * REST_PER_WORK, undefined, { signal: stopping.signal }).catch(() => {});
    },
    onPosition: (partition, next) => {
      if (next >= (waiting.get(partition) ?? 0n)) waiting.delete(partition);
      if (waiting.size === 0) resolve();
    },
  });
  const stopped = tail.ended.then(() => resolve());
  const done = read.then(async () => {
    if (waiting.size === 0) past.adopt();
    await tail.stop();
    await stopped;
  });
  return {
    done,
    stop: async () => {
      stopping.abort();
      await tail.stop();
      await done;
    },
  };
};

/**
 * Before a gateway takes its first frame: learns from the end of vigil.telemetry which beds speak, which sequence numbers the
 * log has (so that a frame sent again after a crash is stored once) and where each clock stood. Then, while it takes
 * frames, from the ten minutes before. Who is told to stop (`stopping`) does not wait for what is left to learn.
 */
export const learnFromLog = async (
  log: EventLog,
  gateway: Gateway,
  now: Moment,
  stopping: AbortSignal = new AbortController().signal,
): Promise<Learning> => {
  const extent = await log.extent('vigil.telemetry');
  const from = new Map(
    extent.map(({ partition, first, next }) => [
      partition,
      next - NEWEST_FRAMES > first ? next - NEWEST_FRAMES : first,
    ]),
  );
  let frames = 0;
  const nothing = { past: Promise.resolve(), stop: async () => undefined };
  const { stop, caughtUp } = await followFrom({
    ...{ log, topic: 'vigil.telemetry', from, otherwise: 'beginning', patienceMs: PATIENCE_MS },
    onRecord: (record) => {
      learnRecord(gateway.learn, record);
      frames += 1;
    },
  });
  const hurry = (): void => void stop(); // what is not followed any more counts as caught up
  stopping.addEventListener('abort', hurry, { once: true });
  if (!stopping.aborted) await caughtUp;
  stopping.removeEventListener('abort', hurry);
  await stop();
  if (stopping.aborted) return { frames, ...nothing };
  const isWhole = extent.every(({ partition, first }) => from.get(partition) === first);
  if (isWhole) return { frames, ...nothing };
  const past = await learnPast(log, gateway, now, from);
  return { frames, past: past.done, stop: past.stop };
};
