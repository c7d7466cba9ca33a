/**
 * The features of `fibrillationFeatures` as their formulas read, without any care for speed: what the fast ones of
 * stream-models/rhythm are compared with, to the last bit.
 */
import { ECG_RATE_HZ } from '../../stream-models/ecg/sighting.ts';
import type { FibrillationFeatures } from '../../stream-models/fibrillation/fibrillation-features.ts';

/** Kuo and Dillman 1978, as stated by Amann 2005 (BioMed Eng OnLine 4:60): mean period from mean |x| over mean |dx|. */
const leakage = (x: Float64Array): number => {
  let sum = 0;
  let slope = 0;
  for (let i = 1; i < x.length; i++) {
    sum += Math.abs(x[i]!);
    slope += Math.abs(x[i]! - x[i - 1]!);
  }
  if (slope === 0) return 1;
  const half = Math.max(1, Math.min(Math.floor((Math.PI * sum) / slope + 0.5), x.length - 2));
  let left = 0;
  let whole = 0;
  for (let i = half; i < x.length; i++) {
    left += Math.abs(x[i]! + x[i - half]!);
    whole += Math.abs(x[i]!) + Math.abs(x[i - half]!);
  }
  return whole === 0 ? 1 : left / whole;
};

/** Arafat 2011 (threshold crossing sample count), on each whole second with its own maximum. */
const crossing = (x: Float64Array): number => {
  let shares = 0;
  let stretches = 0;
  for (let start = 0; start + ECG_RATE_HZ <= x.length; start += ECG_RATE_HZ / 2) {
    let greatest = 0;
    for (let i = start; i < start + ECG_RATE_HZ; i++) greatest = Math.max(greatest, Math.abs(x[i]!));
    let above = 0;
    for (let i = start; i < start + ECG_RATE_HZ; i++) if (Math.abs(x[i]!) > 0.2 * greatest) above++;
    shares += above / ECG_RATE_HZ;
    stretches++;
  }
  return stretches === 0 ? 0 : shares / stretches;
};

/** Jekova and Krasteva 2004: integer band-pass around 14.6 Hz at 250 Hz, then counted per second. */
const count2 = (x: Float64Array): number => {
  const filtered = new Float64Array(x.length);
  for (let i = 2; i < x.length; i++)
    filtered[i] = (14 * filtered[i - 1]! - 7 * filtered[i - 2]! + (x[i]! - x[i - 2]!) / 2) / 8;
  let shares = 0;
  let stretches = 0;
  for (let start = 0; start + ECG_RATE_HZ <= x.length; start += ECG_RATE_HZ) {
    let sum = 0;
    for (let i = start; i < start + ECG_RATE_HZ; i++) sum += Math.abs(filtered[i]!);
    const mean = sum / ECG_RATE_HZ;
    let above = 0;
    for (let i = start; i < start + ECG_RATE_HZ; i++) if (Math.abs(filtered[i]!) >= mean) above++;
    shares += above / ECG_RATE_HZ;
    stretches++;
  }
  return stretches === 0 ? 0 : shares / stretches;
};

const PLANE = 40;

/** Amann 2007 (phase space reconstruction): x(t) against x(t + 0.5 s). */
const plane = (x: Float64Array): number => {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < x.length; i++) {
    low = Math.min(low, x[i]!);
    high = Math.max(high, x[i]!);
  }
  if (!(high > low)) return 0;
  const visited = new Uint8Array(PLANE * PLANE);
  const scale = (PLANE - 1e-9) / (high - low);
  const delay = ECG_RATE_HZ / 2;
  let boxes = 0;
  for (let i = 0; i + delay < x.length; i++) {
    const box = Math.floor((x[i]! - low) * scale) * PLANE + Math.floor((x[i + delay]! - low) * scale);
    boxes += 1 - visited[box]!;
    visited[box] = 1;
  }
  return boxes / (PLANE * PLANE);
};

const evennessOf = (magnitudes: Float64Array): { readonly ratio: number; readonly high: number } => {
  magnitudes.sort();
  const middle = magnitudes[Math.floor(magnitudes.length / 2)] ?? 0;
  const high = magnitudes[Math.floor(magnitudes.length * 0.98)] ?? 0;
  return { ratio: high === 0 ? 0 : middle / high, high };
};

/** Lags in samples of every second sample (8 ms): 120 ms is 500/min, 600 ms is 100/min. */
const LAG_MIN = 15;
const LAG_MAX = 75;

const periodicity = (x: Float64Array): number => {
  const count = x.length >> 1;
  let best = 0;
  for (let lag = LAG_MIN; lag <= LAG_MAX; lag++) {
    let product = 0;
    let before = 0;
    let behind = 0;
    for (let i = lag; i < count; i++) {
      const a = x[2 * i]!;
      const b = x[2 * (i - lag)]!;
      product += a * b;
      before += a * a;
      behind += b * b;
    }
    const norm = Math.sqrt(before * behind);
    if (norm > 0) best = Math.max(best, product / norm);
  }
  return best;
};

const POINTS = 512;
const COSINES = Float64Array.from({ length: POINTS / 2 }, (_, k) => Math.cos((2 * Math.PI * k) / POINTS));
const SINES = Float64Array.from({ length: POINTS / 2 }, (_, k) => Math.sin((2 * Math.PI * k) / POINTS));

/** Power at k × 125/512 Hz, k below 256, of every second sample, Hann-windowed. */
const powers = (x: Float64Array): Float64Array => {
  const real = new Float64Array(POINTS);
  const imaginary = new Float64Array(POINTS);
  const count = Math.min(POINTS, x.length >> 1);
  for (let i = 0; i < count; i++) {
    const window = 0.5 - 0.5 * Math.cos((2 * Math.PI * (i + 0.5)) / count);
    // Bit reversal of nine bits.
    let at = 0;
    for (let bit = 0; bit < 9; bit++) at |= ((i >> bit) & 1) << (8 - bit);
    real[at] = window * ((x[2 * i]! + x[2 * i + 1]!) / 2);
  }
  for (let size = 2; size <= POINTS; size *= 2) {
    const half = size / 2;
    const stride = POINTS / size;
    for (let start = 0; start < POINTS; start += size)
      for (let k = 0; k < half; k++) {
        const a = start + k;
        const b = a + half;
        const c = COSINES[k * stride]!;
        const s = SINES[k * stride]!;
        const re = real[b]! * c + imaginary[b]! * s;
        const im = imaginary[b]! * c - real[b]! * s;
        real[b] = real[a]! - re;
        imaginary[b] = imaginary[a]! - im;
        real[a] = real[a]! + re;
        imaginary[a] = imaginary[a]! + im;
      }
  }
  const power = new Float64Array(POINTS / 2);
  for (let k = 0; k < power.length; k++) power[k] = real[k]! * real[k]! + imaginary[k]! * imaginary[k]!;
  return power;
};

const HZ_PER_BIN = ECG_RATE_HZ / 2 / POINTS;
const binOf = (hz: number): number => Math.round(hz / HZ_PER_BIN);

const sumOver = (power: Float64Array, fromHz: number, toHz: number): number => {
  let sum = 0;
  for (let k = binOf(fromHz); k < binOf(toHz); k++) sum += power[k]!;
  return sum;
};

/** What `fibrillationFeatures` promises. */
export const plainFeatures = (samplesMv: Float64Array): FibrillationFeatures | undefined => {
  let sum = 0;
  for (let i = 0; i < samplesMv.length; i++) sum += samplesMv[i]!;
  if (!Number.isFinite(sum) || samplesMv.length < ECG_RATE_HZ) return undefined;
  const mean = sum / samplesMv.length;
  const x = new Float64Array(samplesMv.length);
  const magnitudes = new Float64Array(samplesMv.length);
  const slopes = new Float64Array(samplesMv.length);
  for (let i = 0; i < x.length; i++) {
    x[i] = samplesMv[i]! - mean;
    magnitudes[i] = Math.abs(x[i]!);
    if (i >= 2) slopes[i] = Math.abs(x[i]! - x[i - 2]!);
  }
  const amplitude = evennessOf(magnitudes);
  if (!(amplitude.high > 1e-6)) return undefined;
  const power = powers(x);
  const all = sumOver(power, 0.5, 30);
  let peak = binOf(0.5);
  for (let k = peak; k < binOf(30); k++) if (power[k]! > power[peak]!) peak = k;
  const peakHz = peak * HZ_PER_BIN;
  return {
    leakage: leakage(x),
    crossing: crossing(x),
    count2: count2(x),
    plane: plane(x),
    evenness: evennessOf(slopes).ratio,
    fullness: amplitude.ratio,
    periodicity: periodicity(x),
    powerSlow: sumOver(power, 0.5, 2.6) / all,
    powerMiddle: sumOver(power, 2.6, 8) / all,
    power9up: sumOver(power, 9, 30) / all,
    peakHz,
    peakShare: sumOver(power, 0.7 * peakHz, 1.4 * peakHz) / all,
    amplitudeMv: amplitude.high,
  };
};
