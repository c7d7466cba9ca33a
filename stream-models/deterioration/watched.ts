import { PARAMETERS, plausible, standardised, VITALS } from './parameters.ts';
import type { StayHour } from './stay.ts';

/**
 * What is remembered of the values of a stay. Plain data; all arrays have one place per parameter. "Standard" numbers are
 * those of `standardised`; NaN: never measured.
 */
export interface Watched {
  /** Hour of the newest row. */
  readonly hour: number;
  /** The newest value in its own unit, and when it was measured. */
  readonly last: Float64Array;
  readonly at: Float64Array;
  /** The newest standard value, and how far it is from the one before. */
  readonly standard: Float64Array;
  readonly change: Float64Array;
  /** Running mean and mean square of standard values, the past fading with MEMORY_HOURS. */
  readonly mean: Float64Array;
  readonly square: Float64Array;
  /** Lowest and highest standard values, drifting back to the newest one with EXTREME_HOURS. */
  readonly low: Float64Array;
  readonly high: Float64Array;
  /** Laboratory values per day of late: a running count that fades with MEMORY_HOURS. */
  readonly labsOfLate: number;
  readonly labsNow: number;
  readonly vitalsNow: number;
}

const MEMORY_HOURS = 12;
const EXTREME_HOURS = 24;

const none = (): Float64Array => new Float64Array(PARAMETERS.length).fill(Number.NaN);

export const startWatching: Watched = {
  hour: Number.NaN,
  last: none(),
  at: none(),
  standard: none(),
  change: none(),
  mean: none(),
  square: none(),
  low: none(),
  high: none(),
  labsOfLate: 0,
  labsNow: 0,
  vitalsNow: 0,
};

/** Takes one row in. Values outside their bounds of plausibility are no values. */
export const watch = (before: Watched, { hour, values }: StayHour): Watched => {
  const passed = Number.isNaN(before.hour) ? 0 : Math.max(0, hour - before.hour);
  const last = before.last.slice();
  const at = before.at.slice();
  const standard = before.standard.slice();
  const change = before.change.slice();
  const mean = before.mean.slice();
  const square = before.square.slice();
  const low = before.low.slice();
  const high = before.high.slice();
  const drift = 1 - Math.exp(-passed / EXTREME_HOURS);
  let labsNow = 0;
  let vitalsNow = 0;
  for (let i = 0; i < PARAMETERS.length; i++) {
    const parameter = PARAMETERS[i]!;
    const value = plausible(parameter, values[i]!);
    if (Number.isNaN(value)) continue;
    const now = standardised(parameter, value);
    if (i < VITALS.length) vitalsNow++;
    else labsNow++;
    const isFirst = Number.isNaN(last[i]!);
    const kept = isFirst ? 0 : Math.exp(-Math.max(0.25, hour - at[i]!) / MEMORY_HOURS);
    change[i] = isFirst ? 0 : now - standard[i]!;
    mean[i] = isFirst ? now : kept * mean[i]! + (1 - kept) * now;
    square[i] = isFirst ? now * now : kept * square[i]! + (1 - kept) * now * now;
    low[i] = isFirst ? now : Math.min(now, low[i]! + drift * (now - low[i]!));
    high[i] = isFirst ? now : Math.max(now, high[i]! + drift * (now - high[i]!));
    last[i] = value;
    at[i] = hour;
    standard[i] = now;
  }
  const labsOfLate = before.labsOfLate * Math.exp(-passed / MEMORY_HOURS) + labsNow;
  return { hour, last, at, standard, change, mean, square, low, high, labsOfLate, labsNow, vitalsNow };
};
