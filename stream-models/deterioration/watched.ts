import { PARAMETERS, plausible, standardised, VITALS } from './parameters.ts';
import type { StayHour } from './stay.ts';

const COUNT = PARAMETERS.length;

/**
 * Where each kind of number begins in `Watched.numbers`; in each, one place per parameter. "Standard" numbers are those of
 * `standardised`.
 */
export const KEPT = {
  /** The newest value in its own unit, and the hour of its row. */
  last: 0,
  at: COUNT,
  /** The newest standard value, and how far it is from the one before. */
  standard: 2 * COUNT,
  change: 3 * COUNT,
  /** Running mean and mean square of standard values, the past fading with MEMORY_HOURS. */
  mean: 4 * COUNT,
  square: 5 * COUNT,
  /** Lowest and highest standard values, drifting back to the newest one with EXTREME_HOURS. */
  low: 6 * COUNT,
  high: 7 * COUNT,
} as const;

/** What is remembered of the values of a stay. Plain data; one array, because copying eight cost more than all that is computed. */
export interface Watched {
  /** Hour of the newest row. */
  readonly hour: number;
  /** By KEPT; NaN: never measured. */
  readonly numbers: Float64Array;
  /** Laboratory values of late: a running count that fades with MEMORY_HOURS. */
  readonly labsOfLate: number;
  readonly labsNow: number;
  readonly vitalsNow: number;
}

const MEMORY_HOURS = 12;
const EXTREME_HOURS = 24;
/** Values that follow one another more quickly count for their time at least so much. */
const SPACING_HOURS_MIN = 0.25;

export const startWatching: Watched = {
  hour: Number.NaN,
  numbers: new Float64Array(8 * COUNT).fill(Number.NaN),
  labsOfLate: 0,
  labsNow: 0,
  vitalsNow: 0,
};

/** Takes one row in. Values outside their bounds of plausibility are no values. */
export const watch = (before: Watched, { hour, values }: StayHour): Watched => {
  const passed = Number.isNaN(before.hour) ? 0 : Math.max(0, hour - before.hour);
  const numbers = before.numbers.slice();
  const drift = 1 - Math.exp(-passed / EXTREME_HOURS);
  let labsNow = 0;
  let vitalsNow = 0;
  for (let i = 0; i < COUNT; i++) {
    const parameter = PARAMETERS[i]!;
    const value = plausible(parameter, values[i]!);
    if (Number.isNaN(value)) continue;
    if (i < VITALS.length) vitalsNow++;
    else labsNow++;
    keep(numbers, i, value, standardised(parameter, value), hour, drift);
  }
  const labsOfLate = before.labsOfLate * Math.exp(-passed / MEMORY_HOURS) + labsNow;
  return { hour, numbers, labsOfLate, labsNow, vitalsNow };
};

/** Writes one value into the memory. */
const keep = (numbers: Float64Array, i: number, value: number, now: number, hour: number, drift: number): void => {
  const { last, at, standard, change, mean, square, low, high } = KEPT;
  const isFirst = Number.isNaN(numbers[last + i]!);
  if (isFirst) {
    numbers[change + i] = 0;
    numbers[mean + i] = now;
    numbers[square + i] = now * now;
    numbers[low + i] = now;
    numbers[high + i] = now;
  } else {
    const kept = Math.exp(-Math.max(SPACING_HOURS_MIN, hour - numbers[at + i]!) / MEMORY_HOURS);
    numbers[change + i] = now - numbers[standard + i]!;
    numbers[mean + i] = kept * numbers[mean + i]! + (1 - kept) * now;
    numbers[square + i] = kept * numbers[square + i]! + (1 - kept) * now * now;
    numbers[low + i] = Math.min(now, numbers[low + i]! + drift * (now - numbers[low + i]!));
    numbers[high + i] = Math.max(now, numbers[high + i]! + drift * (now - numbers[high + i]!));
  }
  numbers[last + i] = value;
  numbers[at + i] = hour;
  numbers[standard + i] = now;
};
