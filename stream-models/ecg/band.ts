import { ECG_RATE_HZ } from './sighting.ts';

/**
 * The band of a monitor, 0.5 to 40 Hz, as three causal second-order sections: one high-pass and two low-passes
 * (Butterworth; bilinear transform). State: two numbers per section, direct form II transposed.
 */
interface Section {
  readonly b0: number;
  readonly b1: number;
  readonly b2: number;
  readonly a1: number;
  readonly a2: number;
}

const lowPass = (cutoffHz: number, q: number): Section => {
  const w = (2 * Math.PI * cutoffHz) / ECG_RATE_HZ;
  const alpha = Math.sin(w) / (2 * q);
  const a0 = 1 + alpha;
  const b = (1 - Math.cos(w)) / 2 / a0;
  return { b0: b, b1: 2 * b, b2: b, a1: (-2 * Math.cos(w)) / a0, a2: (1 - alpha) / a0 };
};

const highPass = (cutoffHz: number, q: number): Section => {
  const w = (2 * Math.PI * cutoffHz) / ECG_RATE_HZ;
  const alpha = Math.sin(w) / (2 * q);
  const a0 = 1 + alpha;
  const b = (1 + Math.cos(w)) / 2 / a0;
  return { b0: b, b1: -2 * b, b2: b, a1: (-2 * Math.cos(w)) / a0, a2: (1 - alpha) / a0 };
};

const HIGH = highPass(0.5, Math.SQRT1_2);
const LOW_A = lowPass(40, 0.5411961);
const LOW_B = lowPass(40, 1.306563);

/** By how many ticks the band-passed signal lags the samples (group delay of the low-passes, 10.4 ms, rounded). */
export const BAND_DELAY_TICKS = 3;

/** Two numbers per section, whether the filter is running (1) or waits for its first sample (0), the pulse filter. */
export const BAND_STATE_LENGTH = 10;

/**
 * A step of more than this from one tick to the next, out of calm, is no heart: a pacemaker's pulse. The value before is
 * held until the pulse is over, for two ticks at most (8 ms); what is still there then is signal.
 */
const PULSE_MV = 1.2;
const CALM_MV = 0.3;
const CALM_FADES = 0.6;
const PULSE_TICKS = 2;

/**
 * Filters ticks from `samples` into `line` from index `to` on. `state` (BAND_STATE_LENGTH) is changed in place. A missing
 * sample gives a missing one, and the filter begins anew with the next, as if that one had been there for ever.
 */
export const bandPass = (
  state: Float64Array,
  samples: Float32Array,
  count: number,
  line: Float32Array,
  to: number,
): void => {
  let s0 = state[0]!;
  let s1 = state[1]!;
  let s2 = state[2]!;
  let s3 = state[3]!;
  let s4 = state[4]!;
  let s5 = state[5]!;
  let running = state[6]! !== 0;
  let last = state[7]!;
  let held = state[8]!;
  let stepBefore = state[9]!;
  for (let i = 0; i < count; i++) {
    let x = samples[i]!;
    if (Number.isNaN(x)) {
      running = false;
      line[to + i] = Number.NaN;
      continue;
    }
    if (!running) {
      s0 = -HIGH.b0 * x;
      s1 = HIGH.b2 * x;
      s2 = s3 = s4 = s5 = 0;
      running = true;
      last = x;
      held = 0;
      stepBefore = 0;
    }
    const step = Math.abs(x - last);
    if (step > PULSE_MV && (held === 0 ? stepBefore < CALM_MV : held < PULSE_TICKS)) {
      held++;
      x = last;
    } else {
      held = 0;
      stepBefore = Math.max(step, CALM_FADES * stepBefore);
      last = x;
    }
    const y = HIGH.b0 * x + s0;
    s0 = HIGH.b1 * x - HIGH.a1 * y + s1;
    s1 = HIGH.b2 * x - HIGH.a2 * y;
    const z = LOW_A.b0 * y + s2;
    s2 = LOW_A.b1 * y - LOW_A.a1 * z + s3;
    s3 = LOW_A.b2 * y - LOW_A.a2 * z;
    const out = LOW_B.b0 * z + s4;
    s4 = LOW_B.b1 * z - LOW_B.a1 * out + s5;
    s5 = LOW_B.b2 * z - LOW_B.a2 * out;
    line[to + i] = out;
  }
  state[0] = s0;
  state[1] = s1;
  state[2] = s2;
  state[3] = s3;
  state[4] = s4;
  state[5] = s5;
  state[6] = running ? 1 : 0;
  state[7] = last;
  state[8] = held;
  state[9] = stepBefore;
};
