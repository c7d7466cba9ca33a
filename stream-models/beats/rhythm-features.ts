import { sortFew } from '../sort-few.ts';

/** Distances remembered: the newest are the bed's own pace, all of them its range. */
export const DISTANCES_MAX = 48;
/** Distances whose median is the pace. */
const PACE_DISTANCES = 16;
export const RHYTHM_FEATURES = 21;

/** Share of a distance in the slow pace: a memory of some sixty beats, longer than most runs of early beats. */
const SLOW_PULL = 1 / 60;
/** What an early beat counts in it: a long run of them must not become the pace at once. */
const SLOW_EARLY_CREDIT = 0.25;

/** A distance longer than this is no distance between neighbours. */
export const DISTANCE_MAX_S = 3;

const bounded = (value: number, most: number): number => Math.max(-most, Math.min(most, value));
const ratio = (a: number, b: number): number => bounded(2 * Math.log(a / b), 2);

/** Room for what is ranked; what `sortedFew` answers holds until it is asked again. */
const ranked = new Float64Array(DISTANCES_MAX);

/** At most DISTANCES_MAX numbers in ascending order. */
const sortedFew = (values: readonly number[]): Float64Array => {
  for (let i = 0; i < values.length; i++) ranked[i] = values[i]!;
  sortFew(ranked, values.length);
  return ranked;
};

/** Median of at most DISTANCES_MAX numbers; undefined of none. */
const median = (values: readonly number[]): number | undefined => {
  if (values.length === 0) return undefined;
  const sorted = sortedFew(values);
  const middle = values.length >> 1;
  return values.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
};

/**
 * Timing of a beat among those before it, written into `into` from `at` on: how early it comes against the bed's pace,
 * against the last distance and against the slowest and fastest of late, the pace itself, and how uneven it is.
 * `distances` ends with the distance to the beat before; `slowPace` is of the beats before it.
 */
export const rhythmFeatures = (
  distances: readonly number[],
  slowPace: number | undefined,
  into: Float32Array,
  at: number,
): void => {
  const now = distances.at(-1);
  if (now === undefined) return;
  const range = distances.slice(0, -1);
  const before = range.slice(-PACE_DISTANCES);
  const pace = paceOf(range) ?? now;
  const last = before.at(-1) ?? now;
  const secondLast = before.at(-2) ?? last;
  into[at] = 1;
  into[at + 1] = ratio(now, pace);
  into[at + 2] = ratio(now, last);
  into[at + 3] = ratio(last, pace);
  into[at + 4] = ratio(secondLast, pace);
  into[at + 5] = bounded(now - 0.8, 1.5);
  into[at + 6] = bounded(2 * (pace - 0.8), 1.5);
  into[at + 7] = bounded(4 * unevenness(before.slice(-8)), 2);
  into[at + 8] = ratio(now, meanOf(before.slice(-4)) ?? now);
  into[at + 10] = ratio(now, slowPace ?? now);
  into[at + 11] = ratio(pace, slowPace ?? pace);
  // In an uneven rhythm an early beat says little.
  into[at + 12] = bounded((0.3 * Math.log(now / pace)) / (unevenness(before.slice(-8)) + 0.03), 2);
  // Even a beat that is early for the pace may be the usual distance of every other beat.
  into[at + 9] = bounded(4 * nearest(now, before), 1);
  rangeFeatures(now, last, pace, range, into, at + 13);
};

/**
 * How a beat lies in the range of all remembered distances: a run of early beats becomes the pace long before it becomes the
 * upper quartile, and in fibrillation the range is wide.
 */
const rangeFeatures = (
  now: number,
  last: number,
  pace: number,
  range: readonly number[],
  into: Float32Array,
  at: number,
): void => {
  const sorted = sortedFew(range);
  const high = range.length === 0 ? now : sorted[Math.floor(0.75 * range.length)]!;
  const low = range.length === 0 ? now : sorted[Math.floor(0.25 * range.length)]!;
  const recent = range.slice(-32);
  const early = recent.filter((distance) => distance < EARLY_SHARE * high).length;
  let run = 0;
  while (run < range.length && range[range.length - 1 - run]! < EARLY_SHARE * high) run++;
  into[at] = ratio(now, high);
  into[at + 1] = ratio(now, low);
  into[at + 2] = bounded(2 * Math.log(high / low), 2);
  into[at + 3] = bounded(4 * unevenness(recent), 2);
  into[at + 4] = ratio(now + last, 2 * pace);
  into[at + 5] = early / Math.max(1, recent.length);
  into[at + 6] = ratio(last, high);
  into[at + 7] = Math.log1p(run) / 2;
};

/** A beat that comes after less than this share of the usual distance is early. */
export const EARLY_SHARE = 0.88;

/** The pace after some distances, seconds: the median of the newest; undefined of none. */
export const paceOf = (distances: readonly number[]): number | undefined => median(distances.slice(-PACE_DISTANCES));

/** The slow pace after one more distance, seconds: a plain mean at first. Early beats hardly move it. */
export const slowPaceAfter = (
  slow: number | undefined,
  distance: number,
  beats: number,
  earlyShare: number,
): number => {
  if (slow === undefined) return distance;
  const pull = Math.max(SLOW_PULL, 1 / (beats + 1)) * (distance < earlyShare * slow ? SLOW_EARLY_CREDIT : 1);
  return slow + pull * (distance - slow);
};

/** Mean distance from one to the next, as a share. */
const unevenness = (values: readonly number[]): number => {
  let sum = 0;
  for (let i = 1; i < values.length; i++) sum += Math.abs(Math.log(values[i]! / values[i - 1]!));
  return values.length > 1 ? sum / (values.length - 1) : 0;
};

const meanOf = (values: readonly number[]): number | undefined =>
  values.length === 0 ? undefined : values.reduce((a, b) => a + b, 0) / values.length;

/** How far the nearest of some distances is, as a share. */
const nearest = (now: number, values: readonly number[]): number =>
  values.reduce((least, value) => Math.min(least, Math.abs(Math.log(now / value))), 1);
