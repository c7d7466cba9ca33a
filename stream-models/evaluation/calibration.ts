/** One line of a reliability table: what was said, and how often it came. */
export interface ReliabilityBin {
  readonly cases: number;
  /** Mean probability that was said, 0 … 1. */
  readonly said: number;
  /** Share of the cases that were positive, 0 … 1. */
  readonly came: number;
}

/**
 * How bins are cut: `equal-width` (0–0.1, 0.1–0.2 …; Guo et al. 2017) or `equal-count` (quantiles of what was said; the one
 * that shows something when nearly all probabilities are small).
 */
export type Binning = 'equal-width' | 'equal-count';

/** The mean squared distance of probability and outcome (Brier 1950), 0 best. NaN without cases. */
export const brier = (probabilities: ArrayLike<number>, labels: ArrayLike<number>): number => {
  let sum = 0;
  for (let i = 0; i < probabilities.length; i++) sum += (probabilities[i]! - (labels[i] === 1 ? 1 : 0)) ** 2;
  return sum / probabilities.length;
};

/**
 * The reliability table, from low to high, without empty bins. Probabilities are 0 … 1, labels 1 or 0. Throws a RangeError for a
 * probability outside 0 … 1 or unequal lengths.
 */
export const reliability = (
  probabilities: ArrayLike<number>,
  labels: ArrayLike<number>,
  binning: Binning = 'equal-width',
  bins = 10,
): readonly ReliabilityBin[] => {
  const count = probabilities.length;
  if (labels.length !== count) throw new RangeError(`${count} probabilities and ${labels.length} labels`);
  const cases = new Float64Array(bins);
  const said = new Float64Array(bins);
  const came = new Float64Array(bins);
  const ends = binning === 'equal-count' ? quantileEnds(probabilities, bins) : undefined;
  for (let i = 0; i < count; i++) {
    const probability = probabilities[i]!;
    if (!(probability >= 0 && probability <= 1)) throw new RangeError(`case ${i} has the probability ${probability}`);
    const bin = ends === undefined ? Math.min(bins - 1, Math.floor(probability * bins)) : binBelow(ends, probability);
    cases[bin]!++;
    said[bin]! += probability;
    if (labels[i] === 1) came[bin]!++;
  }
  return Array.from(cases, (each, bin) => ({ cases: each, said: said[bin]! / each, came: came[bin]! / each })).filter(
    ({ cases: each }) => each > 0,
  );
};

/** Upper ends of all bins but the last. Equal probabilities are never parted, so bins may be of unequal count. */
const quantileEnds = (probabilities: ArrayLike<number>, bins: number): Float64Array => {
  const sorted = Float64Array.from(probabilities).sort();
  return Float64Array.from({ length: bins - 1 }, (_, i) => sorted[Math.floor(((i + 1) * sorted.length) / bins)] ?? 1);
};

const binBelow = (ends: Float64Array, probability: number): number => {
  let bin = 0;
  while (bin < ends.length && probability >= ends[bin]!) bin++;
  return bin;
};

/** Expected calibration error: the mean distance, by cases, of what was said and what came (Naeini et al. 2015). */
export const expectedCalibrationError = (table: readonly ReliabilityBin[]): number => {
  const all = table.reduce((sum, { cases }) => sum + cases, 0);
  return table.reduce((sum, { cases, said, came }) => sum + cases * Math.abs(said - came), 0) / all;
};
