import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MDC } from '../../schemas/codes.ts';
import { moment } from '../../schemas/units.ts';
import { makeMinutesAsWritten, minuteKey } from '../../services/adapters/influx/minutes-as-written.ts';
import type { NumericPoint } from '../../services/ports/series-store.ts';
import { staleAfter } from '../../stream-models/vocabulary/stale-after.ts';
import { shareOf } from '../contracts/share-of-minute.ts';

const BED = 'icu-04';
const START = 28_000_000 * 60e6;
const at = (s: number) => moment(START + Math.round(s * 1e6));
const number = (s: number, value = 80, more: Partial<NumericPoint> = {}): NumericPoint => ({
  ...{ bed: BED, device: 1, source: 'monitor-1', code: MDC.ecgHeartRate, unit: '/min', at: at(s), value, ...more },
});
const each = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => from + i);
const hour = { from: at(0), to: at(3_600) };
const minuteOf = (minutes: ReturnType<typeof makeMinutesAsWritten>, minute: number, of = number(0)) =>
  minutes.of(hour, new Set([of.bed])).get(minuteKey(of.bed, of.code, of.device, of.unit, at(60 * minute)));

describe('minutes as this process wrote them', () => {
  it('are known where a number came every second', () => {
    const minutes = makeMinutesAsWritten();
    minutes.kept(each(0, 90).map((s) => number(s, s)));
    minutes.kept(each(90, 120).map((s) => number(s, s)));
    expect(minuteOf(minutes, 0)).toEqual({ min: 0, max: 59, mean: 29.5, count: 60 });
    expect(minuteOf(minutes, 1)).toEqual({ min: 60, max: 119, mean: 89.5, count: 60 });
  });

  it('are not known where there is a gap, or where a number came twice or late', () => {
    const whole = each(0, 120).map((s) => number(s));
    for (const numbers of [
      whole.filter((_, s) => s < 20 || s > 30),
      whole.filter((_, s) => s < 50 || s > 58),
      [...whole, number(59)],
      [...whole, number(20.5)],
      [...whole.slice(0, 60), number(59, 81), ...whole.slice(60)],
    ]) {
      const minutes = makeMinutesAsWritten();
      minutes.kept(numbers);
      expect(minuteOf(minutes, 0)).toBeUndefined();
    }
  });

  it('of a percentage and of a unit that nobody knows are told apart', () => {
    const minutes = makeMinutesAsWritten();
    const percent = number(0, 97, { code: MDC.spo2, unit: '%' });
    minutes.kept(
      each(0, 60).flatMap((s) => [{ ...percent, at: at(s) }, number(s, 1, { code: MDC.spo2, unit: 'odd' })]),
    );
    expect(minuteOf(minutes, 0, percent)).toMatchObject({ count: 60, max: 97 });
    expect(minuteOf(minutes, 0, { ...percent, unit: 'other' })).toMatchObject({ count: 60, max: 1 });
  });

  it('are forgotten once they were rolled up', () => {
    const minutes = makeMinutesAsWritten();
    minutes.kept(each(0, 180).map((s) => number(s)));
    minutes.forget({ from: at(60), to: at(120) }, new Set([BED]));
    expect([0, 1, 2].map((minute) => minuteOf(minutes, minute)?.count)).toEqual([60, undefined, 60]);
  });

  it('are the minutes of the store wherever it has as many numbers, whoever else writes and whatever comes late', () => {
    const step = fc.record({
      tenths: fc.integer({ min: 0, max: 1_800 }),
      isOurs: fc.boolean(),
    });
    const code = fc.constantFrom(MDC.ecgHeartRate, MDC.respRate, MDC.nibpMean);
    const steady = fc
      .integer({ min: 2, max: 70 })
      .map((tenths) =>
        Array.from({ length: Math.floor(1_800 / tenths) }, (_, i) => ({ tenths: i * tenths, isOurs: true })),
      );
    let claimed = 0;
    fc.assert(
      fc.property(code, steady, fc.array(step, { maxLength: 6 }), fc.boolean(), (ofCode, own, others, lateAtOnce) => {
        const minutes = makeMinutesAsWritten();
        const store = new Map<number, number>();
        const steps = lateAtOnce ? [...own, ...others] : [...others, ...own];
        for (const { tenths, isOurs } of steps) {
          // Whoever writes a moment of a series writes what the log says of it.
          const [s, value] = [tenths / 10, 40 + ((tenths * 7) % 5)];
          store.set(s, value);
          if (isOurs) minutes.kept([number(s, value, { code: ofCode })]);
        }
        const seconds = [...store.keys()].sort((a, b) => a - b);
        const limit = Math.min(staleAfter(ofCode) / 1e6, 1e9);
        for (const minute of [0, 1, 2]) {
          const found = minuteOf(minutes, minute, number(0, 0, { code: ofCode }));
          const inside = seconds.filter((s) => s >= 60 * minute && s < 60 * minute + 60);
          if (found === undefined || found.count !== inside.length) continue;
          claimed++;
          const values = inside.map((s) => store.get(s)!);
          expect(found.min).toBe(Math.min(...values));
          expect(found.max).toBe(Math.max(...values));
          expect(found.mean).toBe(values.reduce((sum, value) => sum + value, 0) / values.length);
          if (limit < 60) expect(shareOf(seconds, minute, limit)).toBeCloseTo(1, 9);
        }
      }),
      { numRuns: 500 },
    );
    expect(claimed).toBeGreaterThan(100);
  });
});
