/**
 * Cases in the order of falling score, equal scores side by side. Ranking is the dear part; it is done once, and any number
 * of weightings (bootstrap resamples) are asked of it.
 */
export interface Ranked {
  /** Numbers of the cases, highest score first. */
  readonly order: Uint32Array;
  /** 1 where the case is positive, by number of the case. */
  readonly positive: Uint8Array;
  /** 1 at each place of `order` where a run of equal scores ends. */
  readonly endsRun: Uint8Array;
}

/**
 * Ranks cases. `scores`: any numbers, higher means more likely positive; `labels`: 1 positive, 0 negative, same length. Throws a
 * RangeError for unequal lengths or a score that is NaN: a case without a score must be given one, or left out by the caller.
 */
export const rank = (scores: ArrayLike<number>, labels: ArrayLike<number>): Ranked => {
  const count = scores.length;
  if (labels.length !== count) throw new RangeError(`${count} scores and ${labels.length} labels`);
  // Sorting plain float64 with their numbers inside is far quicker than a comparator; ties keep the order of the cases.
  const order = new Uint32Array(count);
  const positive = new Uint8Array(count);
  for (let i = 0; i < count; i++) {
    if (Number.isNaN(scores[i])) throw new RangeError(`the score of case ${i} is no number`);
    order[i] = i;
    positive[i] = labels[i] === 1 ? 1 : 0;
  }
  order.sort((a, b) => scores[b]! - scores[a]! || a - b);
  const endsRun = new Uint8Array(count);
  for (let k = 0; k < count; k++) endsRun[k] = k + 1 === count || scores[order[k]!] !== scores[order[k + 1]!] ? 1 : 0;
  return { order, positive, endsRun };
};

/** What a case counts by its number; undefined: every case once. */
export type CaseWeights = ArrayLike<number> | undefined;

/** One point of both curves: all cases with a score of at least this rank called positive. Weighted counts. */
export interface RankedPoint {
  /** Place in `order` of the last case that is called positive. */
  readonly at: number;
  readonly truePositives: number;
  readonly falsePositives: number;
}

/** Goes through the distinct thresholds from the highest score down; returns the weighted numbers of positives and negatives. */
const sweep = (
  { order, positive, endsRun }: Ranked,
  weights: CaseWeights,
  visit: (truePositives: number, falsePositives: number, at: number) => void,
): { readonly positives: number; readonly negatives: number } => {
  let positives = 0;
  let negatives = 0;
  for (let k = 0; k < order.length; k++) {
    const number = order[k]!;
    const weight = weights === undefined ? 1 : weights[number]!;
    if (positive[number] === 1) positives += weight;
    else negatives += weight;
    if (endsRun[k] === 1) visit(positives, negatives, k);
  }
  return { positives, negatives };
};

/**
 * Area under the ROC curve: the chance that a positive case has a higher score than a negative one, ties counting half
 * (Hanley & McNeil 1982). NaN when either kind is missing.
 */
export const auroc = (ranked: Ranked, weights?: CaseWeights): number => {
  let area = 0;
  let tpBefore = 0;
  let fpBefore = 0;
  const { positives, negatives } = sweep(ranked, weights, (tp, fp) => {
    area += ((fp - fpBefore) * (tp + tpBefore)) / 2;
    tpBefore = tp;
    fpBefore = fp;
  });
  return area / (positives * negatives);
};

/**
 * Area under the precision–recall curve as average precision: Σ (recall step) · precision, without interpolation, equal
 * scores together (Davis & Goadrich 2006 warn of the trapezoid). NaN without a positive case.
 */
export const auprc = (ranked: Ranked, weights?: CaseWeights): number => {
  let area = 0;
  let tpBefore = 0;
  const { positives } = sweep(ranked, weights, (tp, fp) => {
    if (tp > tpBefore) area += ((tp - tpBefore) * tp) / (tp + fp);
    tpBefore = tp;
  });
  return area / positives;
};

/** A place on the ROC and the PR curve, shares of 0 … 1. */
export interface CurvePoint {
  readonly sensitivity: number;
  readonly falsePositiveRate: number;
  readonly precision: number;
}

/** Both curves for a plot: at most about `points` of the thresholds, evenly spread over the distinct ones, ends included. */
export const curves = (ranked: Ranked, points = 200): readonly CurvePoint[] => {
  const all: RankedPoint[] = [];
  const { positives, negatives } = sweep(ranked, undefined, (truePositives, falsePositives, at) =>
    all.push({ at, truePositives, falsePositives }),
  );
  const every = Math.max(1, Math.ceil(all.length / points));
  return all
    .filter((_, i) => i % every === 0 || i === all.length - 1)
    .map(({ truePositives, falsePositives }) => ({
      sensitivity: truePositives / positives,
      falsePositiveRate: falsePositives / negatives,
      precision: truePositives / (truePositives + falsePositives),
    }));
};
