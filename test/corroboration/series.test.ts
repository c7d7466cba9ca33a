import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  countWithin,
  fastestOver,
  irregularityOf,
  longestGap,
  slowestOver,
} from '../../stream-models/corroboration/series.ts';

const every = (interval: number, from: number, to: number): readonly number[] =>
  Array.from({ length: Math.floor((to - from) / interval) + 1 }, (_, i) => from + i * interval);

describe('a series of beats before an alarm', () => {
  it('has the rate of a steady heart over any number of beats', () => {
    const beats = every(0.75, -18, 0);
    expect(fastestOver(beats, 17, -14, 0)).toBeCloseTo(80, 9);
    expect(slowestOver(beats, 5, -14, 0)).toBeCloseTo(80, 9);
    expect(irregularityOf(beats, -10, 0)).toBeCloseTo(0, 9);
    expect(countWithin(beats, -10, 0)).toBe(14);
  });

  it('has no rate over more beats than there are', () => {
    expect(fastestOver(every(1, -5, 0), 17, -14, 0)).toBeUndefined();
    expect(slowestOver([], 5, -14, 0)).toBeUndefined();
  });

  it('shows a standstill within it, at its end, and when there is no beat at all', () => {
    const beats = every(0.8, -14, 0);
    expect(
      longestGap(
        beats.filter((at) => at < -9 || at > -4.5),
        -14,
        0,
        0.3,
      ),
    ).toBeGreaterThan(4);
    expect(longestGap([-13, -12, -11, -10], -14, 0, 0.3)).toBeCloseTo(9.7, 9);
    expect(longestGap([], -14, 0, 0.3)).toBeCloseTo(13.7, 9);
  });

  it('never has a longer gap for one beat more', () => {
    const times = fc.array(fc.double({ min: -20, max: -0.3, noNaN: true }), { maxLength: 30 });
    fc.assert(
      fc.property(times, fc.double({ min: -20, max: -0.3, noNaN: true }), (some, one) => {
        const sorted = [...some].sort((a, b) => a - b);
        const more = [...some, one].sort((a, b) => a - b);
        expect(longestGap(more, -14, 0, 0.3)).toBeLessThanOrEqual(longestGap(sorted, -14, 0, 0.3) + 1e-9);
      }),
    );
  });
});
