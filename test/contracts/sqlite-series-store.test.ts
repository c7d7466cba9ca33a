import { mkdtemp, rename, rm, truncate } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { create } from '@bufbuild/protobuf';
import fc from 'fast-check';
import * as E from 'fp-ts/lib/Either.js';
import { describe, expect, it } from 'vitest';
import { AlarmEventSchema } from '../../schemas/generated/vigil/v1/alarms_pb.ts';
import { moment } from '../../schemas/units.ts';
import { openSqliteSeriesStore } from '../../services/adapters/embedded/sqlite-series-store.ts';
import { packSamples, unpackSamples } from '../../services/ports/packed-samples.ts';
import type { SeriesWrite, WaveBlock } from '../../services/ports/series-store.ts';
import { seriesCompletenessContract } from './series-completeness.contract.ts';
import { seriesHoldsContract } from './series-holds.contract.ts';
import { KEPT_DAYS, type OpenedStore, seriesStoreContract } from './series-store.contract.ts';

const inFolder = async <A>(work: (path: string) => Promise<A>): Promise<A> => {
  const folder = await mkdtemp(join(tmpdir(), 'vigil-series-'));
  try {
    return await work(join(folder, 'series.db'));
  } finally {
    await rm(folder, { recursive: true });
  }
};

const DAY_US = 86_400e6;
const KEPT_US = KEPT_DAYS * DAY_US;
const KEEP = { numericsUs: KEPT_US, minutesUs: KEPT_US, findingsUs: KEPT_US, alarmsUs: KEPT_US };

const open = async (): Promise<OpenedStore> => {
  const folder = await mkdtemp(join(tmpdir(), 'vigil-series-'));
  const path = join(folder, 'series.db');
  return {
    store: await openSqliteSeriesStore({ path, busyMsMax: 500, keep: KEEP }),
    keepDays: async () => undefined,
    another: () => openSqliteSeriesStore({ path }),
    takeAway: async () => {
      const other = new DatabaseSync(path);
      other.exec('BEGIN IMMEDIATE');
      return async () => other.close();
    },
    discard: () => rm(folder, { recursive: true }),
  };
};

for (const contract of [seriesStoreContract, seriesHoldsContract, seriesCompletenessContract]) contract('SQLite', open);

describe('the SQLite series store', () => {
  it('says why a file cannot be opened', async () => {
    await inFolder(async (path) => {
      const nowhere = openSqliteSeriesStore({ path: `${path}/no/such/folder.db` });
      await expect(nowhere).rejects.toMatchObject({ tag: 'StoreUnavailable', retriable: true });
    });
  });

  it('refuses a file that another layout made', async () => {
    await inFolder(async (path) => {
      const other = new DatabaseSync(path);
      other.exec('PRAGMA user_version = 99');
      other.close();
      await expect(openSqliteSeriesStore({ path })).rejects.toMatchObject({ tag: 'StoreRefused', retriable: false });
    });
  });

  it('keeps waves as long as alarms', async () => {
    const day_us = DAY_US;
    const keep = { numericsUs: day_us, minutesUs: 2 * day_us, findingsUs: day_us, alarmsUs: 3 * day_us };
    const block = (start: number): WaveBlock => ({
      ...{
        bed: 'b',
        device: 1,
        source: 's',
        code: 1,
        unit: 'mV',
        start: moment(start),
        rateNumerator: 1,
        rateDenominator: 1,
      },
      ...{ gain: 1, offset: 0, samples: Int16Array.of(1) },
    });
    const told = (alarm: string, day: number): SeriesWrite => ({
      numerics: [{ bed: 'b', device: 1, source: 's', code: 1, unit: '/min', at: moment(day * day_us), value: day }],
      findings: [],
      alarms: [
        {
          place: BigInt(day),
          event: create(AlarmEventSchema, { bed: 'b', atUs: day * day_us, transition: { alarm, condition: 'vt' } }),
        },
      ],
      strips: [block(day * day_us - 10e6)],
      engine: [],
    });
    await inFolder(async (path) => {
      const before = await openSqliteSeriesStore({ path });
      for (const what of [told('old', 1), told('kept', 9), told('new', 10)]) await before.write(what)();
      await before.close();
      const store = await openSqliteSeriesStore({ path, keep });
      const report = await store.purge()();
      expect(report).toMatchObject(
        E.right({
          holds: [],
          purged: [
            { what: 'numerics', until: moment(9 * day_us), gone: 1, held: 0 },
            { what: 'findings', gone: 0 },
            { what: 'alarms', until: moment(7 * day_us), gone: 1, held: 0 },
            { what: 'waves', until: moment(7 * day_us - 10e6), gone: 1, held: 0 },
          ].filter(({ what }) => what !== 'findings'),
        }),
      );
      const range = { bed: 'b', from: moment(0), to: moment(99 * day_us) };
      expect(await store.waves(range)()).toEqual(E.right([block(9 * day_us - 10e6), block(10 * day_us - 10e6)]));
      expect(await store.alarms(range)()).toMatchObject(E.right([{ atUs: 9 * day_us }, { atUs: 10 * day_us }]));
      expect(await store.numerics({ ...range, code: 1 })()).toMatchObject(E.right([{ value: 9 }, { value: 10 }]));
      await store.close();
    });
  });

  it('keeps a minute whose numbers are over their time when another number of that minute comes late', async () => {
    const keep = { numericsUs: DAY_US, minutesUs: 9 * DAY_US, findingsUs: DAY_US, alarmsUs: DAY_US };
    const pulse = (day: number, code: number): SeriesWrite => ({
      ...{ findings: [], alarms: [], strips: [], engine: [] },
      numerics: [{ bed: 'b', device: 1, source: 's', code, unit: '/min', at: moment(day * DAY_US), value: 70 + day }],
    });
    await inFolder(async (path) => {
      const store = await openSqliteSeriesStore({ path, keep });
      for (const day of [1, 8]) {
        await store.write(pulse(day, 1))();
        await store.rollUp({ from: moment(day * DAY_US), to: moment(day * DAY_US + 60e6), beds: new Set(['b']) })();
      }
      await store.purge()();
      // A laboratory's result comes when it comes, at the time of its specimen.
      await store.write(pulse(1, 2))();
      await store.rollUp({ from: moment(DAY_US), to: moment(DAY_US + 60e6), beds: new Set(['b']) })();
      const of = (code: number) => store.minutes({ bed: 'b', from: moment(0), to: moment(99 * DAY_US), code })();
      expect(await of(1)).toMatchObject(E.right([{ mean: 71 }, { mean: 78 }]));
      expect(await of(2)).toMatchObject(E.right([{ mean: 71 }]));
      await store.close();
    });
  });

  it('asks for every record again when its file is damaged, for it is to blame and not they', async () => {
    const minuteOf = (hour: number): SeriesWrite => ({
      ...{ findings: [], alarms: [], strips: [], engine: [] },
      numerics: Array.from({ length: 20_000 }, (_, i) => ({
        ...{ bed: `b${i % 50}`, device: 1, source: 's', code: 1, unit: '/min' },
        ...{ at: moment(hour * 3_600e6 + i * 1e3), value: 1 },
      })),
    });
    await inFolder(async (path) => {
      const store = await openSqliteSeriesStore({ path });
      // More than it holds in memory.
      for (let hour = 0; hour < 20; hour++) await store.write(minuteOf(hour))();
      await truncate(path, 4_096);
      const answer = await store.write(minuteOf(1.5))();
      expect(answer).toMatchObject(E.left({ tag: 'StoreUnavailable', retriable: true }));
      expect(E.isLeft(answer) && answer.left.sentence).toBe(
        `the series store ${path}: it is damaged; stop Vigil and put back a backup (database disk image is malformed)`,
      );
      await store.close();
    });
  });

  it('notices that its file was removed or replaced, says so once, and goes on in the one that lies there', async () => {
    const point = (at: number): SeriesWrite => ({
      ...{ findings: [], alarms: [], strips: [], engine: [] },
      numerics: [{ bed: 'b', device: 1, source: 's', code: 1, unit: '/min', at: moment(at), value: at }],
    });
    const kept = async (path: string): Promise<readonly number[]> => {
      const store = await openSqliteSeriesStore({ path });
      const found = await store.numerics({ bed: 'b', code: 1, from: moment(0), to: moment(99) })();
      await store.close();
      return E.isRight(found) ? found.right.map(({ value }) => value) : [];
    };
    await inFolder(async (path) => {
      const store = await openSqliteSeriesStore({ path });
      expect(await store.write(point(1))()).toEqual(E.right(undefined));
      for (const file of [path, `${path}-wal`, `${path}-shm`]) await rm(file);
      const told = await store.write(point(2))();
      expect(told).toMatchObject(E.left({ tag: 'StoreReplaced', retriable: true }));
      expect(E.isLeft(told) && told.left.sentence).toContain(`${path} was removed or replaced while Vigil ran`);
      expect(await store.write(point(2))()).toEqual(E.right(undefined));
      expect(await kept(path)).toEqual([2]);
      // The file alone is taken, and another put in its place, as by a restored backup.
      await rename(path, `${path}.old`);
      const other = await openSqliteSeriesStore({ path });
      await other.write(point(3))();
      await other.close();
      expect(await store.write(point(4))()).toMatchObject(E.left({ tag: 'StoreReplaced' }));
      expect(await store.write(point(4))()).toEqual(E.right(undefined));
      await store.close();
      expect(await kept(path)).toEqual([3, 4]);
    });
  });

  it('packs a slow wave into less than half of its bytes', () => {
    const samples = Int16Array.from({ length: 500 }, (_, i) => Math.round(400 * Math.sin(i / 40)));
    const packed = packSamples(samples);
    expect(packed.length).toBeLessThan(samples.byteLength / 2);
    expect(unpackSamples(packed, 500)).toEqual(samples);
    expect(() => unpackSamples(packed, 499)).toThrow();
  });

  it('gives any wave of any length back as it was', () => {
    fc.assert(
      fc.property(fc.int16Array({ minLength: 1, maxLength: 500 }), fc.integer({ min: 1, max: 100 }), (part, times) => {
        const samples = Int16Array.from({ length: part.length * times }, (_, i) => part[i % part.length]! + i);
        const again = unpackSamples(packSamples(samples), samples.length);
        expect(Buffer.compare(Buffer.from(again.buffer), Buffer.from(samples.buffer))).toBe(0);
      }),
    );
  });
});
