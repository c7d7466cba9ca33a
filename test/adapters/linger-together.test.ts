/**
 * Goal: partitions whose batches were not full wait for more records until one moment, so that what they do then is done together.
 * Method: two partitions of a real file answer their first batch at different moments of a clock that the test turns; what came
 * meanwhile is answered when the reader says.
 */
import * as TE from 'fp-ts/lib/TaskEither.js';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Subscription } from '../../services/ports/event-log.ts';
import { type LogInAFolder, logInAFolder } from '../gateway/log-in-a-folder.ts';

const TOPIC = 'vigil.telemetry';
const LINGER_MS = 1_000;

let place: LogInAFolder;
let subscription: Subscription | undefined;
beforeEach(async () => {
  place = await logInAFolder();
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
});
afterEach(async () => {
  vi.useRealTimers();
  await subscription?.stop();
  await place.discard();
});

/** A bed with what happens to it: each is awaited, none is slept for. */
const makeBed = (bed: string) => ({
  bed,
  firstCame: Promise.withResolvers<void>(),
  letGo: Promise.withResolvers<void>(),
  firstSettled: Promise.withResolvers<void>(),
  /** With the moment of the clock. */
  secondCame: Promise.withResolvers<number>(),
});

/** Two beds of different partitions whose first batches are settled at 100 and 600 ms; a second record of each waits. */
const lingering = async (lingerTogether: boolean) => {
  const partitionOf = (name: string): number => place.log.partitionOf(TOPIC, name);
  const names = Array.from({ length: 32 }, (_, i) => `bed-${i}`);
  const other = names.find((name) => partitionOf(name) !== partitionOf('bed-0'))!;
  const [early, late] = [makeBed('bed-0'), makeBed(other)];
  const append = () =>
    place.log.append([early, late].map(({ bed }) => ({ topic: TOPIC, key: bed, value: Uint8Array.of(1) })))();
  await append();
  const begun = performance.now();
  subscription = await place.log.join({
    ...{ group: 'company', topic: TOPIC, startAt: 'beginning', recordsPerBatchMax: 10, lingerMs: LINGER_MS },
    ...{ lingerTogether, assigned: async () => undefined, revoked: () => undefined },
    react: ({ partition, records }) =>
      TE.fromTask(async () => {
        const one = partition === partitionOf(early.bed) ? early : late;
        if (records[0]!.offset > 0n) {
          one.secondCame.resolve(performance.now() - begun);
          return { outputs: [], settled: () => undefined };
        }
        one.firstCame.resolve();
        await one.letGo.promise;
        return { outputs: [], settled: one.firstSettled.resolve };
      }),
  });
  await Promise.all([early.firstCame.promise, late.firstCame.promise]);
  await append();
  vi.advanceTimersByTime(100);
  early.letGo.resolve();
  await early.firstSettled.promise;
  vi.advanceTimersByTime(500);
  late.letGo.resolve();
  await late.firstSettled.promise;
  return { early: early.secondCame.promise, late: late.secondCame.promise };
};

/** The reader sets its timers behind the answer of its own thread, which the turned clock does not know. */
const timersSet = async (count: number): Promise<void> => {
  while (vi.getTimerCount() < count) await new Promise((resolve) => setImmediate(resolve));
};

describe('a reader that waits for company', () => {
  it('ends the waiting of all its partitions at one moment, and lets none wait longer than it says', async () => {
    const { early, late } = await lingering(true);
    await timersSet(1);
    expect(vi.getTimerCount()).toBe(1);
    vi.advanceTimersToNextTimer();
    // The next whole multiple of the time, on a clock that began at 0.
    expect([await early, await late]).toEqual([LINGER_MS, LINGER_MS]);
  });

  it('lets each partition wait for itself where it does not ask for company', async () => {
    const { early, late } = await lingering(false);
    await timersSet(2);
    expect(vi.getTimerCount()).toBe(2);
    vi.advanceTimersToNextTimer();
    expect(await early).toBe(100 + LINGER_MS);
    vi.advanceTimersToNextTimer();
    expect(await late).toBe(600 + LINGER_MS);
  });
});
