/**
 * What the shape of a wave says, without looking for beats. All work on the first `count` samples (250 Hz) of an array that may
 * be longer. Each is written so that its results are, to the last bit, those of the plain formulas in
 * test/fibrillation/plain-features.ts.
 */
import { ECG_RATE_HZ } from '../ecg/sighting.ts';

/** Kuo and Dillman 1978, as stated by Amann 2005 (BioMed Eng OnLine 4:60): mean period from mean |x| over mean |dx|. */
export const leakageOf = (x: Float64Array, magnitudes: Float64Array, count: number): number => {
  let sum = 0;
  let slope = 0;
  for (let i = 1; i < count; i++) {
    sum += magnitudes[i]!;
    slope += Math.abs(x[i]! - x[i - 1]!);
  }
  if (slope === 0) return 1;
  const half = Math.max(1, Math.min(Math.floor((Math.PI * sum) / slope + 0.5), count - 2));
  let left = 0;
  let whole = 0;
  for (let i = half, before = 0; i < count; i++, before++) {
    left += Math.abs(x[i]! + x[before]!);
    whole += magnitudes[i]! + magnitudes[before]!;
  }
  return whole === 0 ? 1 : left / whole;
};

const HALF_SECOND = ECG_RATE_HZ / 2;

const greatestIn = (magnitudes: Float64Array, from: number, to: number): number => {
  let greatest = 0;
  for (let i = from; i < to; i++) if (magnitudes[i]! > greatest) greatest = magnitudes[i]!;
  return greatest;
};

/** A comparison as a number, not as a branch: where a wave crosses a limit cannot be foretold. */
const countAbove = (magnitudes: Float64Array, from: number, to: number, limit: number): number => {
  let above = 0;
  for (let i = from; i < to; i++) above = (above + Number(magnitudes[i]! > limit)) | 0;
  return above;
};

/** Arafat 2011 (threshold crossing sample count), on each whole second, half a second apart, with its own maximum. */
export const crossingOf = (magnitudes: Float64Array, count: number): number => {
  let shares = 0;
  let stretches = 0;
  let first = greatestIn(magnitudes, 0, HALF_SECOND);
  for (let start = 0; start + ECG_RATE_HZ <= count; start += HALF_SECOND) {
    const second = greatestIn(magnitudes, start + HALF_SECOND, start + ECG_RATE_HZ);
    const limit = 0.2 * Math.max(first, second);
    shares += countAbove(magnitudes, start, start + ECG_RATE_HZ, limit) / ECG_RATE_HZ;
    stretches++;
    first = second;
  }
  return stretches === 0 ? 0 : shares / stretches;
};

/**
 * The integer band-pass of Jekova and Krasteva 2004 around 14.6 Hz at 250 Hz, as |magnitude|:
 * (14 y1 − 7 y2 + (x − x2) / 2) / 8. Divided by 8 term by term, which is exact and a shorter chain.
 */
const filterMagnitudes = (x: Float64Array, count: number, filtered: Float64Array): void => {
  let y1 = 0;
  let y2 = 0;
  filtered[0] = 0;
  filtered[1] = 0;
  for (let i = 2; i < count; i++) {
    const y = 1.75 * y1 - 0.875 * y2 + (x[i]! - x[i - 2]!) / 16;
    filtered[i] = Math.abs(y);
    y2 = y1;
    y1 = y;
  }
};

const meanIn = (values: Float64Array, from: number, to: number): number => {
  let sum = 0;
  for (let i = from; i < to; i++) sum += values[i]!;
  return sum / (to - from);
};

const countFrom = (values: Float64Array, from: number, to: number, limit: number): number => {
  let count = 0;
  for (let i = from; i < to; i++) count = (count + Number(values[i]! >= limit)) | 0;
  return count;
};

/** Jekova and Krasteva 2004: counted per second on the band-passed wave. `filtered` is room to work in. */
export const count2Of = (x: Float64Array, count: number, filtered: Float64Array): number => {
  filterMagnitudes(x, count, filtered);
  let shares = 0;
  let stretches = 0;
  for (let start = 0; start + ECG_RATE_HZ <= count; start += ECG_RATE_HZ) {
    const mean = meanIn(filtered, start, start + ECG_RATE_HZ);
    shares += countFrom(filtered, start, start + ECG_RATE_HZ, mean) / ECG_RATE_HZ;
    stretches++;
  }
  return stretches === 0 ? 0 : shares / stretches;
};

const PLANE = 40;

/** Room to work in for the phase plane: the row of each sample, and which boxes were visited. */
export interface PlaneRoom {
  readonly rows: Uint8Array;
  readonly visited: Uint8Array;
}

/** Room to work in for windows of `count` samples, made once. */
export const planeRoom = (count: number): PlaneRoom => ({
  rows: new Uint8Array(count),
  visited: new Uint8Array(PLANE * PLANE),
});

const fillRows = (x: Float64Array, count: number, low: number, scale: number, rows: Uint8Array): void => {
  for (let i = 0; i < count; i++) rows[i] = ((x[i]! - low) * scale) | 0;
};

const countBoxes = (rows: Uint8Array, count: number, visited: Uint8Array): number => {
  let boxes = 0;
  for (let i = HALF_SECOND, before = 0; i < count; i++, before++) {
    const box = rows[before]! * PLANE + rows[i]!;
    boxes += 1 - visited[box]!;
    visited[box] = 1;
  }
  return boxes;
};

/** Amann 2007 (phase space reconstruction): x(t) against x(t + 0.5 s). `low`, `high`: the least and the greatest of x. */
export const planeOf = (
  x: Float64Array,
  count: number,
  low: number,
  high: number,
  { rows, visited }: PlaneRoom,
): number => {
  if (!(high > low)) return 0;
  fillRows(x, count, low, (PLANE - 1e-9) / (high - low), rows);
  visited.fill(0);
  return countBoxes(rows, count, visited) / (PLANE * PLANE);
};
