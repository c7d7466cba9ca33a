/** How a score becomes a probability: 1 / (1 + exp(-(slope · logit + intercept))). */
export interface Platt {
  readonly slope: number;
  readonly intercept: number;
}

const STEPS_MAX = 50;

/** The logit of a probability, kept finite. */
export const logit = (probability: number): number => {
  const inside = Math.min(1 - 1e-7, Math.max(1e-7, probability));
  return Math.log(inside / (1 - inside));
};

/** The probability that a calibrated score means. */
export const plattProbability = ({ slope, intercept }: Platt, score: number): number =>
  1 / (1 + Math.exp(-(slope * logit(score) + intercept)));

/**
 * Fits slope and intercept by maximum likelihood (Platt 1999; Newton's method). `scores` are probabilities 0 … 1 of any
 * calibration, `labels` 1 or 0. Throws a RangeError when only one label is there.
 */
export const fitPlatt = (scores: ArrayLike<number>, labels: ArrayLike<number>): Platt => {
  const count = scores.length;
  const logits = Float64Array.from({ length: count }, (_, i) => logit(scores[i]!));
  let positives = 0;
  for (let i = 0; i < count; i++) if (labels[i] === 1) positives++;
  if (positives === 0 || positives === count) throw new RangeError('calibration needs cases of both kinds');
  let slope = 1;
  let intercept = logit(positives / count);
  for (let step = 0; step < STEPS_MAX; step++) {
    let [g0, g1, h00, h01, h11] = [0, 0, 1e-9, 0, 1e-9];
    for (let i = 0; i < count; i++) {
      const p = 1 / (1 + Math.exp(-(slope * logits[i]! + intercept)));
      const error = p - (labels[i] === 1 ? 1 : 0);
      const bend = p * (1 - p);
      g0 += error;
      g1 += error * logits[i]!;
      h00 += bend;
      h01 += bend * logits[i]!;
      h11 += bend * logits[i]! * logits[i]!;
    }
    const determinant = h00 * h11 - h01 * h01;
    const ofIntercept = (h11 * g0 - h01 * g1) / determinant;
    const ofSlope = (h00 * g1 - h01 * g0) / determinant;
    // A long first step may overshoot where probabilities saturate.
    const longest = Math.max(1, Math.abs(ofIntercept), Math.abs(ofSlope));
    intercept -= ofIntercept / longest;
    slope -= ofSlope / longest;
    if (Math.abs(ofIntercept) + Math.abs(ofSlope) < 1e-9) break;
  }
  return { slope, intercept };
};
