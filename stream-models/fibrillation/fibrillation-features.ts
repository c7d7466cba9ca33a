import { ECG_RATE_HZ } from '../ecg/sighting.ts';
import { type RankRoom, rankedValue, rankRoom, sortIntoBuckets } from './order-statistics.ts';
import { type PeriodicityRoom, periodicityOf, periodicityRoom } from './periodicity.ts';
import { type PowerRoom, powerRoom, wavePower } from './wave-power.ts';
import { count2Of, crossingOf, leakageOf, type PlaneRoom, planeOf, planeRoom } from './wave-shape.ts';

/**
 * What a stretch of one lead (band-passed, mV, 250 Hz) looks like when one asks "is this fibrillation or flutter?".
 * Nothing here needs a beat. Each feature is published; names of the sources stand beside the functions (wave-shape.ts,
 * periodicity.ts, wave-power.ts).
 */
export interface FibrillationFeatures {
  /** What is left after a shift by half a mean period and a sum: 0 for a sine, about 1 for sharp QRS complexes. */
  readonly leakage: number;
  /** Mean share of samples above a fifth of their own second's greatest amplitude. */
  readonly crossing: number;
  /** Share of 13–16.5 Hz samples that lie between their mean and their greatest value. */
  readonly count2: number;
  /** Share of a 40 × 40 phase plane (delay 0.5 s) that the signal visits. */
  readonly plane: number;
  /** Median of |slope| over its 98th percentile: small where sharp complexes stand on a quiet line. */
  readonly evenness: number;
  /** Median of |amplitude| over its 98th percentile. */
  readonly fullness: number;
  /** Highest autocorrelation at a lag of 120 to 600 ms. */
  readonly periodicity: number;
  /** Share of the power (0.5–30 Hz) below 2.6 Hz, that is below 156/min. */
  readonly powerSlow: number;
  /** Share of the power within 2.6–8 Hz. */
  readonly powerMiddle: number;
  /** Share of the power within 9–30 Hz. */
  readonly power9up: number;
  /** Frequency of the greatest power within 0.5–30 Hz, in Hz. */
  readonly peakHz: number;
  /** Share of the power within 0.7 times to 1.4 times the peak frequency. */
  readonly peakShare: number;
  /** 98th percentile of |amplitude|, mV. */
  readonly amplitudeMv: number;
}

/** Room to work in for stretches of one length. */
interface Room {
  readonly count: number;
  readonly x: Float64Array;
  readonly magnitudes: Float64Array;
  readonly slopes: Float64Array;
  readonly filtered: Float64Array;
  readonly rank: RankRoom;
  readonly plane: PlaneRoom;
  readonly periodicity: PeriodicityRoom;
  readonly power: PowerRoom;
}

const roomFor = (count: number): Room => ({
  count,
  x: new Float64Array(count),
  magnitudes: new Float64Array(count),
  slopes: new Float64Array(count),
  filtered: new Float64Array(count),
  rank: rankRoom(count),
  plane: planeRoom(count),
  periodicity: periodicityRoom(count),
  power: powerRoom(count),
});

/**
 * Room for the usual four seconds, made once: a look once a second at every lead of every bed would else leave 40 KB each
 * time. Nothing in it outlives a call, and no call begins within another; every value read was written in the same call.
 */
const usualRoom = roomFor(4 * ECG_RATE_HZ);

/** The least and greatest sample without the mean, and the steepest step. */
interface Extremes {
  readonly low: number;
  readonly high: number;
  readonly steepest: number;
}

/** The samples without their mean, how large they are, and how steep (over two samples). */
const prepare = (samplesMv: Float64Array, mean: number, { count, x, magnitudes, slopes }: Room): Extremes => {
  let before = 0;
  let now = 0;
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  let steepest = 0;
  for (let i = 0; i < count; i++) {
    const value = samplesMv[i]! - mean;
    const slope = i >= 2 ? Math.abs(value - before) : 0;
    x[i] = value;
    magnitudes[i] = Math.abs(value);
    slopes[i] = slope;
    if (value < low) low = value;
    if (value > high) high = value;
    if (slope > steepest) steepest = slope;
    before = now;
    now = value;
  }
  return { low, high, steepest };
};

/** The median over the 98th percentile: 0 where that is 0. No value is negative, none above `greatest`. */
const evennessOf = (
  values: Float64Array,
  count: number,
  greatest: number,
  room: RankRoom,
): { readonly ratio: number; readonly high: number } => {
  sortIntoBuckets(values, count, greatest, room);
  const middle = rankedValue(values, count, Math.floor(count / 2), room);
  const high = rankedValue(values, count, Math.floor(count * 0.98), room);
  return { ratio: high === 0 ? 0 : middle / high, high };
};

/**
 * Looks at a stretch (usually 4 s, 1,000 samples). undefined when a sample is missing, or when there is nothing to look
 * at: a line without any deflection.
 */
export const fibrillationFeatures = (samplesMv: Float64Array): FibrillationFeatures | undefined => {
  const count = samplesMv.length;
  if (count < ECG_RATE_HZ) return undefined;
  let sum = 0;
  for (let i = 0; i < count; i++) sum += samplesMv[i]!;
  if (!Number.isFinite(sum)) return undefined;
  const room = count === usualRoom.count ? usualRoom : roomFor(count);
  const { x, magnitudes } = room;
  const { low, high, steepest } = prepare(samplesMv, sum / count, room);
  const amplitude = evennessOf(magnitudes, count, Math.max(-low, high), room.rank);
  if (!(amplitude.high > 1e-6)) return undefined;
  const power = wavePower(x, room.power);
  return {
    leakage: leakageOf(x, magnitudes, count),
    crossing: crossingOf(magnitudes, count),
    count2: count2Of(x, count, room.filtered),
    plane: planeOf(x, count, low, high, room.plane),
    evenness: evennessOf(room.slopes, count, steepest, room.rank).ratio,
    fullness: amplitude.ratio,
    periodicity: periodicityOf(x, count, room.periodicity),
    powerSlow: power.slow,
    powerMiddle: power.middle,
    power9up: power.from9Hz,
    peakHz: power.peakHz,
    peakShare: power.peakShare,
    amplitudeMv: amplitude.high,
  };
};
