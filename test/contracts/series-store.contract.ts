import { create } from '@bufbuild/protobuf';
import fc from 'fast-check';
import * as E from 'fp-ts/lib/Either.js';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type AlarmEvent, AlarmEventSchema, SignalState } from '../../schemas/generated/vigil/v1/alarms_pb.ts';
import { BeatClass, type Finding, FindingSchema, RhythmKind } from '../../schemas/generated/vigil/v1/findings_pb.ts';
import { laboratoryValues } from '../../schemas/laboratory.ts';
import { type Moment, moment, seconds } from '../../schemas/units.ts';
import type {
  EngineReading,
  NumericPoint,
  SeriesStore,
  SeriesWrite,
  StoredAlarm,
  WaveBlock,
} from '../../services/ports/series-store.ts';
import { right } from '../right.ts';

/** One empty store, as one test needs it. */
export interface OpenedStore {
  readonly store: SeriesStore;
  /** Another client of the same store, as another process would open it. The contract closes it. */
  readonly another: () => Promise<SeriesStore>;
  /** Makes the store unavailable to writers until the returned function is called. */
  readonly takeAway: () => Promise<() => Promise<void>>;
  /** From now on the store is to keep everything for KEPT_DAYS; until then it keeps it for longer. */
  readonly keepDays: () => Promise<void>;
  /** Removes everything; `store` is closed by then. */
  readonly discard: () => Promise<void>;
}

export const KEPT_DAYS = 30;

export const BED = 'icu-04';
export const at = (s: number): Moment => moment(1_700_000_000e6 + s * 1e6);
export const everything = { bed: BED, from: at(-1e6), to: at(1e6) };

export const point = (s: number, value: number, more: Partial<NumericPoint> = {}): NumericPoint => ({
  ...{ bed: BED, device: 1, source: 'monitor-1', code: 147842, unit: '/min', at: at(s), value },
  ...more,
});
export const block = (s: number, samples: Int16Array, more: Partial<WaveBlock> = {}): WaveBlock => ({
  ...{ bed: BED, device: 1, source: 'monitor-1', code: 131330, unit: 'mV', start: at(s) },
  ...{ rateNumerator: 500, rateDenominator: 1, gain: 0.0025, offset: 12 },
  samples,
  ...more,
});
export const beat = (s: number, of: BeatClass = BeatClass.N): Finding =>
  create(FindingSchema, {
    ...{ atUs: at(s), saidUs: at(s + 0.3), preset: 'adult' },
    kind: { case: 'beat', value: { class: of, probability: 0.75 } },
  });
const rhythm = (s: number, of: RhythmKind): Finding =>
  create(FindingSchema, { atUs: at(s), saidUs: at(s), kind: { case: 'rhythm', value: { rhythm: of } } });
export const transition = (s: number, condition: string, from: SignalState, to: SignalState): AlarmEvent =>
  create(AlarmEventSchema, {
    ...{ bed: BED, atUs: at(s), saidUs: at(s) },
    transition: { alarm: `${BED}/${condition}/1`, condition, from, to, by: 'vigil', why: 'condition present' },
  });
const rollCall = (s: number): AlarmEvent => create(AlarmEventSchema, { bed: BED, atUs: at(s), saidUs: at(s) });
/** Events with their places on the log, from `first` on. */
export const placed = (events: readonly AlarmEvent[], first = 0): StoredAlarm[] =>
  events.map((event, i) => ({ event, place: BigInt(first + i) }));
const reading = (s: number, value: number, more: Partial<EngineReading> = {}): EngineReading => ({
  ...{ process: 'front', metric: 'vigil_frames_total', label: 'live', at: at(s), value },
  ...more,
});

export const nothing: SeriesWrite = { numerics: [], findings: [], alarms: [], strips: [], engine: [] };
/** The share of a minute that so many seconds are. */
export const share = (s: number): unknown => expect.closeTo(s / 60, 9);
const byMoment = (points: readonly NumericPoint[]): NumericPoint[] =>
  points.toSorted((a, b) => a.at - b.at || a.source.localeCompare(b.source));

/** What every series store promises. `skipped` says why it cannot be tried here. */
export const seriesStoreContract = (name: string, open: () => Promise<OpenedStore>, skipped?: string): void => {
  const told = skipped === undefined ? '' : ` (skipped: ${skipped})`;
  describe.skipIf(skipped !== undefined)(`${name} keeps the series store contract${told}`, () => {
    let opened: OpenedStore;
    let store: SeriesStore;
    beforeEach(async () => {
      opened = await open();
      store = opened.store;
    });
    afterEach(async () => {
      await store.close();
      await opened.discard();
    });
    const write = async (what: Partial<SeriesWrite>): Promise<void> =>
      right(await store.write({ ...nothing, ...what })());

    it('answers a range in which nothing was written with nothing', async () => {
      expect(right(await store.numerics({ ...everything, code: 147842 })())).toEqual([]);
      expect(right(await store.buckets({ ...everything, code: 147842, width: seconds(60) })())).toEqual([]);
      expect(right(await store.findings(everything)())).toEqual([]);
      expect(right(await store.alarms(everything)())).toEqual([]);
      expect(right(await store.minutes({ ...everything, code: 147842 })())).toEqual([]);
      expect(right(await store.waves(everything)())).toEqual([]);
      expect(right(await store.engine({ ...everything, metric: 'vigil_frames_total' })())).toEqual([]);
      expect(right(await store.rollUp({ from: at(-80), to: at(40) })())).toBe(0);
    });

    it('gives points back as they were, in the order of their moments', async () => {
      const points = [point(3, 81.25), point(1, 79), point(2, -0.1)];
      await write({ numerics: points });
      expect(right(await store.numerics({ ...everything, code: 147842 })())).toEqual(byMoment(points));
    });

    it('keeps laboratory values of one moment apart, each with the unit of its analyte', async () => {
      const results = laboratoryValues.map(({ code, ucum, most }) => ({ ...point(5, most / 7), code, unit: ucum }));
      await write({ numerics: [point(5, 71), ...results] });
      for (const { code, ...kept } of results)
        expect(right(await store.numerics({ ...everything, code })())).toEqual([{ ...kept, code }]);
      expect(right(await store.numerics({ ...everything, code: 147842 })())).toEqual([point(5, 71)]);
    });

    it('ends a range before its last moment', async () => {
      await write({
        numerics: [point(0, 1), point(1, 2), point(2, 3)],
        findings: [0, 1, 2].map((s) => ({ bed: BED, finding: beat(s) })),
        alarms: placed([0, 1, 2].map((s) => transition(s, 'af', SignalState.OFF, SignalState.ON))),
      });
      const range = { bed: BED, from: at(0), to: at(2) };
      expect(right(await store.numerics({ ...range, code: 147842 })()).map(({ value }) => value)).toEqual([1, 2]);
      expect(right(await store.findings(range)()).map(({ finding }) => finding.atUs)).toEqual([at(0), at(1)]);
      expect(right(await store.alarms(range)()).map(({ atUs }) => atUs)).toEqual([at(0), at(1)]);
      const [bucket] = right(await store.buckets({ ...range, code: 147842, width: seconds(10) })());
      expect(bucket?.count).toBe(2);
    });

    it('changes nothing when the same write comes again', async () => {
      const what = {
        numerics: [point(0, 80), point(1, 81)],
        findings: [beat(0), beat(1, BeatClass.ARTEFACT), rhythm(1, RhythmKind.AF)].map((finding) => ({
          bed: BED,
          finding,
        })),
        alarms: placed([transition(1, 'af', SignalState.OFF, SignalState.ON), rollCall(1)], 7),
        strips: [block(0, Int16Array.of(1, 2, 3))],
        engine: [reading(0, 5)],
      };
      await write(what);
      const read = async () => [
        right(await store.numerics({ ...everything, code: 147842 })()),
        right(await store.buckets({ ...everything, code: 147842, width: seconds(60) })()),
        right(await store.findings(everything)()),
        right(await store.alarms(everything)()),
        right(await store.waves(everything)()),
        right(await store.engine({ ...everything, metric: 'vigil_frames_total' })()),
      ];
      const once = await read();
      await write(what);
      await write({ ...what, numerics: [what.numerics[1]!] });
      expect(await read()).toEqual(once);
      expect(once.map((answer) => answer.length)).toEqual([2, 1, 3, 2, 1, 1]);
    });

    it('corrects a point that is written again with another value', async () => {
      await write({ numerics: [point(0, 80)] });
      await write({ numerics: [point(0, 88)] });
      expect(right(await store.numerics({ ...everything, code: 147842 })())).toEqual([point(0, 88)]);
    });

    it('never lets two devices, two signals, two units or two beds overwrite each other', async () => {
      const points = [
        point(0, 80),
        point(0, 81, { device: 2, source: 'monitor-2' }),
        point(0, 82, { code: 149530 }),
        point(0, 83, { unit: 'Hz' }),
        point(0, 84, { bed: 'icu-05' }),
      ];
      await write({ numerics: points });
      const values = async (code: number, bed = BED, device?: number): Promise<number[]> =>
        right(await store.numerics({ ...everything, bed, code, ...(device === undefined ? {} : { device }) })())
          .map(({ value }) => value)
          .sort();
      expect(await values(147842)).toEqual([80, 81, 83]);
      expect(await values(147842, BED, 2)).toEqual([81]);
      expect(await values(149530)).toEqual([82]);
      expect(await values(147842, 'icu-05')).toEqual([84]);
    });

    it('gives a unit back as it was written, whatever signs are in it', async () => {
      const points = ['%', 'mm[Hg]', 'µ%25\\ x,=', '/min'].map((unit, i) => point(i, 80, { code: 150456 + i, unit }));
      await write({ numerics: points });
      for (const { code, unit } of points)
        expect(right(await store.numerics({ ...everything, code })()).map((each) => each.unit)).toEqual([unit]);
    });

    it('never lets two leads, two devices or two beds overwrite each other’s waves', async () => {
      const blocks = [
        block(0, Int16Array.of(1)),
        block(0, Int16Array.of(2), { code: 131329 }),
        block(0, Int16Array.of(3), { device: 2, source: 'monitor-2' }),
        block(0, Int16Array.of(4), { bed: 'icu-05' }),
      ];
      await write({ strips: blocks });
      const samples = right(await store.waves(everything)()).flatMap((each) => [...each.samples]);
      expect(samples).toEqual([2, 1, 3]);
      expect(right(await store.waves({ ...everything, bed: 'icu-05' })())).toEqual([blocks[3]]);
    });

    it('gives the waves of a range: every block that has a sample of it', async () => {
      const seconds_ = [0, 1, 2, 3, 4].map((s) => block(s, new Int16Array(500)));
      await write({ strips: seconds_ });
      const starts = async (from: number, to: number): Promise<number[]> =>
        right(await store.waves({ bed: BED, from: at(from), to: at(to) })()).map(({ start }) => (start - at(0)) / 1e6);
      expect(await starts(1.5, 3)).toEqual([1, 2]);
      expect(await starts(1, 3.001)).toEqual([1, 2, 3]);
      expect(await starts(5, 9)).toEqual([]);
    });

    it('says least, most, mean and count of each bucket, and leaves a gap a gap', async () => {
      await write({ numerics: [point(0, 10), point(4, 30), point(9.999999, 5), point(10, 7), point(45, 1)] });
      const found = right(
        await store.buckets({ bed: BED, from: at(0), to: at(60), code: 147842, width: seconds(10) })(),
      );
      expect(found).toEqual([
        { start: at(0), min: 5, max: 30, mean: 15, count: 3 },
        { start: at(10), min: 7, max: 7, mean: 7, count: 1 },
        { start: at(40), min: 1, max: 1, mean: 1, count: 1 },
      ]);
    });

    it('begins the buckets where the range begins', async () => {
      await write({ numerics: [point(3, 1), point(7, 2), point(8, 3)] });
      const found = right(
        await store.buckets({ bed: BED, from: at(3), to: at(60), code: 147842, width: seconds(5) })(),
      );
      expect(found.map(({ start, count }) => [start, count])).toEqual([
        [at(3), 2],
        [at(8), 1],
      ]);
    });

    it('buckets hold what the points say, whatever the points', async () => {
      const values = fc.array(fc.tuple(fc.nat(300), fc.integer({ min: -500, max: 500 })), {
        minLength: 1,
        maxLength: 40,
      });
      let ward = 0;
      await fc.assert(
        fc.asyncProperty(values, fc.constantFrom(1, 7, 60), async (pairs, width) => {
          const bed = `bed-${ward++}`;
          const last = new Map(pairs);
          await write({ numerics: [...last].map(([s, value]) => point(s, value, { bed })) });
          const range = { bed, from: at(0), to: at(301), code: 147842 };
          const buckets = right(await store.buckets({ ...range, width: seconds(width) })());
          for (const bucket of buckets) {
            const inside = [...last].filter(([s]) => at(s) >= bucket.start && at(s) < bucket.start + width * 1e6);
            const own = inside.map(([, value]) => value);
            expect([bucket.min, bucket.max, bucket.count]).toEqual([Math.min(...own), Math.max(...own), own.length]);
            expect(bucket.mean).toBeCloseTo(own.reduce((sum, value) => sum + value, 0) / own.length, 6);
          }
          expect(buckets.reduce((sum, { count }) => sum + count, 0)).toBe(last.size);
        }),
        { numRuns: 15 },
      );
    });

    it('rolls whole minutes up: least, most, mean, count and completeness, and no minute where nothing was measured', async () => {
      const second = at(-20); // a whole minute
      const s = (n: number): Moment => moment(second + n * 1e6);
      const numerics = [
        ...[0, 20, 59.999999].map((n, i) => point(0, 60 + i * 3, { at: s(n) })),
        ...[180, 181].map((n) => point(0, 90, { at: s(n) })),
        point(0, 30, { at: s(1), device: 2, source: 'monitor-2' }),
        point(0, 5, { at: s(2), bed: 'icu-05' }),
      ];
      await write({ numerics });
      const minutes = async (bed: string) =>
        right(await store.minutes({ bed, from: s(0), to: s(600), code: 147842 })());
      expect(right(await store.rollUp({ from: s(0), to: s(240), beds: new Set([BED]) })())).toBe(3);
      const expected = [
        // There for five seconds after each number: 0 to 5, 20 to 25, and the last microsecond.
        { start: s(0), min: 30, max: 66, mean: (60 + 63 + 66 + 30) / 4, count: 4, complete: share(10.000001) },
        { start: s(180), min: 90, max: 90, mean: 90, count: 2, complete: share(6) },
      ];
      expect(await minutes(BED)).toEqual(expected);
      expect(await minutes('icu-05')).toEqual([]);
      expect(right(await store.rollUp({ from: s(0), to: s(240) })())).toBe(4);
      expect(await minutes(BED)).toEqual(expected);
      expect(await minutes('icu-05')).toEqual([{ start: s(0), min: 5, max: 5, mean: 5, count: 1, complete: share(5) }]);
    });

    it('rolls a minute up anew when numbers come late', async () => {
      const s = (n: number): Moment => moment(at(-20) + n * 1e6);
      await write({ numerics: [point(0, 60, { at: s(1) })] });
      right(await store.rollUp({ from: s(0), to: s(60) })());
      await write({ numerics: [point(0, 70, { at: s(2) })] });
      right(await store.rollUp({ from: s(0), to: s(60) })());
      const range = { bed: BED, from: s(0), to: s(60), code: 147842 };
      expect(right(await store.minutes(range)())).toEqual([
        { start: s(0), min: 60, max: 70, mean: 65, count: 2, complete: share(6) },
      ]);
    });

    it('gives figures of the engine back by metric, in the order of time', async () => {
      const engine = [reading(2, 7), reading(1, 5), reading(1, 6, { label: 'late' }), reading(1, 9, { process: 'a' })];
      await write({ engine: [...engine, reading(1, 1, { metric: 'other' })] });
      const found = right(await store.engine({ ...everything, metric: 'vigil_frames_total' })());
      expect(found).toEqual(
        [engine[3], engine[2], engine[1], engine[0]].toSorted(
          (a, b) => a!.at - b!.at || a!.process.localeCompare(b!.process) || a!.label.localeCompare(b!.label),
        ),
      );
    });

    it('gives findings back as they were, of one kind if asked for it', async () => {
      const findings = [beat(0), rhythm(0, RhythmKind.VT), beat(1, BeatClass.V), beat(1, BeatClass.N)];
      await write({ findings: findings.map((finding) => ({ bed: BED, finding })) });
      const all = right(await store.findings(everything)());
      expect(all).toHaveLength(4);
      expect(all.map(({ finding }) => finding)).toEqual(expect.arrayContaining(findings));
      const rhythms = right(await store.findings({ ...everything, kind: 'rhythm' })());
      expect(rhythms).toEqual([{ bed: BED, finding: findings[1] }]);
    });

    it('gives alarm events of one moment back in the order in which they were said', async () => {
      const said = [
        transition(5, 'vt', SignalState.OFF, SignalState.ON),
        transition(5, 'hr-high', SignalState.ON, SignalState.HIDDEN),
        rollCall(5),
        transition(5, 'couplet', SignalState.ON, SignalState.HIDDEN),
        transition(5, 'hr-high', SignalState.HIDDEN, SignalState.OFF),
      ];
      await write({ alarms: placed(said.slice(0, 2), 1_000) });
      await write({ alarms: placed(said, 1_000) });
      await write({ alarms: placed([transition(4, 'af', SignalState.OFF, SignalState.ON)], 2_000) });
      const conditions = right(await store.alarms(everything)()).map((event) => event.transition?.condition);
      expect(conditions).toEqual(['af', 'vt', 'hr-high', undefined, 'couplet', 'hr-high']);
    });

    it('keeps a verdict on an alarm beside a roll call of the same moment, with what each signal said', async () => {
      const verdicts = ['vt', 'vf'].map((condition) =>
        create(AlarmEventSchema, {
          ...{ bed: BED, atUs: at(60), saidUs: at(60), judged: `${BED}/${condition}/1` },
          signals: ['vt', 'vf'].map((name) => ({
            ...{ alarm: `${BED}/${name}/1`, condition: name, judgedUs: at(59.5) },
            verdict: { condition: name, own: true, testimonies: [{ code: 150_032, because: 'strong, even pulses' }] },
          })),
        }),
      );
      const said = [rollCall(60), ...verdicts];
      await write({ alarms: placed(said, 5) });
      await write({ alarms: placed(said, 5) });
      expect(right(await store.alarms(everything)())).toEqual(said);
    });

    it('gives waves back at their full rate, bit for bit, in the order of time', async () => {
      let strips = 0;
      const anySamples = fc.int16Array({ minLength: 1, maxLength: 300 });
      await fc.assert(
        fc.asyncProperty(anySamples, async (samples) => {
          const bed = `bed-${strips++}`;
          const inverted = samples.map((sample) => ~sample);
          const blocks = [
            block(31, inverted, { bed }),
            block(30, samples, { bed, rateNumerator: 125, rateDenominator: 2 }),
          ];
          await write({ strips: blocks });
          expect(right(await store.waves({ ...everything, bed })())).toEqual(blocks.toReversed());
        }),
        { numRuns: 15, examples: [[Int16Array.of(-32768, 32767, -32768, 0)]] },
      );
    });

    it('loses nothing of writers that write at the same time', async () => {
      const other = await opened.another();
      const writers = [store, other, store, other];
      const writes = writers.flatMap((writer, w) =>
        Array.from({ length: 5 }, (_, i) =>
          writer.write({
            ...nothing,
            numerics: [
              point(i, w, { device: w + 1, source: `monitor-${w}` }),
              point(i, 0, { device: 9, source: 'all' }),
            ],
          })(),
        ),
      );
      for (const written of await Promise.all(writes)) right(written);
      await other.close();
      expect(right(await store.numerics({ ...everything, code: 147842 })())).toHaveLength(4 * 5 + 5);
    });

    it('says that a write failed and may be tried again while it is unavailable, and keeps it afterwards', async () => {
      const giveBack = await opened.takeAway();
      const failed = await store.write({ ...nothing, numerics: [point(0, 80)] })();
      await giveBack();
      expect(failed).toMatchObject(E.left({ tag: 'StoreUnavailable', retriable: true }));
      await write({ numerics: [point(0, 80)] });
      expect(right(await store.numerics({ ...everything, code: 147842 })())).toEqual([point(0, 80)]);
    });

    it('refuses for good what is no number, and says so', async () => {
      const failed = await store.write({ ...nothing, numerics: [point(0, Number.NaN)] })();
      expect(failed).toMatchObject(E.left({ tag: 'StoreRefused', retriable: false }));
      expect(right(await store.numerics({ ...everything, code: 147842 })())).toEqual([]);
    });

    it('says that it is closed', async () => {
      await store.close();
      const failed = await store.write(nothing)();
      expect(failed).toMatchObject(E.left({ tag: 'Closed', retriable: false }));
    });

    it('remembers everything after it was closed', async () => {
      await write({ numerics: [point(0, 80)], strips: [block(0, Int16Array.of(5, -5))] });
      await store.close();
      const again = await opened.another();
      expect(right(await again.numerics({ ...everything, code: 147842 })())).toEqual([point(0, 80)]);
      expect(right(await again.waves(everything)())[0]?.samples).toEqual(Int16Array.of(5, -5));
      await again.close();
    });
  });
};
