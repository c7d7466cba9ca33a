/** Parts of those who were judged, by one property each: a figure over all hides whom it does not fit. */
import type { Interval } from '../../stream-models/evaluation/bootstrap.ts';

/** One property by which a whole falls into parts. */
export interface Dimension<Of> {
  /** For example "sex". */
  readonly by: string;
  /** In the order of the report; parts that nobody is in are left out. */
  readonly names: readonly string[];
  readonly nameOf: (each: Of) => string;
}

export interface Subgroup<Of> {
  readonly by: string;
  readonly name: string;
  readonly members: readonly Of[];
}

/** The parts of each dimension, each as large as it is. */
export const subgroupsOf = <Of>(all: readonly Of[], dimensions: readonly Dimension<Of>[]): readonly Subgroup<Of>[] =>
  dimensions.flatMap(({ by, names, nameOf }) => {
    const parts = Map.groupBy(all, nameOf);
    return names.flatMap((name) => {
      const members = parts.get(name);
      return members === undefined ? [] : [{ by, name, members }];
    });
  });

const UNKNOWN = 'not told';

export const SEXES: readonly string[] = ['female', 'male', UNKNOWN];
/** `isMale`: 1, 0, or what is neither: not told. */
export const sexOf = (isMale: number): string => (isMale === 1 ? 'male' : isMale === 0 ? 'female' : UNKNOWN);

/** Years from which on each band begins. */
const BANDS = [18, 45, 65, 80] as const;
export const AGE_BANDS: readonly string[] = ['under 18', '18 to 44', '45 to 64', '65 to 79', '80 and over', UNKNOWN];
export const ageBandOf = (years: number): string =>
  years >= 0 ? AGE_BANDS[BANDS.filter((from) => years >= from).length]! : AGE_BANDS.at(-1)!;

/**
 * A figure of fewer than so many patients (of those that it is a share of) is not said: a bootstrap of so few draws the same ones again and
 * again, and its interval looks narrower than it is.
 */
const PATIENTS_MIN = 10;

/** A figure of a subgroup, or of how few patients it would be. */
export type SubgroupFigure = Interval | { readonly tooFew: number };

/** `patients`: of those that the figure is a share of. */
export const unlessTooFew = (figure: Interval, patients: number): SubgroupFigure =>
  patients < PATIENTS_MIN ? { tooFew: patients } : figure;

/** In a table: `shown` of the figure, or why there is none. */
export const subgroupCell = (figure: SubgroupFigure, shown: (figure: Interval) => string): string =>
  'tooFew' in figure ? `too few (${figure.tooFew})` : shown(figure);

/** Below a table of subgroups. */
export const TOO_FEW_SENTENCE = `Too few (n): the figure would be of n patients (or alarms), fewer than ${PATIENTS_MIN}, and an interval of so few would look narrower than it is. Where all of n were right a bootstrap has no width: up to 3 of n may be wrong elsewhere (rule of three).`;
