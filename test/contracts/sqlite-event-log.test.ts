import { rename } from 'node:fs/promises';
import fc from 'fast-check';
import * as E from 'fp-ts/lib/Either.js';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { type LogFile, logErrorOf, openLogFile } from '../../services/adapters/embedded/log-thread-file.ts';
import { extentOf, putRecords, readRecords } from '../../services/adapters/embedded/log-thread-lanes.ts';
import { packNew } from '../../services/adapters/embedded/log-thread-messages.ts';
import { bytesUsed, tidyStep } from '../../services/adapters/embedded/log-thread-retention.ts';
import { openSqliteEventLog } from '../../services/adapters/embedded/sqlite-event-log.ts';
import { shareOut } from '../../services/adapters/embedded/sqlite-event-log-shares.ts';
import { eventLogContract } from './event-log.contract.ts';
import { append, readFromBeginning, record, startChild, text } from './event-log-story.ts';
import { underTest } from './sqlite-log-under-test.ts';

eventLogContract('SQLite', underTest);

describe('the SQLite log', () => {
  const cleanups: (() => Promise<void> | void)[] = [];
  afterEach(async () => {
    for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
  });
  const newPath = async (): Promise<string> => {
    const path = await underTest.newPlace();
    cleanups.push(() => underTest.discard(path));
    return path;
  };
  const openFile = async (): Promise<LogFile> => {
    const file = openLogFile(await newPath(), 1);
    cleanups.push(file.close);
    return file;
  };
  const hour_us = 3_600e6;
  const put = (file: LogFile, at_us: number, ...records: ReturnType<typeof record>[]): void =>
    file.write(false, () => putRecords(file, packNew(records), at_us, new Map()));
  const tidied = (file: LogFile, now_us: number, bytesMax = Number.POSITIVE_INFINITY): string[] => {
    const { more, troubles } = file.write(false, () => tidyStep(file, now_us, bytesMax));
    return more ? [...troubles, ...tidied(file, now_us, bytesMax)] : troubles;
  };

  it('tells by name that its file was removed or replaced while it is open, and takes records as before', async () => {
    const path = await newPath();
    const troubles: string[] = [];
    const log = await openSqliteEventLog({
      path,
      housekeepingMs: 40,
      onTrouble: (sentence) => troubles.push(sentence),
    });
    cleanups.push(log.close);
    await append(log, [record('a', 'before')]);
    expect(troubles).toEqual([]);
    await rename(path, `${path}.away`);
    await vi.waitUntil(() => troubles.length > 0, { timeout: 10_000 });
    expect(troubles[0]).toContain(`the log ${path} was removed or replaced`);
    await append(log, [record('a', 'after')]);
    expect((await readFromBeginning(log, 'vigil.telemetry', 2)).map(text)).toEqual(['before', 'after']);
  });

  it('takes appends from two threads and two processes at once, and wakes the readers of all', async () => {
    const path = await newPath();
    const one = await openSqliteEventLog({ path });
    const two = await openSqliteEventLog({ path });
    cleanups.push(one.close, two.close);
    const others = ['process-1', 'process-2'].map((key) => startChild(underTest, path, 'appender', key));
    cleanups.push(...others.map(({ end }) => end));
    const reading = readFromBeginning(one, 'vigil.telemetry', 1_200);
    const readingToo = readFromBeginning(two, 'vigil.telemetry', 1_200);
    for (let i = 0; i < 300; i++) {
      await Promise.all([append(one, [record('thread-1', `${i}`)]), append(two, [record('thread-2', `${i}`)])]);
    }
    for (const read of await Promise.all([reading, readingToo])) {
      for (const key of ['thread-1', 'thread-2', 'process-1', 'process-2']) {
        expect(read.filter((r) => r.key === key).map(text)).toEqual(Array.from({ length: 300 }, (_, i) => `${i}`));
      }
    }
  });

  it('keeps the number of partitions a file was made with, and refuses another', async () => {
    const path = await newPath();
    await (await openSqliteEventLog({ path, partitions: 8 })).close();
    const again = await openSqliteEventLog({ path });
    cleanups.push(again.close);
    expect(await again.extent('vigil.telemetry')).toHaveLength(8);
    expect(await again.extent('vigil.rejected')).toHaveLength(1);
    await expect(openSqliteEventLog({ path, partitions: 4 })).rejects.toMatchObject({
      tag: 'LogFailed',
      sentence: expect.stringContaining('has 8 partitions, not 4'),
    });
  });

  it('refuses appends while too much waits for the disk, and takes them again afterwards', async () => {
    const path = await newPath();
    const log = await openSqliteEventLog({ path });
    cleanups.push(log.close);
    const large = { ...record('bed-1', ''), value: new Uint8Array(900_000) };
    const flood = await Promise.all(Array.from({ length: 90 }, () => log.append([large])()));
    expect(flood.filter(E.isRight).length).toBeGreaterThan(60);
    expect(flood.at(-1)).toMatchObject(E.left({ tag: 'LogUnavailable', retriable: true }));
    expect(E.isRight(await log.append([large])())).toBe(true);
  });

  it('says why a file cannot be opened', async () => {
    await expect(openSqliteEventLog({ path: '/nowhere/at/all.db' })).rejects.toMatchObject({
      tag: 'LogFailed',
      sentence: expect.stringContaining('unable to open'),
    });
  });

  it.each([
    [8, 'may only be read (why); give it to the user that runs Vigil'],
    [10, 'failed (why); look whether it is mounted, writable and within its quota'],
    [13, 'is full; make room there'],
  ])(
    'says of a disk that does not take it (SQLite %i) which file it is, what to do, and that it is worth trying again',
    (errcode, words) => {
      const error = logErrorOf('/data/log.db', Object.assign(new Error('why'), { errcode }));
      expect(error).toMatchObject({ retriable: true, sentence: expect.stringContaining(`/data/log.db ${words}`) });
    },
  );

  it('purges what is over its time, each topic by its own, and never uses an offset twice', async () => {
    const file = await openFile();
    const start = 1_000 * 24 * hour_us;
    put(file, start, record('bed-1', 'old'), record('bed-1', 'old', 'vigil.alarms'));
    put(file, start + 5 * 24 * hour_us, record('bed-1', 'young'));
    tidied(file, start + 8 * 24 * hour_us);
    expect(extentOf(file, 'vigil.telemetry')).toEqual([{ partition: 0, first: 1, next: 2 }]);
    expect(extentOf(file, 'vigil.alarms')).toEqual([{ partition: 0, first: 0, next: 1 }]);
    tidied(file, start + 30 * 24 * hour_us);
    put(file, start + 30 * 24 * hour_us, record('bed-1', 'next'));
    expect(extentOf(file, 'vigil.telemetry')).toEqual([{ partition: 0, first: 2, next: 3 }]);
  });

  it('keeps the newest checkpoint of each key, however old', async () => {
    const file = await openFile();
    const checkpoint = (key: string, said: string) => record(key, said, 'vigil.checkpoints');
    put(file, 0, checkpoint('analysis/bed-1', 'a'), checkpoint('analysis/bed-2', 'b'));
    put(file, 0, checkpoint('analysis/bed-1', 'c'));
    tidied(file, 10_000 * 24 * hour_us);
    const kept = readRecords(file, 'vigil.checkpoints', { partition: 0, from: 0 }, 10);
    expect([...kept!.offsets]).toEqual([1, 2]);
    expect(kept!.keys).toEqual(['analysis/bed-2', 'analysis/bed-1']);
  });

  it('lets the oldest telemetry give way when the file is full, and nothing else', async () => {
    const file = await openFile();
    const large = { ...record('bed-1', ''), value: new Uint8Array(20_000) };
    put(file, 0, record('bed-1', 'alarm', 'vigil.alarms'));
    for (let i = 0; i < 300; i++) put(file, i, ...Array.from({ length: 20 }, () => large));
    expect(bytesUsed(file)).toBeGreaterThan(100e6);
    expect(tidied(file, hour_us, 90e6)).toEqual([]);
    expect(bytesUsed(file)).toBeLessThan(90e6);
    expect(extentOf(file, 'vigil.telemetry')[0]).toMatchObject({ next: 6_000 });
    expect(extentOf(file, 'vigil.telemetry')[0]!.first).toBeLessThan(6_000);
    expect(extentOf(file, 'vigil.alarms')).toEqual([{ partition: 0, first: 0, next: 1 }]);
    expect(tidied(file, hour_us, 10_000)).toEqual([expect.stringContaining('has no telemetry left to purge')]);
  });

  it('lets what was refused give way with the telemetry of its time, so that neither pushes the other out', async () => {
    const file = await openFile();
    const refused = { ...record('sender', '', 'vigil.rejected'), value: new Uint8Array(20_000) };
    const frames = Array.from({ length: 5 }, () => record('bed-1', 'frame'));
    for (let i = 0; i < 3_000; i++) put(file, i, ...frames, refused);
    expect(bytesUsed(file)).toBeGreaterThan(55e6);
    expect(tidied(file, hour_us, 30e6)).toEqual([]);
    expect(bytesUsed(file)).toBeLessThan(30e6);
    const [{ first: frame }, { first: refusal }] = [
      extentOf(file, 'vigil.telemetry')[0]!,
      extentOf(file, 'vigil.rejected')[0]!,
    ];
    expect(frame).toBeGreaterThan(5_000);
    expect(frame).toBeLessThan(15_000);
    expect(refusal).toBe(frame / 5);
  });

  it('shares partitions evenly and moves no more of them than it must', () => {
    const members = fc.uniqueArray(fc.constantFrom<string>('a', 'b', 'c', 'd', 'e', 'f'), { minLength: 1 });
    const owners = fc.array(fc.option(fc.constantFrom<string>('a', 'b', 'c', 'gone'), { nil: undefined }), {
      maxLength: 20,
    });
    fc.assert(
      fc.property(members, owners, (living, before) => {
        const shares = shareOut(living, before);
        const counts = living.map((member) => shares.filter((share) => share === member).length);
        expect(shares.every((share) => share !== undefined && living.includes(share))).toBe(true);
        expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(1);
        expect(shareOut(living, shares)).toEqual(shares);
        // Whoever lost a partition could not have kept it: it now has its full share.
        const fullShare = Math.floor(before.length / living.length);
        for (const [i, owner] of before.entries()) {
          if (owner === undefined || !living.includes(owner) || shares[i] === owner) continue;
          expect(counts[living.indexOf(owner)]).toBeGreaterThanOrEqual(fullShare);
        }
      }),
    );
  });
});
