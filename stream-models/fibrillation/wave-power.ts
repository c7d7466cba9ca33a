import { ECG_RATE_HZ } from '../ecg/sighting.ts';

const POINTS = 512;
const COSINES = Float64Array.from({ length: POINTS / 2 }, (_, k) => Math.cos((2 * Math.PI * k) / POINTS));
const SINES = Float64Array.from({ length: POINTS / 2 }, (_, k) => Math.sin((2 * Math.PI * k) / POINTS));
/** Where each sample stands before the first stage: its nine bits reversed. */
const PLACES = Uint16Array.from({ length: POINTS }, (_, i) => {
  let place = 0;
  for (let bit = 0; bit < 9; bit++) place |= ((i >> bit) & 1) << (8 - bit);
  return place;
});

const hann = (count: number): Float64Array =>
  Float64Array.from({ length: count }, (_, i) => 0.5 - 0.5 * Math.cos((2 * Math.PI * (i + 0.5)) / count));

/** Room to work in for a stretch of so many samples, with its window function. */
export interface PowerRoom {
  readonly window: Float64Array;
  readonly real: Float64Array;
  readonly imaginary: Float64Array;
  readonly power: Float64Array;
}

/** Room to work in for windows of `count` samples, made once. */
export const powerRoom = (count: number): PowerRoom => ({
  window: hann(Math.min(POINTS, count >> 1)),
  real: new Float64Array(POINTS),
  imaginary: new Float64Array(POINTS),
  power: new Float64Array(POINTS / 2),
});

/** Every second sample (each the mean of two) under the window, at its place. Nothing is imaginary yet. */
const placeSamples = (x: Float64Array, { window, real, imaginary }: PowerRoom): void => {
  real.fill(0);
  imaginary.fill(0);
  for (let i = 0; i < window.length; i++) real[PLACES[i]!] = window[i]! * ((x[2 * i]! + x[2 * i + 1]!) / 2);
};

/** The first stage of the transform: still nothing is imaginary, and every factor is 1. */
const joinPairs = (real: Float64Array): void => {
  for (let a = 0; a < POINTS; a += 2) {
    const first = real[a]!;
    const second = real[a + 1]!;
    real[a] = first + second;
    real[a + 1] = first - second;
  }
};

/**
 * Two stages of the transform in one pass: four stretches of `quarter` points become one. The sums are those of two passes,
 * to the last bit; only the numbers between the stages need not be stored.
 */
const joinQuarters = (real: Float64Array, imaginary: Float64Array, quarter: number): void => {
  const stride = POINTS / (4 * quarter);
  for (let k = 0; k < quarter; k++) {
    const c = COSINES[2 * k * stride]!;
    const s = SINES[2 * k * stride]!;
    const cNear = COSINES[k * stride]!;
    const sNear = SINES[k * stride]!;
    const cFar = COSINES[(k + quarter) * stride]!;
    const sFar = SINES[(k + quarter) * stride]!;
    for (let i0 = k; i0 < POINTS; i0 += 4 * quarter) {
      const i1 = i0 + quarter;
      const i2 = i1 + quarter;
      const i3 = i2 + quarter;
      const re1 = real[i1]! * c + imaginary[i1]! * s;
      const im1 = imaginary[i1]! * c - real[i1]! * s;
      const re3 = real[i3]! * c + imaginary[i3]! * s;
      const im3 = imaginary[i3]! * c - real[i3]! * s;
      const reB = real[i0]! - re1;
      const imB = imaginary[i0]! - im1;
      const reA = real[i0]! + re1;
      const imA = imaginary[i0]! + im1;
      const reD = real[i2]! - re3;
      const imD = imaginary[i2]! - im3;
      const reC = real[i2]! + re3;
      const imC = imaginary[i2]! + im3;
      const reNear = reC * cNear + imC * sNear;
      const imNear = imC * cNear - reC * sNear;
      const reFar = reD * cFar + imD * sFar;
      const imFar = imD * cFar - reD * sFar;
      real[i0] = reA + reNear;
      imaginary[i0] = imA + imNear;
      real[i1] = reB + reFar;
      imaginary[i1] = imB + imFar;
      real[i2] = reA - reNear;
      imaginary[i2] = imA - imNear;
      real[i3] = reB - reFar;
      imaginary[i3] = imB - imFar;
    }
  }
};

const QUARTER = POINTS / 4;

/** The last two stages, for some bins of the lower half of the spectrum alone: `sign` −1 from a quarter of the points on. */
const joinBins = ({ real, imaginary, power }: PowerRoom, from: number, to: number): void => {
  for (let bin = from; bin < to; bin++) {
    const i = bin % QUARTER;
    const sign = bin < QUARTER ? 1 : -1;
    const c = sign * COSINES[2 * i]!;
    const s = sign * SINES[2 * i]!;
    const i1 = i + QUARTER;
    const i2 = i1 + QUARTER;
    const i3 = i2 + QUARTER;
    const re0 = real[i]! + (real[i1]! * c + imaginary[i1]! * s);
    const im0 = imaginary[i]! + (imaginary[i1]! * c - real[i1]! * s);
    const re2 = real[i2]! + (real[i3]! * c + imaginary[i3]! * s);
    const im2 = imaginary[i2]! + (imaginary[i3]! * c - real[i3]! * s);
    const re = re0 + (re2 * COSINES[bin]! + im2 * SINES[bin]!);
    const im = im0 + (im2 * COSINES[bin]! - re2 * SINES[bin]!);
    power[bin] = re * re + im * im;
  }
};

const HZ_PER_BIN = ECG_RATE_HZ / 2 / POINTS;
const binOf = (hz: number): number => Math.round(hz / HZ_PER_BIN);

const sumOver = (power: Float64Array, fromHz: number, toHz: number): number => {
  let sum = 0;
  const to = binOf(toHz);
  for (let k = binOf(fromHz); k < to; k++) sum += power[k]!;
  return sum;
};

/** Shares are of the power within 0.5–30 Hz. */
export interface WavePower {
  readonly slow: number;
  readonly middle: number;
  readonly from9Hz: number;
  readonly peakHz: number;
  readonly peakShare: number;
}

const LOWEST = binOf(0.5);
const END = binOf(30);

/** Power of every second sample at 512 points (0.24 Hz apart), Hann-windowed. `room` must be made for `count` samples. */
export const wavePower = (x: Float64Array, room: PowerRoom): WavePower => {
  const { real, imaginary, power } = room;
  placeSamples(x, room);
  joinPairs(real);
  joinQuarters(real, imaginary, 2);
  joinQuarters(real, imaginary, 8);
  joinQuarters(real, imaginary, 32);
  joinBins(room, 0, END);
  let peak = LOWEST;
  for (let k = LOWEST; k < END; k++) if (power[k]! > power[peak]!) peak = k;
  const peakHz = peak * HZ_PER_BIN;
  // A peak above 21 Hz is rare; only then does its neighbourhood reach beyond 30 Hz.
  joinBins(room, END, binOf(1.4 * peakHz));
  const all = sumOver(power, 0.5, 30);
  return {
    slow: sumOver(power, 0.5, 2.6) / all,
    middle: sumOver(power, 2.6, 8) / all,
    from9Hz: sumOver(power, 9, 30) / all,
    peakHz,
    peakShare: sumOver(power, 0.7 * peakHz, 1.4 * peakHz) / all,
  };
};
