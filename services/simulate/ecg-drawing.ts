/**
 * The samples of one frame of one bed. The hot part of the simulator: typed arrays and plain loops; shapes of beats and
 * the noise are made once and only added up here.
 */
import { AFTER, BEFORE, beatShape, ECG_HZ, PLETH_HZ, PULSE, PULSE_DELAY_S, pulseShape } from './beat-shapes.ts';
import { type WardDice, wardDiceFrom } from './dice.ts';
import type { HeartBeat } from './heart.ts';

/** What beats have put ahead of the frame's first sample; index 0 is that sample. */
export interface Ahead {
  readonly ii: Float32Array;
  readonly v1: Float32Array;
  readonly pleth: Float32Array;
}

/** Room for a frame of a second, the look-ahead and the tail of the last beat in it. */
const ECG_AHEAD = ECG_HZ + 2 * BEFORE + AFTER;
const PLETH_AHEAD = PLETH_HZ + PULSE + Math.ceil((PULSE_DELAY_S + (2 * BEFORE) / ECG_HZ) * PLETH_HZ);

/** Lines on which no beat was drawn yet. */
export const nothingAhead = (): Ahead => ({
  ii: new Float32Array(ECG_AHEAD),
  v1: new Float32Array(ECG_AHEAD),
  pleth: new Float32Array(PLETH_AHEAD),
});

/** What is still ahead after so many samples were taken. */
export const advanced = (ahead: Ahead, ecgTaken: number, plethTaken: number): Ahead => {
  const next = nothingAhead();
  next.ii.set(ahead.ii.subarray(ecgTaken));
  next.v1.set(ahead.v1.subarray(ecgTaken));
  next.pleth.set(ahead.pleth.subarray(plethTaken));
  return next;
};

const add = (onto: Float32Array, shape: Float32Array, from: number, scale: number): void => {
  const first = Math.max(0, -from);
  const last = Math.min(shape.length, onto.length - from);
  for (let i = first; i < last; i++) onto[from + i] = onto[from + i]! + scale * shape[i]!;
};

/** A ventricular beat fills less, one in a tachycardia hardly at all. */
const strokeOf = (beat: HeartBeat): number => Math.min(1, Math.max(0.15, (beat.intervalS - 0.25) / 0.5));

/** Adds a beat; its whole shape must lie at or after the first sample ahead (earlier samples are gone). */
export const addBeat = (
  ahead: Ahead,
  beat: HeartBeat,
  ecgFirst: number,
  plethFirst: number,
  amplitude: number,
): void => {
  const [ii, v1] = beatShape(beat.shape, beat.intervalS);
  const r = Math.round(beat.atS * ECG_HZ) - ecgFirst;
  add(ahead.ii, ii, r - BEFORE, amplitude);
  add(ahead.v1, v1, r - BEFORE, amplitude);
  const foot = Math.round((beat.atS + PULSE_DELAY_S) * PLETH_HZ) - plethFirst;
  add(ahead.pleth, pulseShape, foot, strokeOf(beat));
};

/** The state of the narrow-band process of fibrillation: its last two values. */
export interface Wavelet {
  readonly last: number;
  readonly lastButOne: number;
}
export const STILL: Wavelet = { last: 0, lastButOne: 0 };

/** Radius of the pole pair: a bandwidth of about 2 Hz at 250 Hz. */
const POLE = 0.975;

/**
 * Adds fibrillation: noise through one pair of poles at `hertz` (4 to 7 in the ventricles, about 6 in the atria), which
 * gives the irregular waxing and waning waves of one leading frequency. `rms` in mV. The second lead sees the same process
 * a little later and smaller.
 */
export const addFibrillation = (
  ahead: Ahead,
  count: number,
  before: Wavelet,
  hertz: number,
  rms: number,
  dice: WardDice,
): Wavelet => {
  const a1 = 2 * POLE * Math.cos((2 * Math.PI * hertz) / ECG_HZ);
  const a2 = -POLE * POLE;
  const gain = Math.sqrt(((1 + a2) * ((1 - a2) ** 2 - a1 * a1)) / (1 - a2));
  let { last, lastButOne } = before;
  for (let i = 0; i < count; i++) {
    const now = a1 * last + a2 * lastButOne + gain * NOISE[(dice.unit() * NOISE.length) | 0]!;
    ahead.ii[i] = ahead.ii[i]! + rms * now;
    ahead.v1[i] = ahead.v1[i]! + 0.7 * rms * lastButOne;
    lastButOne = last;
    last = now;
  }
  return { last, lastButOne };
};

/** White noise, made once; each frame begins somewhere else in it. */
const NOISE = (() => {
  const dice = wardDiceFrom(20260101);
  return Float32Array.from({ length: 4096 }, () => dice.normal());
})();

/** One step of the analogue-digital converter, in mV. */
export const ECG_GAIN_MV = 0.0025;
export const PLETH_GAIN = 0.001;
const INT16_MAX = 32_767;

const inSteps = (value: number): number => Math.max(-INT16_MAX, Math.min(INT16_MAX, Math.round(value)));

/** The first `count` samples ahead with noise and the wander of breathing, as int16 little-endian. */
export const digitized = (
  ahead: Float32Array,
  count: number,
  gain: number,
  noise: number,
  wander: (sample: number) => number,
  dice: WardDice,
): Uint8Array => {
  const steps = new Int16Array(count);
  const noiseFrom = (dice.unit() * NOISE.length) | 0;
  // The baseline moves slowly: its ends are enough for the short stretch of a frame.
  const start = wander(0);
  const slope = count > 1 ? (wander(count) - start) / count : 0;
  for (let i = 0; i < count; i++) {
    const value = ahead[i]! + noise * NOISE[(noiseFrom + i) & (NOISE.length - 1)]! + start + slope * i;
    steps[i] = inSteps(value / gain);
  }
  return new Uint8Array(steps.buffer);
};
