/** What lies in InfluxDB is what schemas/series.ts says, and how many series there are does not grow with time. */

import { create } from '@bufbuild/protobuf';
import * as E from 'fp-ts/lib/Either.js';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { MDC } from '../../schemas/codes.ts';
import { type Finding, FindingSchema, RhythmKind, RiskSchema } from '../../schemas/generated/vigil/v1/findings_pb.ts';
import { DEVICES_PER_BED_MAX, type Measurement, measurementNames, measurements } from '../../schemas/series.ts';
import { moment } from '../../schemas/units.ts';
import { createTiers } from '../../services/adapters/influx/create-tiers.ts';
import { openInfluxSeriesStore } from '../../services/adapters/influx/influx-series-store.ts';
import { SIGNALS_PER_BED_MAX } from '../../services/adapters/influx/influx-signals.ts';
import type { NumericPoint, SeriesStore } from '../../services/ports/series-store.ts';
import { type BedMemory, deviceOf, newBed } from '../../services/recorder/bed-memory.ts';
import { alarm, at, derived, findings, frames, openPlace, recordAll, rejectedOn, rhythm } from '../recorder/ward.ts';
import { right } from '../right.ts';
import { influxForTests, influxQl } from '../servers/influx.ts';

const influx = await influxForTests();
const skipped = 'skipped' in influx ? ` (skipped: ${influx.skipped})` : '';
const FOR_EVER = { raw: 0, minutes: 0, alarms: 0 } as const;
let wards = 0;
const closers: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

afterAll(async () => {
  if (!('skipped' in influx)) await influx.stop();
});

const openStore = async (): Promise<{ store: SeriesStore; ask: (query: string) => ReturnType<typeof influxQl> }> => {
  if ('skipped' in influx) throw new Error(influx.skipped);
  const database = `cardinality-${wards++}`;
  const place = { url: influx.url, dialect: { version: 1, database } } as const;
  await createTiers(place, FOR_EVER);
  const store = openInfluxSeriesStore(place);
  closers.push(() => influxQl(influx.url, '', `DROP DATABASE "${database}"`));
  closers.push(() => store.close());
  return { store, ask: (query) => influxQl(influx.url, database, query) };
};

const nothing = { numerics: [], findings: [], alarms: [], strips: [], engine: [] };
const finding = (s: number, kind: Finding['kind']): Finding =>
  create(FindingSchema, { atUs: at(s), saidUs: at(s), kind });

describe.skipIf(skipped !== '')(`the series in InfluxDB${skipped}`, () => {
  it('have the tags and fields of the schema, and no others', async () => {
    const { store, ask } = await openStore();
    const ward = await openPlace(store);
    closers.push(ward.close);
    const all: readonly Finding['kind'][] = [
      {
        case: 'beat',
        value: { $typeName: 'vigil.v1.Beat', class: 3, probability: 0.9, model: 'm', rrMs: 800, amplitudeMv: 1 },
      },
      {
        case: 'quality',
        value: {
          $typeName: 'vigil.v1.SignalQuality',
          code: MDC.ecgII,
          index: 0.9,
          flat: false,
          saturated: false,
          leadOff: false,
        },
      },
      {
        case: 'score',
        value: {
          $typeName: 'vigil.v1.Score',
          name: 'NEWS2',
          value: 4,
          missing: [],
          points: {},
          response: '',
          spo2Scale: 1,
        },
      },
      {
        case: 'condition',
        value: { $typeName: 'vigil.v1.ConditionChange', condition: 'vt', present: true, evidence: '5 V beats' },
      },
      { case: 'unmapped', value: { $typeName: 'vigil.v1.Unmapped', code: 77_777, unit: 'furlong' } },
      {
        case: 'verdict',
        value: {
          $typeName: 'vigil.v1.AlarmVerdict',
          ...{
            text: '***ASYSTOLE',
            code: 1,
            condition: 'asystole',
            verdict: 2,
            probability: 0.02,
            testimonies: [],
            own: false,
          },
        },
      },
      {
        case: 'risk',
        value: create(RiskSchema, {
          name: 'sepsis',
          horizonHours: 6,
          probability: 0.03,
          alarm: true,
          threshold: 0.027,
        }),
      },
      { case: 'reset', value: { $typeName: 'vigil.v1.MemoryReset', what: 'beats', why: 'patient changed' } },
    ];
    await ward.say(
      ...frames('icu-04', 0, 90),
      findings('icu-04', rhythm(1, RhythmKind.VT), derived(1, 70), ...all.map((kind, i) => finding(i, kind))),
      alarm('icu-04', 40),
    );
    await recordAll(ward);
    right(
      await store.write({ ...nothing, engine: [{ process: 'front', metric: 'm', label: 'l', at: at(0), value: 1 }] })(),
    );
    const hold = { id: 'h-1', bed: 'icu-04', from: at(0), to: at(1), reason: 'study', by: 'M. Weber', at: at(2) };
    right(await store.hold(hold)());
    right(await store.release('h-1', { at: at(3), by: 'A. Klein', reason: '' })());
    for (const name of measurementNames) {
      const { tier, tags, fields }: Measurement = measurements[name];
      const [tagKeys] = await ask(`SHOW TAG KEYS FROM "${tier}"."${name}"`);
      const [fieldKeys] = await ask(`SHOW FIELD KEYS FROM "${tier}"."${name}"`);
      expect(Object.keys(tags), name).toEqual(expect.arrayContaining((tagKeys?.values ?? []).map(([key]) => key)));
      expect(fieldKeys?.values.length, name).toBeGreaterThan(0);
      for (const [field, type] of fieldKeys!.values) expect(fields[String(field)]?.type, `${name}.${field}`).toBe(type);
    }
    const found = new Set((await ask('SHOW MEASUREMENTS')).flatMap(({ values }) => values.map(([name]) => name)));
    expect([...found].sort()).toEqual([...measurementNames].sort());
  });

  it('stay as many through 10,000 admissions, each with a patient and a transport monitor of its own', async () => {
    const { store, ask } = await openStore();
    const beds = new Map<string, BedMemory>();
    const count = async (): Promise<number> => (await ask('SHOW SERIES'))[0]?.values.length ?? 0;
    const counts: number[] = [];
    let numerics: NumericPoint[] = [];
    for (let admission = 0; admission < 10_000; admission++) {
      const bed = `icu-${admission % 4}`;
      const when = at(admission * 3_000);
      for (const source of [`monitor-of-${bed}`, `transport-${admission}`]) {
        const [memory, device] = deviceOf(beds.get(bed) ?? newBed, source, when);
        beds.set(bed, memory);
        numerics.push({ bed, device: device!, source, code: MDC.ecgHeartRate, unit: '/min', at: when, value: 70 });
      }
      if (numerics.length < 4_000) continue;
      right(await store.write({ ...nothing, numerics })());
      numerics = [];
      counts.push(await count());
    }
    expect(counts).toHaveLength(5);
    expect(counts).toEqual(counts.map(() => counts[0]));
    // Numbers, and the devices' names.
    expect(counts[0]).toBeLessThanOrEqual(2 * 4 * DEVICES_PER_BED_MAX);
    const [first] = right(
      await store.numerics({
        bed: 'icu-1',
        code: MDC.ecgHeartRate,
        from: moment(0),
        to: moment(9e15),
        device: 2,
      })(),
    );
    expect(first).toMatchObject({ source: 'transport-1', at: at(3_000) });
  }, 60_000);

  it('are bounded for a device that makes up codes: it fills its bed’s share, is told so, and the neighbour does not notice', async () => {
    const { store } = await openStore();
    const made = (bed: string, code: number): NumericPoint => ({
      ...{ bed, device: 1, source: 'mad', code, unit: '1', at: at(code % 100), value: code },
    });
    const codes = Array.from({ length: SIGNALS_PER_BED_MAX }, (_, i) => 500_000 + i);
    right(await store.write({ ...nothing, numerics: codes.map((code) => made('icu-01', code)) })());
    const oneMore = await store.write({ ...nothing, numerics: [made('icu-01', 1)] })();
    expect(oneMore).toMatchObject(E.left({ tag: 'StoreRefused', sentence: expect.stringContaining('one too many') }));
    right(await store.write({ ...nothing, numerics: [made('icu-01', codes[0]!), made('icu-02', 1)] })());
    const { store: again } = { store: store };
    expect(E.isLeft(await again.write({ ...nothing, numerics: [made('icu-01', 2)] })())).toBe(true);
  });

  it('know after a restart how many a bed has', async () => {
    if ('skipped' in influx) throw new Error(influx.skipped);
    const database = `cardinality-${wards++}`;
    const place = { url: influx.url, dialect: { version: 1, database } } as const;
    await createTiers(place, FOR_EVER);
    closers.push(() => influxQl(influx.url, '', `DROP DATABASE "${database}"`));
    const codes = Array.from({ length: SIGNALS_PER_BED_MAX }, (_, i) => 500_000 + i);
    const points = (list: readonly number[]) =>
      list.map((code) => ({ bed: 'icu-01', device: 1, source: 'mad', code, unit: '1', at: at(0), value: 1 }));
    const before = openInfluxSeriesStore(place);
    right(await before.write({ ...nothing, numerics: points(codes) })());
    await before.close();
    const after = openInfluxSeriesStore(place);
    closers.push(() => after.close());
    expect(E.isLeft(await after.write({ ...nothing, numerics: points([1]) })())).toBe(true);
    right(await after.write({ ...nothing, numerics: points(codes.slice(0, 5)) })());
  });

  it('refuses one record of a bed whose share is full, and keeps the others', async () => {
    const { store } = await openStore();
    const ward = await openPlace(store);
    closers.push(ward.close);
    const codes = Array.from({ length: SIGNALS_PER_BED_MAX }, (_, i) => 500_000 + i);
    const made = codes.map((code) => ({
      bed: 'icu-04',
      device: 2,
      source: 'mad',
      code,
      unit: '1',
      at: at(0),
      value: 1,
    }));
    right(await store.write({ ...nothing, numerics: made })());
    await ward.say(...frames('icu-04', 0, 2), ...frames('icu-05', 0, 9));
    await recordAll(ward);
    expect(await rejectedOn(ward.log)).toMatchObject([{ code: 'store-refused' }, { code: 'store-refused' }]);
    const range = { bed: 'icu-05', from: moment(0), to: moment(9e15), code: MDC.ecgHeartRate };
    expect(right(await store.numerics(range)())).toHaveLength(9);
  });
});
