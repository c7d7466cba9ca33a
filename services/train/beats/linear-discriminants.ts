/**
 * Linear discriminants (Fisher 1936; de Chazal 2004 for beats): one covariance for all classes, a mean each. The plain
 * baseline that stands beside the network: it sees the same input vector, beat by beat, without memory.
 */
import { BEAT_CLASSES, BEAT_FEATURES } from '../../../stream-models/beats/beat-input.ts';
import type { BeatWeights } from '../beat-sequences/batches.ts';
import type { BeatSequence } from '../beat-sequences/beat-sequence.ts';

/** `scores = x·slopes + intercepts`; the highest one names the class. */
export interface Discriminants {
  /** [BEAT_FEATURES, classes] */
  readonly slopes: Float64Array;
  readonly intercepts: Float64Array;
}

/** Added to the diagonal of the covariance: inputs that never vary (a lead that is not there) must not divide by zero. */
const RIDGE = 1e-3;

/**
 * What discriminants need of one recording: per class the number of beats, the sum of their inputs, and of the
 * products of each two inputs. Gathered once, whichever folds the recording is in.
 */
export interface Moments {
  readonly record: string;
  readonly counts: Float64Array;
  /** [classes, BEAT_FEATURES] */
  readonly sums: Float64Array;
  /** [classes, BEAT_FEATURES, BEAT_FEATURES], the upper half of each. */
  readonly products: Float64Array;
}

/** Counts, sums and products of the beats of one record, class by class. */
export const momentsOf = (record: string, sequences: readonly BeatSequence[]): Moments => {
  const width = BEAT_FEATURES;
  const counts = new Float64Array(BEAT_CLASSES.length);
  const sums = new Float64Array(counts.length * width);
  const products = new Float64Array(counts.length * width * width);
  for (const { x, labels } of sequences)
    for (const [beat, label] of labels.entries()) {
      if (label < 0) continue;
      counts[label]!++;
      const row = x.subarray(beat * width, (beat + 1) * width);
      for (let i = 0; i < width; i++) {
        const value = row[i]!;
        sums[label * width + i]! += value;
        if (value === 0) continue;
        const at = (label * width + i) * width;
        for (let j = i; j < width; j++) products[at + j]! += value * row[j]!;
      }
    }
  return { record, counts, sums, products };
};

/** Fits discriminants to recordings whose beats count by their weights, as in the training of the network. */
export const fitDiscriminants = (moments: readonly Moments[], weights: BeatWeights): Discriminants => {
  const classes = BEAT_CLASSES.length;
  const width = BEAT_FEATURES;
  const whole = new Float64Array(classes);
  const means = new Float64Array(classes * width);
  const scatter = new Float64Array(width * width);
  for (const { record, counts, sums, products } of moments)
    for (let label = 0; label < classes; label++) {
      const weight = weights.get(record)?.[label] ?? 0;
      if (weight === 0 || counts[label] === 0) continue;
      whole[label]! += weight * counts[label]!;
      for (let i = 0; i < width; i++) means[label * width + i]! += weight * sums[label * width + i]!;
      const at = label * width * width;
      for (let i = 0; i < scatter.length; i++) scatter[i]! += weight * products[at + i]!;
    }
  for (let label = 0; label < classes; label++)
    for (let i = 0; i < width; i++) means[label * width + i]! /= Math.max(1e-9, whole[label]!);
  const all = whole.reduce((a, b) => a + b, 0);
  for (let i = 0; i < width; i++)
    for (let j = i; j < width; j++) {
      let value = scatter[i * width + j]!;
      for (let label = 0; label < classes; label++)
        value -= whole[label]! * means[label * width + i]! * means[label * width + j]!;
      value = value / all + (i === j ? RIDGE : 0);
      scatter[i * width + j] = value;
      scatter[j * width + i] = value;
    }
  const slopes = solved(scatter, transposed(means, classes, width), width, classes);
  const intercepts = Float64Array.from(whole, (share, label) => {
    let half = 0;
    for (let i = 0; i < width; i++) half += means[label * width + i]! * slopes[i * classes + label]!;
    return share === 0 ? Number.NEGATIVE_INFINITY : Math.log(share / all) - half / 2;
  });
  return { slopes, intercepts };
};

/** The likeliest class of every beat of a recording. */
export const discriminate = ({ slopes, intercepts }: Discriminants, { x, labels }: BeatSequence): Int8Array => {
  const classes = BEAT_CLASSES.length;
  const scores = new Float64Array(classes);
  return Int8Array.from(labels, (_, beat) => {
    scores.set(intercepts);
    for (let i = 0; i < BEAT_FEATURES; i++)
      for (let label = 0; label < classes; label++)
        scores[label]! += x[beat * BEAT_FEATURES + i]! * slopes[i * classes + label]!;
    return scores.indexOf(Math.max(...scores));
  });
};

const transposed = (rows: Float64Array, count: number, width: number): Float64Array => {
  const turned = new Float64Array(rows.length);
  for (let r = 0; r < count; r++) for (let i = 0; i < width; i++) turned[i * count + r] = rows[r * width + i]!;
  return turned;
};

/** Solves matrix · answer = right for a symmetric positive matrix (Cholesky). `matrix` is changed. */
const solved = (matrix: Float64Array, right: Float64Array, size: number, columns: number): Float64Array => {
  for (let i = 0; i < size; i++)
    for (let j = 0; j <= i; j++) {
      let sum = matrix[i * size + j]!;
      for (let k = 0; k < j; k++) sum -= matrix[i * size + k]! * matrix[j * size + k]!;
      matrix[i * size + j] = i === j ? Math.sqrt(sum) : sum / matrix[j * size + j]!;
    }
  const answer = right.slice();
  for (let c = 0; c < columns; c++) {
    for (let i = 0; i < size; i++) {
      let sum = answer[i * columns + c]!;
      for (let k = 0; k < i; k++) sum -= matrix[i * size + k]! * answer[k * columns + c]!;
      answer[i * columns + c] = sum / matrix[i * size + i]!;
    }
    for (let i = size - 1; i >= 0; i--) {
      let sum = answer[i * columns + c]!;
      for (let k = i + 1; k < size; k++) sum -= matrix[k * size + i]! * answer[k * columns + c]!;
      answer[i * columns + c] = sum / matrix[i * size + i]!;
    }
  }
  return answer;
};
