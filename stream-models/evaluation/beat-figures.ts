/** Figures of beat detection and classification over several recordings, with intervals. */
import type { BeatClassName } from '../../schemas/words.ts';
import { BOOTSTRAP_USUAL, bootstrap, type Interval, quantile } from './bootstrap.ts';
import {
  classScores,
  type Ec57Result,
  plainPredictivity,
  positivePredictivity,
  sensitivity,
  sumResults,
} from './ec57.ts';

export const JUDGED_CLASSES: readonly BeatClassName[] = ['N', 'S', 'V', 'F', 'Q'];

/** Shares, 0 … 1; NaN where there was nothing to find or nothing was said. */
export interface BeatFigures {
  readonly qrs: { readonly sensitivity: Interval; readonly positivePredictivity: Interval };
  readonly classes: Readonly<
    Record<
      BeatClassName,
      { readonly sensitivity: Interval; readonly positivePredictivity: Interval; readonly plainPredictivity: Interval }
    >
  >;
}

/**
 * Gross figures (all beats together, EC57) with 95 % intervals by bootstrap over patients: beats of one patient are alike, so patients are
 * what is drawn. `results`: one per patient. Throws a RangeError without any.
 */
export const beatFigures = (
  results: readonly Ec57Result[],
  resamples: number = BOOTSTRAP_USUAL.resamples,
): BeatFigures => {
  const found = bootstrap({ ...BOOTSTRAP_USUAL, patients: results.length, resamples }, (drawn) => {
    const sum = sumResults(results.flatMap((result, i) => new Array<Ec57Result>(drawn[i]!).fill(result)));
    const shares: Record<string, number> = { 'qrs se': sensitivity(sum), 'qrs pp': positivePredictivity(sum) };
    for (const name of JUDGED_CLASSES) {
      const scores = classScores(sum, name);
      shares[`${name} se`] = scores.sensitivity;
      shares[`${name} pp`] = scores.positivePredictivity;
      shares[`${name} plain`] = plainPredictivity(sum, name);
    }
    return shares;
  });
  const classFigures = (name: BeatClassName) => ({
    sensitivity: found[`${name} se`]!,
    positivePredictivity: found[`${name} pp`]!,
    plainPredictivity: found[`${name} plain`]!,
  });
  return {
    qrs: { sensitivity: found['qrs se']!, positivePredictivity: found['qrs pp']! },
    classes: {
      N: classFigures('N'),
      S: classFigures('S'),
      V: classFigures('V'),
      F: classFigures('F'),
      Q: classFigures('Q'),
    },
  };
};

/** Means over recordings of the shares that they have (EC57's average, beside the gross figures); NaN where none has one. */
export interface BeatAverages {
  readonly qrs: AveragedShares;
  readonly classes: Readonly<Record<BeatClassName, AveragedShares>>;
}

export interface AveragedShares {
  readonly sensitivity: number;
  readonly positivePredictivity: number;
}

/** Averages of the figures of single recordings: every recording counts as much as every other, however many beats it has. */
export const averageFigures = (recordings: readonly BeatFigures[]): BeatAverages => {
  const mean = (shareOf: (figures: BeatFigures) => Interval): number => {
    const shares = recordings.map((figures) => shareOf(figures).value).filter(Number.isFinite);
    return shares.reduce((sum, share) => sum + share, 0) / shares.length;
  };
  const averaged = (of: (figures: BeatFigures) => Record<keyof AveragedShares, Interval>): AveragedShares => ({
    sensitivity: mean((figures) => of(figures).sensitivity),
    positivePredictivity: mean((figures) => of(figures).positivePredictivity),
  });
  return {
    qrs: averaged(({ qrs }) => qrs),
    classes: {
      N: averaged(({ classes }) => classes.N),
      S: averaged(({ classes }) => classes.S),
      V: averaged(({ classes }) => classes.V),
      F: averaged(({ classes }) => classes.F),
      Q: averaged(({ classes }) => classes.Q),
    },
  };
};

/** How long after the R peak beats were said, seconds. */
export interface Delays {
  readonly beats: number;
  readonly median: number;
  readonly p99: number;
  readonly most: number;
  /** Share of the beats said at most 300 ms after their R peak. */
  readonly within300Ms: number;
}

const DECISION_LIMIT_S = 0.3;
/** Written times have three digits. */
const ROUNDING_S = 0.0011;

/** How soon beats were said: delays in seconds from the R peak. */
export const delaysOf = (delays: readonly number[]): Delays => {
  const sorted = Float64Array.from(delays).sort();
  const soon = sorted.filter((delay) => delay <= DECISION_LIMIT_S + ROUNDING_S).length;
  return {
    beats: sorted.length,
    median: quantile(sorted, 0.5),
    p99: quantile(sorted, 0.99),
    most: sorted.at(-1) ?? Number.NaN,
    within300Ms: soon / sorted.length,
  };
};
