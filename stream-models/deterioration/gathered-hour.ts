import { VITALS } from './parameters.ts';
import { nothingMeasured } from './stay.ts';
import { VITAL_SOURCES } from './vital-sources.ts';

const SOURCES = VITAL_SOURCES.length;

/**
 * The vital signs of the hour that is going on. Plain data, bounded: sums of the minute, and one value a minute and vital sign.
 */
export interface GatheredHour {
  /** Sum and count of the minute that is going on, per source. */
  readonly sums: Float64Array;
  /** Per vital sign: the means of the hour's minutes that had any. */
  readonly minutes: readonly (readonly number[])[];
}

export const emptyHour: GatheredHour = {
  sums: new Float64Array(2 * SOURCES),
  minutes: VITALS.map(() => []),
};

/** One number more. */
export const withNumber = (hour: GatheredHour, source: number, value: number): GatheredHour => {
  const sums = hour.sums.slice();
  sums[source]! += value;
  sums[SOURCES + source]! += 1;
  return { ...hour, sums };
};

/** The minute is over: of each vital sign the mean of its best source. */
export const minuteOver = (hour: GatheredHour): GatheredHour => {
  const means = VITALS.map(() => Number.NaN);
  for (let source = 0; source < SOURCES; source++) {
    const count = hour.sums[SOURCES + source]!;
    const { vital } = VITAL_SOURCES[source]!;
    if (count > 0 && Number.isNaN(means[vital]!)) means[vital] = hour.sums[source]! / count;
  }
  return {
    sums: emptyHour.sums,
    minutes: hour.minutes.map((values, vital) => (Number.isNaN(means[vital]!) ? values : [...values, means[vital]!])),
  };
};

const medianOf = (values: readonly number[]): number => {
  const sorted = [...values].sort((a, b) => a - b);
  const half = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[half]! : (sorted[half - 1]! + sorted[half]!) / 2;
};

/**
 * The vital signs of the hour's row, by PARAMETERS: medians of the minutes, so that a minute of artefacts moves nothing; NaN where
 * nothing was measured. Laboratory values and FiO₂ are told, not gathered (told-labs.ts), and are NaN here.
 */
export const valuesOf = ({ minutes }: GatheredHour): Float64Array => {
  const values = nothingMeasured();
  for (const [vital, means] of minutes.entries()) if (means.length > 0) values[vital] = medianOf(means);
  return values;
};
