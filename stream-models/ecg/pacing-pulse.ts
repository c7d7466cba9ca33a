/**
 * A pacemaker's pulse lasts 0.1 to 2 ms, and no more than some milliseconds in the samples of a monitor. It is taken out of them before they
 * are resampled: the resampler's kernel would make ringing of it, which looks like a QRS complex.
 */
import { ECG_RATE_HZ } from './sighting.ts';

/** Places in the state: the last value, the last that came calmly, the steepest step lately, samples since the calm one, samples held. */
const LAST = 0;
const LEVEL = 1;
const STEP = 2;
const SINCE = 3;
const HELD = 4;

/** A lead of which no sample has been heard yet. */
export const startPulse = (): Float64Array => Float64Array.of(Number.NaN, Number.NaN, 0, 0, 0);

// Chosen so that nothing in mitdb-ds1 (360 Hz, and made 180 and 120 of it) and vfdb-dev is a pulse: no heart is so steep out of calm.

/** A pulse is higher and steeper than this, within so long out of calm. */
const PULSE_MV = 0.8;
const PULSE_MV_PER_S = 300;
const RISE_SECONDS = 0.004;
/** Calm: no step of more than this, of those before each counting for less. */
const CALM_MV = 0.15;
const CALM_FADES = 0.6;
/** It is over when the line is back within this, or after so long: what is still there then is signal. */
const OVER_MV = 0.15;
const PULSE_SECONDS = 0.01;

/**
 * The samples (mV, NaN where there is none) with the level before it in place of each pulse; the same array where there is none. `state` is
 * changed in place. What is answered does not depend on how the samples were cut.
 */
export const withoutPulses = (state: Float64Array, samples: Float32Array, rateHz: number): Float32Array => {
  const fades = CALM_FADES ** (ECG_RATE_HZ / rateHz);
  const riseMax = Math.max(1, Math.floor(RISE_SECONDS * rateHz));
  const heldMax = Math.ceil(PULSE_SECONDS * rateHz);
  let cleared = samples;
  let last = state[LAST]!;
  let level = state[LEVEL]!;
  let step = state[STEP]!;
  let since = state[SINCE]!;
  let held = state[HELD]!;
  for (let i = 0; i < samples.length; i++) {
    const x = samples[i]!;
    if (Number.isNaN(x) || Number.isNaN(last)) {
      last = x;
      level = x;
      step = 0;
      since = 0;
      held = 0;
      continue;
    }
    const away = Math.abs(x - level);
    const least = Math.max(PULSE_MV, (PULSE_MV_PER_S * (since + 1)) / rateHz);
    if (held === 0 ? since < riseMax && away > least : away > OVER_MV && held < heldMax) {
      if (cleared === samples) cleared = samples.slice();
      cleared[i] = level;
      last = level;
      held++;
      continue;
    }
    step = Math.max(Math.abs(x - last), fades * step);
    held = 0;
    last = x;
    if (step < CALM_MV) {
      level = x;
      since = 0;
    } else since++;
  }
  state[LAST] = last;
  state[LEVEL] = level;
  state[STEP] = step;
  state[SINCE] = since;
  state[HELD] = held;
  return cleared;
};
