/**
 * Goal: losing the process must not lose, repeat or change what a stage says.
 * Method: one random shift is put on a real embedded log and worked through twice: undisturbed, and by stages that fail at
 * random batches or are stopped and started again, with checkpoints rarer than the stops. The outputs on the log are compared
 * byte for byte. The seed in the test's name reproduces a failure.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as E from 'fp-ts/lib/Either.js';
import * as TE from 'fp-ts/lib/TaskEither.js';
import { afterEach, describe, expect, it } from 'vitest';
import { decodeRejected } from '../../schemas/messages.ts';
import { milliseconds, seconds } from '../../schemas/units.ts';
import { openSqliteEventLog } from '../../services/adapters/embedded/sqlite-event-log.ts';
import type { EventLog, GroupReader, NewRecord, Reaction } from '../../services/ports/event-log.ts';
import { bedCheckpoint, partitionCheckpoint } from '../../services/runtime/checkpoints.ts';
import { readToNow } from '../../services/runtime/read-to-now.ts';
import { runStage, type StageNotice } from '../../services/runtime/run-stage.ts';
import type { Stage } from '../../services/runtime/stage.ts';
import { diceFrom } from '../../stream-models/dice.ts';

const cleanUps: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
});

const openLog = async (): Promise<EventLog> => {
  const folder = await mkdtemp(join(tmpdir(), 'vigil-runtime-'));
  const log = await openSqliteEventLog({ path: join(folder, 'log.db') });
  cleanUps.push(() => rm(folder, { recursive: true, force: true }));
  cleanUps.push(() => log.close());
  return log;
};

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const text = (value: Uint8Array): string => new TextDecoder().decode(value);

interface Tally {
  readonly count: number;
  readonly sum: number;
}

/** Says after every number of a bed how many there were and their sum: losing, repeating or forgetting one shows. */
const tally: Stage<Tally> = {
  name: 'tally',
  reads: 'vigil.telemetry',
  writes: ['vigil.findings'],
  version: '1',
  start: () => ({ count: 0, sum: 0 }),
  step: async (beds) =>
    beds.map(({ bed, memory, records }) => {
      let { count, sum } = memory;
      const outputs: NewRecord[] = [];
      for (const record of records) {
        if (text(record.value) === 'poison') throw new Error('cannot count poison');
        count += 1;
        sum += Number(text(record.value));
        outputs.push({ topic: 'vigil.findings', key: bed, value: bytes(`${bed} ${count} ${sum}`) });
      }
      return { memory: { count, sum }, outputs };
    }),
};

const shift = (seed: number, length: number): NewRecord[] => {
  const random = diceFrom(seed).unit;
  return Array.from({ length }, () => ({
    topic: 'vigil.telemetry' as const,
    key: `bed-${Math.floor(random() * 6)}`,
    value: bytes(String(Math.floor(random() * 100))),
  }));
};

const append = async (log: EventLog, records: readonly NewRecord[]): Promise<void> => {
  const written = await log.append(records)();
  if (E.isLeft(written)) throw new Error(written.left.sentence);
};

/** Runs the tally stage until `records` of live input are settled in all; answers when it has stopped. */
const runUntilSettled = async (log: EventLog, wanted: number, onNotice: (notice: StageNotice) => void = () => {}) => {
  let settled = 0;
  const { promise: done, resolve } = Promise.withResolvers<void>();
  const running = await runStage(tally, {
    log,
    recordsPerBatchMax: 17,
    checkpointEvery: milliseconds(5),
    onNotice: (notice) => {
      onNotice(notice);
      if (notice.tag === 'Settled') settled += notice.records;
      if (settled >= wanted) resolve();
    },
  });
  await Promise.race([done, running.ended]);
  await running.stop();
  return settled;
};

const said = async (log: EventLog): Promise<Record<number, string[]>> => {
  const outputs: Record<number, string[]> = {};
  await readToNow(log, 'vigil.findings', ({ partition, value }) => {
    outputs[partition] ??= [];
    outputs[partition].push(text(value));
  });
  return outputs;
};

/** Per bed in order; partitions of different logs may interleave beds differently. */
const perBed = (outputs: Record<number, string[]>): Record<string, string[]> => {
  const beds: Record<string, string[]> = {};
  for (const lines of Object.values(outputs))
    for (const line of lines) {
      const bed = line.split(' ')[0]!;
      beds[bed] ??= [];
      beds[bed].push(line);
    }
  return beds;
};

/** The log, but the reader's answer fails now and then after the work was done and before it was stored. */
const failingNowAndThen = (log: EventLog, random: () => number): EventLog => ({
  ...log,
  join: (reader: GroupReader) =>
    log.join({
      ...reader,
      react: (batch) =>
        TE.flatMap(
          reader.react(batch),
          (reaction): TE.TaskEither<unknown, Reaction> =>
            random() < 0.2 ? TE.left('power failure') : TE.right(reaction),
        ),
    }),
});

describe('the loop of every stage', () => {
  it.each([1, 2, 3, 4])('says the same whether or not the power fails (seed %i)', async (seed) => {
    const records = shift(seed, 600);
    const [calm, stormy] = [await openLog(), await openLog()];
    await append(calm, records);
    await runUntilSettled(calm, records.length);
    const random = diceFrom(seed + 1000).unit;
    await append(stormy, records);
    let [settled, restarts, replayed] = [0, 0, 0];
    while (settled < records.length) {
      const wanted = Math.min(Math.ceil(random() * 120), records.length - settled);
      settled += await runUntilSettled(failingNowAndThen(stormy, random), wanted, (notice) => {
        if (notice.tag === 'Replayed') replayed += notice.records;
      });
      restarts++;
    }
    const undisturbed = perBed(await said(calm));
    expect(Object.values(undisturbed).flat()).toHaveLength(records.length);
    expect(perBed(await said(stormy))).toEqual(undisturbed);
    expect(restarts).toBeGreaterThan(3);
    expect(replayed).toBeGreaterThan(0);
  });

  it('goes on without the records that make it fail, refuses them by name, and spares the neighbours', async () => {
    const log = await openLog();
    await append(log, [
      { topic: 'vigil.telemetry', key: 'bed-a', value: bytes('1') },
      { topic: 'vigil.telemetry', key: 'bed-b', value: bytes('poison') },
      { topic: 'vigil.telemetry', key: 'bed-c', value: bytes('2') },
    ]);
    await runUntilSettled(log, 3);
    expect(
      Object.values(perBed(await said(log)))
        .flat()
        .sort(),
    ).toEqual(['bed-a 1 1', 'bed-c 1 2']);
    const refused: string[] = [];
    await readToNow(log, 'vigil.rejected', ({ value }) => {
      const decoded = decodeRejected(value);
      if (E.isRight(decoded))
        refused.push(`${decoded.right.source} ${decoded.right.code} ${text(decoded.right.original)}`);
    });
    expect(refused).toEqual(['bed-b stage-failed poison']);
  });

  it('starts a memory of another version from nothing and says so', async () => {
    const log = await openLog();
    await append(log, [{ topic: 'vigil.telemetry', key: 'bed-a', value: bytes('5') }]);
    await runUntilSettled(log, 1);
    await append(log, [{ topic: 'vigil.telemetry', key: 'bed-a', value: bytes('7') }]);
    const discarded: string[] = [];
    const { promise: done, resolve } = Promise.withResolvers<void>();
    const running = await runStage(
      { ...tally, version: '2' },
      {
        ...{ log, checkpointEvery: seconds(10) },
        onNotice: (notice) => {
          if (notice.tag === 'MemoryDiscarded') discarded.push(notice.bed);
          if (notice.tag === 'Settled' && notice.records > 0) resolve();
        },
      },
    );
    await done;
    await running.stop();
    expect(discarded).toEqual(['bed-a']);
    expect(perBed(await said(log))).toEqual({ 'bed-a': ['bed-a 1 5', 'bed-a 1 7'] });
  });

  it('does not believe a checkpoint that is ahead of the stored position: every record is answered', async () => {
    const log = await openLog();
    await append(log, [{ topic: 'vigil.telemetry', key: 'bed-a', value: bytes('5') }]);
    await runUntilSettled(log, 1);
    const partition = log.partitionOf('vigil.telemetry', 'bed-a');
    const of = { stage: tally.name, version: tally.version, partition };
    await append(log, [
      bedCheckpoint(of, 'bed-a', 1_000n, 'of a transaction that was never committed'),
      { topic: 'vigil.telemetry', key: 'bed-a', value: bytes('7') },
    ]);
    const discarded: string[] = [];
    const { promise: done, resolve } = Promise.withResolvers<void>();
    const running = await runStage(tally, {
      log,
      onNotice: (notice) => {
        if (notice.tag === 'MemoryDiscarded') discarded.push(`${notice.bed}: ${notice.why}`);
        if (notice.tag === 'Settled' && notice.records > 0) resolve();
      },
    });
    await done;
    await running.stop();
    expect(discarded).toEqual([expect.stringContaining('bed-a: its checkpoint is at 1000, ahead of')]);
    expect(perBed(await said(log))).toEqual({ 'bed-a': ['bed-a 1 5', 'bed-a 1 7'] });
  });

  it('does not believe a checkpoint beyond the end of its topic, which was made anew: every record is answered', async () => {
    const log = await openLog();
    const partition = log.partitionOf('vigil.telemetry', 'bed-a');
    const of = { stage: tally.name, version: tally.version, partition };
    await append(log, [
      bedCheckpoint(of, 'bed-a', 1_000n, { count: 1_000, sum: 1_000 }),
      partitionCheckpoint(of, 1_000n),
      { topic: 'vigil.telemetry', key: 'bed-a', value: bytes('7') },
    ]);
    const discarded: string[] = [];
    await runUntilSettled(log, 1, (notice) => {
      if (notice.tag === 'MemoryDiscarded') discarded.push(`${notice.bed}: ${notice.why}`);
    });
    expect(discarded).toEqual([expect.stringContaining('bed-a: its checkpoint is at 1000, beyond the end 1 of')]);
    expect(perBed(await said(log))).toEqual({ 'bed-a': ['bed-a 1 7'] });
  });

  it('reads the checkpoints together for partitions that are given together, and tells of a bed without one once', async () => {
    const log = await openLog();
    const beds = Array.from({ length: 12 }, (_, i) => `bed-${i}`);
    const shiftOf = (count: number): NewRecord[] =>
      Array.from({ length: count }, (_, i) => ({
        topic: 'vigil.telemetry' as const,
        key: beds[i % beds.length]!,
        value: bytes(String(i)),
      }));
    // Many checkpoints of each bed, each in a batch of its own.
    for (let i = 0; i < 5; i++) {
      await append(log, shiftOf(60));
      await runUntilSettled(log, 60);
    }
    let readings = 0;
    const counted: EventLog = {
      ...log,
      tail: (reader) => {
        readings += reader.topic === 'vigil.checkpoints' ? 1 : 0;
        return log.tail(reader);
      },
    };
    const discarded: string[] = [];
    const assigned: number[] = [];
    const { promise: done, resolve } = Promise.withResolvers<void>();
    const partitions = (await log.extent('vigil.telemetry')).length;
    const running = await runStage(
      { ...tally, version: '2' },
      {
        log: counted,
        onNotice: (notice) => {
          if (notice.tag === 'MemoryDiscarded') discarded.push(notice.bed);
          if (notice.tag === 'Assigned') assigned.push(notice.partition);
          if (assigned.length === partitions) resolve();
        },
      },
    );
    await done;
    await running.stop();
    expect(partitions).toBeGreaterThan(1);
    expect(readings).toBeLessThan(partitions);
    expect(discarded.toSorted()).toEqual(beds.toSorted());
  });
});
