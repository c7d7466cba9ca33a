/** How the logits of several classes become probabilities that can be believed: softmax(slope · logit + shift). */
export interface Scaling {
  readonly slope: number;
  /** One per class. */
  readonly shifts: readonly number[];
}

const STEPS = 60;
/** Least probability whose logarithm is taken. */
const LEAST = 1e-7;

/** Writes softmax(slope · log p + shift) of one row into `into`. */
export const scaledRow = (
  { slope, shifts }: Scaling,
  probabilities: ArrayLike<number>,
  row: number,
  into: Float64Array,
): void => {
  const classes = shifts.length;
  let most = Number.NEGATIVE_INFINITY;
  for (let c = 0; c < classes; c++) {
    into[c] = slope * Math.log(Math.max(LEAST, probabilities[row * classes + c]!)) + shifts[c]!;
    most = Math.max(most, into[c]!);
  }
  let sum = 0;
  for (let c = 0; c < classes; c++) {
    into[c] = Math.exp(into[c]! - most);
    sum += into[c]!;
  }
  for (let c = 0; c < classes; c++) into[c]! /= sum;
};

/**
 * Fits one slope (temperature scaling, Guo et al. 2017) and a shift per class by maximum likelihood, by gradients with a step of
 * their own (Rprop). `probabilities` is [rows, classes]; rows whose label is below 0 are passed over. Throws a RangeError
 * without labels.
 */
export const fitScaling = (probabilities: ArrayLike<number>, labels: ArrayLike<number>, classes: number): Scaling => {
  const rows: number[] = [];
  for (let row = 0; row < labels.length; row++) if (labels[row]! >= 0) rows.push(row);
  if (rows.length === 0) throw new RangeError('calibration needs labels');
  const values = new Float64Array(classes + 1);
  values[0] = 1;
  const pace = new Float64Array(classes + 1).fill(0.1);
  const before = new Float64Array(classes + 1);
  const said = new Float64Array(classes);
  for (let step = 0; step < STEPS; step++) {
    const slope = new Float64Array(classes + 1);
    const now = scalingOf(values);
    for (const row of rows) {
      scaledRow(now, probabilities, row, said);
      for (let c = 0; c < classes; c++) {
        const error = said[c]! - (labels[row] === c ? 1 : 0);
        slope[0]! += error * Math.log(Math.max(LEAST, probabilities[row * classes + c]!));
        slope[c + 1]! += error;
      }
    }
    for (let i = 0; i <= classes; i++) {
      const turned = slope[i]! * before[i]!;
      pace[i]! *= turned > 0 ? 1.2 : turned < 0 ? 0.5 : 1;
      values[i]! -= Math.sign(slope[i]!) * pace[i]!;
      before[i] = slope[i]!;
    }
  }
  return scalingOf(values);
};

/** The first class's shift is taken off all: softmax does not know the difference. */
const scalingOf = (values: Float64Array): Scaling => ({
  slope: values[0]!,
  shifts: Array.from(values.subarray(1), (value) => value - values[1]!),
});
