/** How far the ECG went in every ten seconds: the same however the waves came, and however often. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MDC, PRIVATE } from '../../schemas/codes.ts';
import { NO_SAMPLE } from '../../schemas/no-sample.ts';
import type { NumericPoint, WaveBlock } from '../../services/ports/series-store.ts';
import { BAND_WIDTH, bandHears, bandOfLate, type EcgBand, noBand } from '../../services/recorder/ecg-band.ts';
import { right } from '../right.ts';
import { at, frames, openPlace, RATE, samplesAt, startRecorder } from './ward.ts';

/** Samples a second; every one of them known by its number. */
const SLOW = 2;
const GAIN = 0.01;
const sampleOf = (number: number): number => (number % 7 === 3 ? NO_SAMPLE : ((number * 7_919) % 401) - 200);
const block = (from: number, to: number, code: number = MDC.ecgII): WaveBlock => ({
  ...{ bed: 'icu-1', device: 1, source: 'm', code, unit: 'mV', start: at(from / SLOW), gain: GAIN, offset: 0 },
  ...{ rateNumerator: SLOW, rateDenominator: 1 },
  samples: Int16Array.from({ length: to - from }, (_, i) => sampleOf(from + i)),
});

/** What a store has in the end, as each write of one moment and code takes the place of the one before. */
const keptOf = (points: readonly NumericPoint[]): ReadonlyMap<string, number> =>
  new Map(
    points.map(({ code, at: moment, value }) => [`${code === PRIVATE.ecgLeast ? 'least' : 'most'} ${moment}`, value]),
  );

const truth = (samples: number): ReadonlyMap<string, number> => {
  const perTen = (SLOW * BAND_WIDTH) / 1e6;
  const kept = new Map<string, number>();
  for (let first = 0; first + perTen < samples; first += perTen) {
    const values = Array.from({ length: perTen }, (_, i) => sampleOf(first + i)).filter((value) => value !== NO_SAMPLE);
    kept.set(`least ${at(first / SLOW)}`, Math.min(...values) * GAIN);
    kept.set(`most ${at(first / SLOW)}`, Math.max(...values) * GAIN);
  }
  return kept;
};

describe('the band of an ECG', () => {
  it('is that of its samples, however they are cut into frames, and where frames come again after a store was away', () => {
    const cuts = fc.array(fc.record({ length: fc.integer({ min: 1, max: 45 }), back: fc.nat(60) }), {
      minLength: 20,
      maxLength: 40,
    });
    fc.assert(
      fc.property(cuts, (steps) => {
        let [band, next]: [EcgBand, number] = [noBand, 0];
        const points: NumericPoint[] = [];
        for (const { length, back } of steps) {
          // What was not kept comes again from a frame before.
          const from = back > 50 ? Math.max(0, next - (back - 50) * 6) : next;
          const [after, told] = bandHears(band, [block(from, from + length)]);
          band = after;
          next = from + length;
          points.push(...told);
        }
        // It goes on until all is left behind.
        for (const end = Math.max(next, 300) + 200; next < end; next += 5) {
          const [after, told] = bandHears(band, [block(next, next + 5)]);
          band = after;
          points.push(...told);
        }
        const kept = keptOf(points);
        const told = truth(next);
        // The last ten seconds may still be open.
        for (const [key, value] of kept) expect(value, key).toBeCloseTo(told.get(key)!, 9);
        expect(kept.size).toBeGreaterThanOrEqual(told.size - 2);
      }),
      { numRuns: 40 },
    );
  });

  it('is of lead II, else of the lowest code, and of nothing where there is no ECG', () => {
    const of = (...codes: number[]) =>
      bandHears(
        noBand,
        codes.map((code) => block(0, 25, code)),
      )[1].length;
    expect([of(MDC.ecgV1), of(MDC.pleth), of()]).toEqual([2, 0, 0]);
    const high = { ...block(0, 25, MDC.ecgI), gain: 1 };
    const [, points] = bandHears(noBand, [high, block(0, 25)]);
    expect(Math.max(...points.map(({ value }) => value))).toBeLessThanOrEqual(2);
  });

  it('of what came late stands beside what was told, and takes nothing from it', () => {
    const told = bandHears(noBand, [block(0, 25)])[1];
    const late = bandOfLate([block(0, 4)]);
    expect(keptOf([...told, ...late]).size).toBe(told.length + late.length);
  });

  it('is whole also where the recorder was stopped in the middle of ten seconds', async () => {
    const place = await openPlace();
    const range = { bed: 'icu-1', from: at(0), to: at(100) };
    const play = async (from: number, to: number): Promise<void> => {
      const recorder = await startRecorder(place.log, place.store);
      await place.say(...frames('icu-1', from, to));
      await recorder.caughtUp();
      await recorder.stop();
    };
    await play(0, 34);
    await play(34, 52);
    const most = right(await place.store.numerics({ ...range, code: PRIVATE.ecgMost })());
    const wanted = [0, 10, 20, 30, 40].map((s) => {
      const seconds = Array.from({ length: 10 }, (_, i) => Math.max(...samplesAt(s + i, MDC.ecgII)));
      return [s, Math.max(...seconds) * 0.005];
    });
    expect(most.map(({ at: moment, value }) => [(moment - at(0)) / 1e6, value])).toEqual(wanted);
    expect(samplesAt(0, MDC.ecgII).length).toBe(RATE);
    await place.close();
  });
});
