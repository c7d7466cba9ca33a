import { P_PART, type Part, QRS_PART, SHAPE_LENGTH, T_PART } from './norms.ts';

/** Points of a down-sampled beat: 20 over the QRS (12 ms apart), 7 before it and 5 behind it. */
const QRS_STEP = 3;
const P_STEP = 6;
const T_STEP = 7;
const POINTS = 20 + 7 + 5;
/** Measures of one lead: each is a number about -2 to 2. */
export const MEASURES = 12;
/** Points of one lead's difference from the own normal. */
export const DIFFERENCE_FEATURES = POINTS;

const bounded = (value: number, most: number): number => Math.max(-most, Math.min(most, value));

/** The sample farthest from zero within a part, with its sign. */
const peakOf = (shape: Float32Array, { from, to }: Part): number => {
  let peak = 0;
  for (let i = from; i < to; i++) if (Math.abs(shape[i]!) > Math.abs(peak)) peak = shape[i]!;
  return peak;
};

/** How long the middle 90 % of the steepness of a part takes, samples: a measure of width that needs no threshold. */
const widthOf = (shape: Float32Array, { from, to }: Part): number => {
  let whole = 0;
  for (let i = from + 1; i < to; i++) whole += Math.abs(shape[i]! - shape[i - 1]!);
  let passed = 0;
  let begin = from;
  for (let i = from + 1; i < to; i++) {
    const before = passed;
    passed += Math.abs(shape[i]! - shape[i - 1]!);
    if (before < 0.05 * whole) begin = i;
    if (passed >= 0.95 * whole) return i - begin;
  }
  return to - from;
};

const steepestOf = (shape: Float32Array, { from, to }: Part): number => {
  let most = 0;
  for (let i = from + 1; i < to; i++) {
    const step = Math.abs(shape[i]! - shape[i - 1]!);
    if (step > most) most = step;
  }
  return most;
};

/** Root of the mean square of a part of a shape. */
const sizeOf = (shape: Float32Array, { from, to }: Part): number => {
  let sum = 0;
  for (let i = from; i < to; i++) sum += shape[i]! * shape[i]!;
  return Math.sqrt(sum / (to - from));
};

/** The same of a shape less another. */
const spreadOf = (a: Float32Array, b: Float32Array, { from, to }: Part): number => {
  let sum = 0;
  for (let i = from; i < to; i++) {
    const between = a[i]! - b[i]!;
    sum += between * between;
  }
  return Math.sqrt(sum / (to - from));
};

/** Correlation of two shapes over a part, -1 … 1; 0 where one of them is flat. */
const correlationOf = (a: Float32Array, b: Float32Array, { from, to }: Part): number => {
  let meanA = 0;
  let meanB = 0;
  for (let i = from; i < to; i++) {
    meanA += a[i]! / (to - from);
    meanB += b[i]! / (to - from);
  }
  let ab = 0;
  let aa = 1e-9;
  let bb = 1e-9;
  for (let i = from; i < to; i++) {
    const fromA = a[i]! - meanA;
    const fromB = b[i]! - meanB;
    ab += fromA * fromB;
    aa += fromA * fromA;
    bb += fromB * fromB;
  }
  return ab / Math.sqrt(aa * bb);
};

const points = (shape: Float32Array, scale: number, into: Float32Array, at: number): void => {
  let next = at;
  const cut = ({ from, to }: Part, step: number): void => {
    for (let i = from; i + step <= to; i += step) {
      let sum = 0;
      for (let k = i; k < i + step; k++) sum += shape[k]!;
      into[next++] = bounded((sum * scale) / step, 2);
    }
  };
  cut(QRS_PART, QRS_STEP);
  cut(P_PART, P_STEP);
  cut(T_PART, T_STEP);
};

/** How much of a shape outside the QRS is jitter from sample to sample, in its own height. */
const roughnessOf = (shape: Float32Array): number => {
  let sum = 0;
  let count = 0;
  for (const { from, to } of [P_PART, T_PART]) {
    for (let i = from + 1; i < to - 1; i++, count++) {
      const bend = shape[i + 1]! - 2 * shape[i]! + shape[i - 1]!;
      sum += bend * bend;
    }
  }
  return Math.sqrt(sum / count);
};

/** What the normal's R peak is multiplied with to be 1: its own height and sign, so that gain and polarity do not matter. */
const scaleOf = (normal: Float32Array): number => {
  const height = peakOf(normal, QRS_PART);
  return Math.abs(height) < HEIGHT_LEAST_MV ? 0 : 1 / height;
};
/** Below this a lead shows no QRS to measure by. */
const HEIGHT_LEAST_MV = 0.02;

const logRatio = (a: number, b: number): number => bounded(Math.log((a + 1e-4) / (b + 1e-4)), 2);

/** Measures a beat in one lead beside the bed's own normal; written into `into` from `at` on. */
export const measure = (beat: Float32Array, normal: Float32Array, into: Float32Array, at: number): void => {
  const scale = scaleOf(normal);
  const size = Math.abs(scale);
  const width = widthOf(beat, QRS_PART);
  into[at] = bounded(peakOf(beat, QRS_PART) * scale, 2);
  into[at + 1] = bounded(width / 25 - 1, 1.5);
  into[at + 2] = bounded((width - widthOf(normal, QRS_PART)) / 12, 2);
  into[at + 3] = logRatio(steepestOf(beat, QRS_PART), steepestOf(normal, QRS_PART));
  into[at + 4] = correlationOf(beat, normal, QRS_PART);
  into[at + 5] = correlationOf(beat, normal, P_PART);
  into[at + 6] = correlationOf(beat, normal, T_PART);
  into[at + 7] = bounded(2 * spreadOf(beat, normal, QRS_PART) * size, 2);
  into[at + 8] = bounded(5 * spreadOf(beat, normal, P_PART) * size, 2);
  into[at + 9] = bounded(3 * spreadOf(beat, normal, T_PART) * size, 2);
  into[at + 10] = logRatio(sizeOf(beat, QRS_PART), sizeOf(normal, QRS_PART));
  into[at + 11] = bounded(20 * roughnessOf(beat) * size, 2);
};

/** Room for a difference, written whole by each call. */
const apart = new Float32Array(SHAPE_LENGTH);

/** A beat's difference from the bed's own normal in one lead, down-sampled, in the normal's height. */
export const difference = (beat: Float32Array, normal: Float32Array, into: Float32Array, at: number): void => {
  for (let i = 0; i < SHAPE_LENGTH; i++) apart[i] = beat[i]! - normal[i]!;
  points(apart, 2 * scaleOf(normal), into, at);
};
