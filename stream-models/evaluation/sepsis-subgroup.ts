import { auroc, rank } from './auroc.ts';
import { BOOTSTRAP_USUAL, bootstrap, type Interval } from './bootstrap.ts';
import { alarmsOf, hoursOf, type JudgedStay } from './sepsis-figures.ts';
import { normalisedUtility, stayUtility } from './sepsis-utility.ts';

/** How a score does on the stays of one subgroup. Shares are 0 … 1; intervals by bootstrap over its stays. */
export interface SepsisSubgroupFigures {
  readonly stays: number;
  readonly septicStays: number;
  readonly rows: number;
  readonly utility: Interval;
  /** Over hours; those without a number rank below all others. */
  readonly auroc: Interval;
  /** Of septic stays those with an alarm from 12 h before to 3 h after the onset; of others those without any; of those with an alarm the septic. */
  readonly septicFound: Interval;
  readonly othersQuiet: Interval;
  readonly ppvStays: Interval;
  /** Mean risk that was said, and share of those hours in which sepsis came. */
  readonly said: Interval;
  readonly came: Interval;
}

/** What a stay adds to each sum. */
const sumsOf = (stay: JudgedStay) => {
  const { onset, first, goodHours } = alarmsOf(stay);
  const isSeptic = onset !== undefined;
  const hasRung = first !== undefined;
  let [numbers, said, came] = [0, 0, 0];
  for (let i = 0; i < stay.labels.length; i++) {
    if (Number.isNaN(stay.risks[i])) continue;
    numbers++;
    said += stay.risks[i]!;
    came += stay.labels[i]!;
  }
  return {
    ...{ numbers, said, came },
    septic: Number(isSeptic),
    others: Number(!isSeptic),
    found: Number(isSeptic && goodHours > 0),
    quiet: Number(!isSeptic && !hasRung),
    rang: Number(hasRung),
    rightly: Number(isSeptic && hasRung),
  };
};

/** The figures of one subgroup. Throws a RangeError without any stay. */
export const sepsisSubgroupFigures = (
  stays: readonly JudgedStay[],
  { resamples, seed }: { readonly resamples: number; readonly seed: number },
): SepsisSubgroupFigures => {
  const { scores, labels, stayOf } = hoursOf(stays);
  const ranked = rank(scores, labels);
  const weights = new Float64Array(scores.length);
  const utilities = stays.map((stay) => stayUtility(stay.labels, stay.alarms));
  const sums = stays.map(sumsOf);
  const intervals = bootstrap({ ...BOOTSTRAP_USUAL, resamples, seed, patients: stays.length }, (drawn) => {
    for (let i = 0; i < weights.length; i++) weights[i] = drawn[stayOf[i]!]!;
    const total = (name: keyof (typeof sums)[number]): number =>
      sums.reduce((sum, each, stay) => sum + drawn[stay]! * each[name], 0);
    const numbers = total('numbers');
    return {
      utility: normalisedUtility(utilities, drawn),
      auroc: auroc(ranked, weights),
      septicFound: total('found') / total('septic'),
      othersQuiet: total('quiet') / total('others'),
      ppvStays: total('rightly') / total('rang'),
      said: total('said') / numbers,
      came: total('came') / numbers,
    };
  });
  const septicStays = sums.reduce((sum, { septic }) => sum + septic, 0);
  return { stays: stays.length, septicStays, rows: scores.length, ...intervals };
};
