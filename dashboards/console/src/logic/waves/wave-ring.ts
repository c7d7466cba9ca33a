import { NO_SAMPLE } from '../../../../../schemas/no-sample.ts';

/**
 * The last seconds of one signal, by sample number, in physical units. Samples that never came are NaN: a hole stays a hole.
 * One Float32Array, written in place; the number of a sample is counted from the first one heard.
 */
export interface WaveRing {
  readonly values: Float32Array;
  readonly rateHz: number;
  /** Time of sample number 0; moves by less than two samples when the device's clock drifts against its rate. */
  originUs: number;
  /** Number after the last sample written. */
  next: number;
  /** Samples below this number have been painted; a write below it asks for a new painting. */
  painted: number;
  /** Counts writes below `painted`. */
  rewritten: number;
}

export const RING_SECONDS = 24;

export const makeWaveRing = (rateHz: number, startUs: number): WaveRing => ({
  values: new Float32Array(Math.ceil(rateHz * RING_SECONDS)).fill(Number.NaN),
  rateHz,
  originUs: startUs,
  next: 0,
  painted: 0,
  rewritten: 0,
});

export const timeOfSample = (ring: WaveRing, sample: number): number => ring.originUs + (sample / ring.rateHz) * 1e6;
export const sampleAt = (ring: WaveRing, timeUs: number): number => ((timeUs - ring.originUs) * ring.rateHz) / 1e6;

/** NaN: no sample was heard there, or it has been overwritten since. */
export const valueAt = (ring: WaveRing, sample: number): number => {
  if (sample < 0 || sample >= ring.next || sample < ring.next - ring.values.length) return Number.NaN;
  return ring.values[sample % ring.values.length]!;
};

/**
 * Writes one stretch. Within a sample and a half of its neighbour it is joined to it (rates and clocks never agree to the last
 * microsecond); anything further is a gap and stays one. Returns false when the stretch lies too far away for this ring: begin a new one.
 */
export const writeWave = (
  ring: WaveRing,
  startUs: number,
  samples: Int16Array,
  gain: number,
  offset: number,
): boolean => {
  const { values } = ring;
  const size = values.length;
  const exact = sampleAt(ring, startUs);
  let first = Math.round(exact);
  if (Math.abs(exact - ring.next) <= 1.5) {
    first = ring.next;
    ring.originUs += ((exact - first) / ring.rateHz) * 1e6;
  }
  const end = first + samples.length;
  if (first < 0 || first < ring.next - size || first > ring.next + 10 * size || samples.length > size) return false;
  for (let i = Math.max(ring.next, first - size); i < first; i++) values[i % size] = Number.NaN;
  if (first < ring.painted) ring.rewritten += 1;
  for (let i = 0; i < samples.length; i++) {
    const raw = samples[i]!;
    values[(first + i) % size] = raw === NO_SAMPLE ? Number.NaN : (raw - offset) * gain;
  }
  if (end > ring.next) ring.next = end;
  return true;
};

export interface Span {
  readonly low: number;
  readonly high: number;
}

/** Lowest and highest value of a stretch; undefined when nothing was heard in it. */
export const spanOf = (ring: WaveRing, from: number, to: number): Span | undefined => {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (let i = Math.max(0, from); i < to; i++) {
    const value = valueAt(ring, i);
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return low <= high ? { low, high } : undefined;
};
