/** The arithmetic of buckets, done here once more: what InfluxDB answers must be the same. */
import { expect } from 'vitest';
import { told } from '../expectations/expectation.ts';
import type { Curve } from '../page.ts';
import type { Measured } from './logged.ts';

/** The values of each bucket that has any, in the order of time. */
export const inBuckets = (
  points: readonly Measured[],
  bucketMs: number,
): readonly (readonly [startMs: number, values: readonly number[]])[] => {
  const buckets = Map.groupBy(points, ({ atUs }) => Math.floor(atUs / 1e3 / bucketMs) * bucketMs);
  return [...buckets]
    .map(([start, own]) => [start, own.toSorted((a, b) => a.atUs - b.atUs).map(({ value }) => value)] as const)
    .toSorted(([a], [b]) => a - b);
};

export const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

export const figures = {
  min: (values: readonly number[]): number => Math.min(...values),
  max: (values: readonly number[]): number => Math.max(...values),
  mean: (values: readonly number[]): number => sum(values) / values.length,
  last: (values: readonly number[]): number => values.at(-1)!,
} as const;

/** Median and nearest rank, as InfluxQL has them. */
export const median = (values: readonly number[]): number => {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
};
export const nearestRank = (values: readonly number[], percent: number): number =>
  values.toSorted((a, b) => a - b)[Math.floor((values.length * percent) / 100 + 0.5) - 1]!;

type Wanted = readonly (readonly [startMs: number, value: number])[];

/** Both have the same buckets with the same values: a gap of the one is a gap of the other. Sums of floats may differ in the last digits. */
export const expectCurve = (curve: Curve | undefined, wanted: Wanted, what: string): void => {
  const seen = curve === undefined ? [] : told(curve);
  expect(
    seen.map(([at]) => at),
    what,
  ).toEqual(wanted.map(([at]) => at));
  for (const [i, [at, value]] of wanted.entries()) expect(seen[i]![1], `${what} at ${at}`).toBeCloseTo(value, 6);
};
