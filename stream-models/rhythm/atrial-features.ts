import { type AtrialBeats, steadyShare } from './atrial-beats.ts';

/** The features of a look at the newest beats, in the order of `atrialFeatures`; all dimensionless but the rate. */
export const atrialFeatureNames = [
  'root mean square of steps',
  'median step',
  'mean step',
  'quartile of steps',
  'spread of intervals',
  'share within 5 % of the median',
  'share within 10 % of the median',
  'turns',
  'likeness to the interval before',
  'likeness to the one before that',
  'entropy',
  'rate, 100/min',
  'intervals',
  'steadiness of the wave before QRS',
  'steady share of the wave before QRS',
  'steadiness of QRS',
  'spread of amplitude',
] as const;

const INTERVALS_MIN = 8;
const INTERVALS_FULL = 40;
const ENTROPY_BINS = 12;
/** Keeps logarithms of steps finite: half a percent of the interval is about what sampling does. */
const STEP_FLOOR = 0.005;

const meanOf = (values: ArrayLike<number>): number => {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i]!;
  return sum / values.length;
};
const spreadOf = (values: readonly number[], mean: number): number =>
  Math.sqrt(values.reduce((sum, x) => sum + (x - mean) ** 2, 0) / values.length);
const meanOfKnown = (values: readonly number[], otherwise: number): number => {
  const known = values.filter((x) => !Number.isNaN(x));
  return known.length === 0 ? otherwise : meanOf(known);
};

/** Autocorrelation of intervals, as if those left out between them were not there. */
const likenessAt = (intervals: readonly number[], mean: number, spread: number, lag: number): number => {
  if (spread < 1e-6) return 0;
  let sum = 0;
  for (let i = lag; i < intervals.length; i++) sum += (intervals[i]! - mean) * (intervals[i - lag]! - mean);
  return sum / ((intervals.length - lag) * spread * spread);
};

/** Shannon entropy (nats) of intervals relative to their median, in bins of a tenth. */
const entropyOf = (intervals: readonly number[], median: number): number => {
  const bins = new Array<number>(ENTROPY_BINS).fill(0);
  for (const rr of intervals) bins[Math.max(0, Math.min(ENTROPY_BINS - 1, Math.floor((rr / median - 0.4) / 0.1)))]!++;
  let entropy = 0;
  for (const n of bins) if (n > 0) entropy -= (n / intervals.length) * Math.log(n / intervals.length);
  return entropy;
};

/** Steps between neighbouring intervals (ms), and the share of them that turn. */
const stepsOf = (rrs: readonly number[]): { readonly steps: readonly number[]; readonly turns: number } => {
  const steps: number[] = [];
  let turns = 0;
  for (let i = 1; i < rrs.length; i++) {
    const step = rrs[i]! - rrs[i - 1]!;
    if (Number.isNaN(step)) continue;
    if (steps.length > 0 && step * steps.at(-1)! < 0) turns++;
    steps.push(step);
  }
  return { steps, turns: turns / Math.max(1, steps.length - 1) };
};

/**
 * Looks at the newest beats: how irregular the intervals are, in which order, whether the same wave lies before every QRS, and how
 * alike the QRS are (noise makes beats and irregularity). undefined when fewer than eight intervals are known.
 * Sources: Tateno & Glass 2001 and Dash et al. 2009 (steps, turns, entropy), Petrėnas et al. 2015 (bigeminy by lag two).
 */
export const atrialFeatures = (memory: AtrialBeats): readonly number[] | undefined => {
  const { beats } = memory;
  const rrs = beats.map(({ rrMs }) => rrMs);
  const intervals = rrs.filter((rr) => !Number.isNaN(rr));
  const count = intervals.length;
  const { steps, turns } = stepsOf(rrs);
  if (count < INTERVALS_MIN || steps.length < INTERVALS_MIN / 2) return undefined;
  const mean = meanOf(intervals);
  const spread = spreadOf(intervals, mean);
  const median = Float64Array.from(intervals).sort()[count >> 1]!;
  const sizes = Float64Array.from(steps, Math.abs).sort();
  const within = (share: number): number =>
    intervals.filter((rr) => Math.abs(rr - median) < share * median).length / count;
  const relative = (ms: number): number => Math.log(ms / mean + STEP_FLOOR);
  const amplitudes = beats.map(({ amplitudeMv }) => Math.abs(amplitudeMv));
  const amplitude = meanOf(amplitudes);
  return [
    relative(Math.sqrt(meanOf(steps.map((step) => step * step)))),
    relative(sizes[sizes.length >> 1]!),
    relative(meanOf(sizes)),
    relative(sizes[sizes.length >> 2]!),
    relative(spread),
    within(0.05),
    within(0.1),
    turns,
    likenessAt(intervals, mean, spread, 1),
    likenessAt(intervals, mean, spread, 2),
    entropyOf(intervals, median),
    600 / mean,
    Math.min(1, count / INTERVALS_FULL),
    meanOfKnown(
      beats.map(({ waveLikeness }) => waveLikeness),
      0.5,
    ),
    steadyShare(memory),
    meanOfKnown(
      beats.map(({ shapeLikeness }) => shapeLikeness),
      0.9,
    ),
    Math.min(1, spreadOf(amplitudes, amplitude) / (amplitude + 1e-6)),
  ];
};
