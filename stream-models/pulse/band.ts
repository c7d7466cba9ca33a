import { ECG_RATE_HZ } from '../ecg/sighting.ts';

/**
 * The band of a pulse wave, 0.5 to 8 Hz (Elgendi et al. 2013), as two causal second-order Butterworth sections at 250 Hz.
 * State: two numbers per section (direct form II transposed), and whether the filter is running.
 */
export const BAND_STATE_LENGTH = 5;

const HIGH_HZ = 0.5;
const LOW_HZ = 8;

const lowW = (2 * Math.PI * LOW_HZ) / ECG_RATE_HZ;
const lowAlpha = Math.sin(lowW) * Math.SQRT1_2;
const lowA0 = 1 + lowAlpha;
const LOW_B = (1 - Math.cos(lowW)) / 2 / lowA0;
const LOW_A1 = (-2 * Math.cos(lowW)) / lowA0;
const LOW_A2 = (1 - lowAlpha) / lowA0;

const highW = (2 * Math.PI * HIGH_HZ) / ECG_RATE_HZ;
const highAlpha = Math.sin(highW) * Math.SQRT1_2;
const highA0 = 1 + highAlpha;
const HIGH_B = (1 + Math.cos(highW)) / 2 / highA0;
const HIGH_A1 = (-2 * Math.cos(highW)) / highA0;
const HIGH_A2 = (1 - highAlpha) / highA0;

/**
 * Filters samples at 250 Hz into `line` from index `to` on. `state` (BAND_STATE_LENGTH) is changed in place. A missing
 * sample gives a missing one, and the filter begins anew with the next, as if that one had been there for ever.
 */
export const pulseBand = (state: Float64Array, samples: Float32Array, line: Float32Array, to: number): void => {
  let s0 = state[0]!;
  let s1 = state[1]!;
  let s2 = state[2]!;
  let s3 = state[3]!;
  let running = state[4]! !== 0;
  for (let i = 0; i < samples.length; i++) {
    const x = samples[i]!;
    if (Number.isNaN(x)) {
      running = false;
      line[to + i] = Number.NaN;
      continue;
    }
    if (!running) {
      s0 = -HIGH_B * x;
      s1 = HIGH_B * x;
      s2 = s3 = 0;
      running = true;
    }
    const y = HIGH_B * x + s0;
    s0 = -2 * HIGH_B * x - HIGH_A1 * y + s1;
    s1 = HIGH_B * x - HIGH_A2 * y;
    const z = LOW_B * y + s2;
    s2 = 2 * LOW_B * y - LOW_A1 * z + s3;
    s3 = LOW_B * y - LOW_A2 * z;
    line[to + i] = z;
  }
  state[0] = s0;
  state[1] = s1;
  state[2] = s2;
  state[3] = s3;
  state[4] = running ? 1 : 0;
};
