/** How sure the network was, and how often it was right: ten bins of probability, over beats whose class is known. */
export interface Calibration {
  readonly count: readonly number[];
  readonly right: readonly number[];
  /** Sum of the probabilities said. */
  readonly said: readonly number[];
}

const BINS = 10;

/** Counts the answers to one recording; beats without a label are passed over. */
export const calibration = (classes: Int8Array, probabilities: Float32Array, labels: Int8Array): Calibration => {
  const count = new Array<number>(BINS).fill(0);
  const right = new Array<number>(BINS).fill(0);
  const said = new Array<number>(BINS).fill(0);
  for (const [i, label] of labels.entries()) {
    if (label < 0) continue;
    const bin = Math.min(BINS - 1, Math.floor(probabilities[i]! * BINS));
    count[bin]!++;
    said[bin]! += probabilities[i]!;
    if (classes[i] === label) right[bin]!++;
  }
  return { count, right, said };
};

const added = (a: readonly number[], b: readonly number[]): readonly number[] => a.map((value, i) => value + b[i]!);

/**
 * Expected calibration error of several recordings: the mean distance between how sure the network was and how often it
 * was right, 0 … 1, with the bins that it was made of.
 */
export const calibrationFigures = (parts: readonly Calibration[]) => {
  const zero = new Array<number>(BINS).fill(0);
  const sum = parts.reduce<Calibration>(
    (a, b) => ({ count: added(a.count, b.count), right: added(a.right, b.right), said: added(a.said, b.said) }),
    { count: zero, right: zero, said: zero },
  );
  const all = sum.count.reduce((a, b) => a + b, 0);
  const apart = sum.count.reduce((error, _, i) => error + Math.abs(sum.said[i]! - sum.right[i]!), 0);
  const share = (value: number) => Math.round(value * 10_000) / 10_000;
  return {
    expectedCalibrationError: share(apart / Math.max(1, all)),
    bins: sum.count.flatMap((count, i) =>
      count === 0 ? [] : [{ beats: count, said: share(sum.said[i]! / count), right: share(sum.right[i]! / count) }],
    ),
  };
};
