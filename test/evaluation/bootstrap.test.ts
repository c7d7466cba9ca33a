import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BOOTSTRAP_USUAL, bootstrap, quantile } from '../../stream-models/evaluation/bootstrap.ts';

const meanOf = (values: readonly number[], drawn: Uint32Array): number => {
  let sum = 0;
  let count = 0;
  for (const [i, value] of values.entries()) {
    sum += value * drawn[i]!;
    count += drawn[i]!;
  }
  return sum / count;
};

describe('the bootstrap by patient', () => {
  it('gives the interval of a mean that theory gives', () => {
    // 400 patients, half 0 and half 1: the mean is 0.5 ± 1.96 · 0.5 / √400.
    const values = Array.from({ length: 400 }, (_, i) => i % 2);
    const { mean } = bootstrap({ ...BOOTSTRAP_USUAL, patients: 400 }, (drawn) => ({ mean: meanOf(values, drawn) }));
    expect(mean.value).toBe(0.5);
    expect(mean.low).toBeCloseTo(0.451, 2);
    expect(mean.high).toBeCloseTo(0.549, 2);
  });

  it('draws as many patients as there are, and the same ones from the same seed', () => {
    const seen: number[][] = [];
    const twice = [1, 2].map(() =>
      bootstrap({ patients: 5, resamples: 20, seed: 9, level: 0.9 }, (drawn) => {
        seen.push([...drawn]);
        return { first: drawn[0]! };
      }),
    );
    expect(twice[0]).toEqual(twice[1]);
    for (const drawn of seen) expect(drawn.reduce((a, b) => a + b)).toBe(5);
  });

  it('leaves out resamples without a number', () => {
    const { share } = bootstrap({ patients: 2, resamples: 200, seed: 1, level: 0.95 }, (drawn) => ({
      share: drawn[0] === 0 ? Number.NaN : 1,
    }));
    expect(share).toEqual({ value: 1, low: 1, high: 1 });
  });

  it('finds quantiles between the least and the most, in order', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: -10, max: 10, noNaN: true }), { minLength: 1 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (values, share) => {
          const sorted = Float64Array.from(values).sort();
          const found = quantile(sorted, share);
          expect(found).toBeGreaterThanOrEqual(sorted[0]!);
          expect(found).toBeLessThanOrEqual(sorted.at(-1)!);
        },
      ),
    );
    expect(quantile([1, 2, 3, 4], 0.5)).toBe(2.5);
    expect(quantile([], 0.5)).toBeNaN();
  });
});
