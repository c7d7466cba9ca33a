import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { create } from '@bufbuild/protobuf';
import * as E from 'fp-ts/lib/Either.js';
import { describe, expect, it } from 'vitest';
import { AlarmEventSchema } from '../../schemas/generated/vigil/v1/alarms_pb.ts';
import { moment } from '../../schemas/units.ts';
import { openSqliteSeriesStore } from '../../services/adapters/embedded/sqlite-series-store.ts';
import { packSamples, unpackSamples } from '../../services/ports/packed-samples.ts';
import type { SeriesWrite, WaveBlock } from '../../services/ports/series-store.ts';
import { seriesStoreContract } from './series-store.contract.ts';

const inFolder = async <A>(work: (path: string) => Promise<A>): Promise<A> => {
  const folder = await mkdtemp(join(tmpdir(), 'vigil-series-'));
  try {
    return await work(join(folder, 'series.db'));
  } finally {
    await rm(folder, { recursive: true });
  }
};

seriesStoreContract('SQLite', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'vigil-series-'));
  const path = join(folder, 'series.db');
  return {
    store: await openSqliteSeriesStore({ path, busy_ms: 500 }),
    another: () => openSqliteSeriesStore({ path }),
    takeAway: async () => {
      const other = new DatabaseSync(path);
      other.exec('BEGIN IMMEDIATE');
      return async () => other.close();
    },
    discard: () => rm(folder, { recursive: true }),
  };
});

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
    const day_us = 86_400e6;
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
      const range = { bed: 'b', from: moment(0), to: moment(99 * day_us) };
      expect(await store.waves(range)()).toEqual(E.right([block(9 * day_us - 10e6), block(10 * day_us - 10e6)]));
      expect(await store.alarms(range)()).toMatchObject(E.right([{ atUs: 9 * day_us }, { atUs: 10 * day_us }]));
      expect(await store.numerics({ ...range, code: 1 })()).toMatchObject(E.right([{ value: 9 }, { value: 10 }]));
      await store.close();
    });
  });

  it('packs a slow wave into less than half of its bytes', () => {
    const samples = Int16Array.from({ length: 500 }, (_, i) => Math.round(400 * Math.sin(i / 40)));
    const packed = packSamples(samples);
    expect(packed.length).toBeLessThan(samples.byteLength / 2);
    expect(unpackSamples(packed, 500)).toEqual(samples);
    expect(() => unpackSamples(packed, 499)).toThrow();
  });
});
