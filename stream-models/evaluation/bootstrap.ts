import { diceFrom } from '../dice.ts';

/** A figure and where it would lie with other patients. */
export interface Interval {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

export interface BootstrapOptions {
  /** How many patients (or stays, or records) there are: what is drawn is whole patients, since rows of one are alike. */
  readonly patients: number;
  readonly resamples: number;
  readonly seed: number;
  /** Share of the resamples inside the interval, for example 0.95. */
  readonly level: number;
}

export const BOOTSTRAP_USUAL = { resamples: 1000, seed: 1, level: 0.95 } as const;

/**
 * Percentile intervals by bootstrap over patients (Efron & Tibshirani 1993, chapter 13), of several figures at once, so that
 * they come from the same resamples. `figures` gets how many times each patient was drawn (once each for the value itself) and
 * answers its figures. Resamples whose figure is no number (no case of one kind was drawn) are left out of its interval.
 */
export const bootstrap = <Name extends string>(
  { patients, resamples, seed, level }: BootstrapOptions,
  figures: (drawn: Uint32Array) => Readonly<Record<Name, number>>,
): Readonly<Record<Name, Interval>> => {
  if (patients < 1) throw new RangeError('a bootstrap needs at least one patient');
  const dice = diceFrom(seed);
  const value = figures(new Uint32Array(patients).fill(1));
  const names = Object.keys(value) as Name[];
  const found = new Map<Name, number[]>(names.map((name) => [name, []]));
  const drawn = new Uint32Array(patients);
  for (let resample = 0; resample < resamples; resample++) {
    drawn.fill(0);
    for (let i = 0; i < patients; i++) drawn[dice.below(patients)]!++;
    const again = figures(drawn);
    for (const name of names) if (Number.isFinite(again[name])) found.get(name)!.push(again[name]);
  }
  const interval = (name: Name): Interval => {
    const sorted = Float64Array.from(found.get(name)!).sort();
    return { value: value[name], low: quantile(sorted, (1 - level) / 2), high: quantile(sorted, (1 + level) / 2) };
  };
  return Object.fromEntries(names.map((name) => [name, interval(name)])) as Record<Name, Interval>;
};

/** The quantile of ascending numbers, linear between neighbours (Hyndman & Fan 1996, type 7). NaN when there are none. */
export const quantile = (sorted: ArrayLike<number>, share: number): number => {
  if (sorted.length === 0) return Number.NaN;
  const place = share * (sorted.length - 1);
  const below = sorted[Math.floor(place)]!;
  const above = sorted[Math.ceil(place)]!;
  return below + (above - below) * (place - Math.floor(place));
};
