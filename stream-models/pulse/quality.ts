/** How good a pulse signal is over a second, from the samples at 250 Hz before the filter. */

/** State: what the open second has gathered, the newest samples (a ring of LAG * 2), and the usual swing. */
const MISSING = 0;
const STUCK = 1;
const LOW = 2;
const HIGH = 3;
const SLOPES = 4;
const BENDS = 5;
const STUCK_NOW = 6;
const LAST = 7;
const USUAL_SWING = 8;
const SECONDS = 9;
const RING = 10;
/** Slopes and bends are taken over 20 ms: shorter ones are the quantisation of slow lines. */
const LAG = 5;
const STATE_LENGTH = RING + 2 * LAG;

const SECOND_TICKS = 250;
/** A value that does not change for so long is a rail or a held sample, no slow wave. */
const STUCK_TICKS = 50;
/** Bends beside slopes: 0.25 in a pulse wave, 1.7 in white noise. */
const HISS_USUAL = 1;
/** A second that swings so many times as far as usual is movement or a flush. */
const SWING_USUAL = 3;
/** By this share the usual swing follows each good second. */
const SWING_SHARE = 1 / 16;
/** A second that swings by less than this share of the usual is flat. */
const FLAT_SHARE = 0.05;

const clearSecond = (state: Float64Array): void => {
  state[MISSING] = 0;
  state[STUCK] = 0;
  state[LOW] = Number.POSITIVE_INFINITY;
  state[HIGH] = Number.NEGATIVE_INFINITY;
  state[SLOPES] = 0;
  state[BENDS] = 0;
};

/** A pulse signal of which no second has been heard yet. */
export const startPulseQuality = (): Float64Array => {
  const state = new Float64Array(STATE_LENGTH).fill(Number.NaN);
  clearSecond(state);
  state[STUCK_NOW] = 0;
  state[USUAL_SWING] = 0;
  state[SECONDS] = 0;
  return state;
};

/** Hears ticks of the second that is open; `tick` is the number of the first. `state` is changed in place. */
export const hearPulseQuality = (state: Float64Array, tick: number, samples: Float32Array): void => {
  for (let i = 0; i < samples.length; i++) {
    const x = samples[i]!;
    const slot = (tick + i) % (2 * LAG);
    const older = state[RING + slot]!;
    const old = state[RING + ((slot + LAG) % (2 * LAG))]!;
    state[RING + slot] = x;
    if (Number.isNaN(x)) {
      state[MISSING] = state[MISSING]! + 1;
      state[STUCK_NOW] = 0;
    } else {
      if (x < state[LOW]!) state[LOW] = x;
      if (x > state[HIGH]!) state[HIGH] = x;
      const bend = x - 2 * old + older;
      if (!Number.isNaN(bend)) {
        state[BENDS] = state[BENDS]! + bend * bend;
        state[SLOPES] = state[SLOPES]! + (x - old) ** 2;
      }
      const same = Math.abs(x - state[LAST]!) <= 1e-4 * state[USUAL_SWING]!;
      state[STUCK_NOW] = same ? state[STUCK_NOW]! + 1 : 0;
      if (state[STUCK_NOW]! >= STUCK_TICKS) state[STUCK] = state[STUCK]! + 1;
    }
    state[LAST] = x;
  }
};

export interface PulseQuality {
  readonly quality: number;
  readonly flat: boolean;
  readonly swing: number;
}

/** Judges the second that is over and opens the next. `state` is changed in place. */
export const judgePulseSecond = (state: Float64Array): PulseQuality => {
  const heard = 1 - state[MISSING]! / SECOND_TICKS;
  const swing = heard > 0 ? state[HIGH]! - state[LOW]! : 0;
  const usual = state[USUAL_SWING]!;
  const flat = heard < 0.5 || swing <= FLAT_SHARE * usual || !(swing > 0);
  const moving = 1 - state[STUCK]! / SECOND_TICKS;
  const hiss = state[SLOPES]! > 0 ? Math.sqrt(state[BENDS]! / state[SLOPES]!) : 0;
  const wild = usual > 0 ? swing / usual : 1;
  const quality = flat ? 0 : (heard * moving) / ((1 + (hiss / HISS_USUAL) ** 4) * (1 + (wild / SWING_USUAL) ** 4));
  if (!flat) {
    const seconds = state[SECONDS]! + 1;
    const counted = usual > 0 ? Math.min(swing, 2 * usual) : swing;
    state[USUAL_SWING] = usual + (counted - usual) * Math.max(SWING_SHARE, 1 / seconds);
    state[SECONDS] = seconds;
  }
  clearSecond(state);
  return { quality, flat, swing };
};
