/**
 * Plateaus of the samples as they came, and the quality of a lead over the last second.
 */
import { sortFew } from '../sort-few.ts';

/** Places in the state of the plateau finder: last value, how many times in a row, lowest and highest value so far, slow mean. */
const LAST = 0;
const TIMES = 1;
const LOWEST = 2;
const HIGHEST = 3;
const MEAN = 4;

/** A lead of which no sample has been heard yet. */
export const startPlateau = (): Float64Array => Float64Array.of(Number.NaN, 0, Infinity, -Infinity, Number.NaN);

/** How long an extreme value must stand to be a rail, and how far from the lead's mean. */
const PLATEAU_SECONDS = 0.04;
const RAIL_AWAY_MV = 1;

/**
 * Marks with 1 the samples that stand at a rail: the same extreme value again and again, far from the mean. `state` is
 * changed in place.
 */
export const markRails = (state: Float64Array, samples: Float32Array, rateHz: number): Uint8Array => {
  const rails = new Uint8Array(samples.length);
  const times = Math.max(4, Math.ceil(PLATEAU_SECONDS * rateHz));
  const share = 1 / (10 * rateHz);
  for (let i = 0; i < samples.length; i++) {
    const x = samples[i]!;
    if (Number.isNaN(x)) {
      state[LAST] = x;
      state[TIMES] = 0;
      continue;
    }
    state[TIMES] = x === state[LAST] ? state[TIMES]! + 1 : 1;
    state[LAST] = x;
    if (x < state[LOWEST]!) state[LOWEST] = x;
    if (x > state[HIGHEST]!) state[HIGHEST] = x;
    const mean = state[MEAN]!;
    const extreme = x === state[LOWEST]! || x === state[HIGHEST]!;
    if (extreme && state[TIMES]! >= times && Math.abs(x - mean) > RAIL_AWAY_MV) rails[i] = 1;
    else state[MEAN] = Number.isNaN(mean) ? x : mean + (x - mean) * share;
  }
  return rails;
};

/** Blocks of 10 ticks (40 ms) over the last second: 25 of each of these. */
const BLOCK_TICKS = 10;
const BLOCKS = 25;
/** Layout of the quality state: the block that is open, then of each block the same five things. */
const BEFORE = 0;
const BEFORE2 = 1;
const HISS_NOW = 2;
const LOW_NOW = 3;
const HIGH_NOW = 4;
const RAILS_NOW = 5;
const MISSING_NOW = 6;
const HISS = 7;
const LOW = HISS + BLOCKS;
const HIGH = LOW + BLOCKS;
const RAILS = HIGH + BLOCKS;
const MISSING = RAILS + BLOCKS;
export const QUALITY_LENGTH = MISSING + BLOCKS;

/** A lead of which no second has been heard yet. */
export const startQuality = (): Float64Array => {
  const state = new Float64Array(QUALITY_LENGTH);
  state[BEFORE] = Number.NaN;
  state[BEFORE2] = Number.NaN;
  state[LOW_NOW] = Infinity;
  state[HIGH_NOW] = -Infinity;
  for (let b = 0; b < BLOCKS; b++) {
    state[LOW + b] = Infinity;
    state[HIGH + b] = -Infinity;
    state[MISSING + b] = BLOCK_TICKS;
  }
  return state;
};

/**
 * Hears ticks before the filter (mV): `samples[from .. to)`, the first of which has the number `tick`, with their `rails`.
 * `state` is changed in place.
 */
export const hearQuality = (
  state: Float64Array,
  tick: number,
  samples: Float32Array,
  rails: Uint8Array,
  from: number,
  to: number,
): void => {
  for (let begin = from; begin < to; ) {
    const now = tick + begin - from;
    const end = Math.min(to, begin + BLOCK_TICKS - (now % BLOCK_TICKS));
    hearWithinBlock(state, samples, rails, begin, end);
    if ((tick + end - from) % BLOCK_TICKS === 0) closeBlock(state, Math.floor(now / BLOCK_TICKS) % BLOCKS);
    begin = end;
  }
};

const hearWithinBlock = (
  state: Float64Array,
  samples: Float32Array,
  rails: Uint8Array,
  from: number,
  to: number,
): void => {
  let before = state[BEFORE]!;
  let before2 = state[BEFORE2]!;
  let hiss = state[HISS_NOW]!;
  let low = state[LOW_NOW]!;
  let high = state[HIGH_NOW]!;
  let atRail = state[RAILS_NOW]!;
  let missing = state[MISSING_NOW]!;
  for (let i = from; i < to; i++) {
    const x = samples[i]!;
    if (Number.isNaN(x)) missing++;
    else {
      const bend = x - 2 * before + before2;
      if (!Number.isNaN(bend)) hiss += bend * bend;
      if (x < low) low = x;
      if (x > high) high = x;
      atRail += rails[i]!;
    }
    before2 = before;
    before = x;
  }
  state[BEFORE] = before;
  state[BEFORE2] = before2;
  state[HISS_NOW] = hiss;
  state[LOW_NOW] = low;
  state[HIGH_NOW] = high;
  state[RAILS_NOW] = atRail;
  state[MISSING_NOW] = missing;
};

const closeBlock = (state: Float64Array, block: number): void => {
  state[HISS + block] = state[HISS_NOW]!;
  state[LOW + block] = state[LOW_NOW]!;
  state[HIGH + block] = state[HIGH_NOW]!;
  state[RAILS + block] = state[RAILS_NOW]!;
  state[MISSING + block] = state[MISSING_NOW]!;
  state[HISS_NOW] = 0;
  state[LOW_NOW] = Number.POSITIVE_INFINITY;
  state[HIGH_NOW] = Number.NEGATIVE_INFINITY;
  state[RAILS_NOW] = 0;
  state[MISSING_NOW] = 0;
};

export interface LeadQuality {
  readonly quality: number;
  readonly flat: boolean;
  readonly saturated: boolean;
}

const FLAT_MV = 0.03;
const HISS_USUAL_MV = 0.06;
const WANDER_USUAL_MV = 1;
const SWING_USUAL_MV = 6;

/** Room for what is ranked of each block; every number read was written in the same call. */
const hisses = new Float64Array(BLOCKS);
const middles = new Float64Array(BLOCKS);

/** How a lead did over the last second. */
export const judgeLead = (state: Float64Array): LeadQuality => {
  let rails = 0;
  let missing = 0;
  let lowest = Infinity;
  let highest = -Infinity;
  let blocks = 0;
  for (let b = 0; b < BLOCKS; b++) {
    rails += state[RAILS + b]!;
    missing += state[MISSING + b]!;
    if (state[MISSING + b] === BLOCK_TICKS) continue;
    const low = state[LOW + b]!;
    const high = state[HIGH + b]!;
    if (low < lowest) lowest = low;
    if (high > highest) highest = high;
    hisses[blocks] = state[HISS + b]!;
    middles[blocks] = (low + high) / 2;
    blocks++;
  }
  if (blocks === 0) return { quality: 0, flat: false, saturated: false };
  sortFew(hisses, blocks);
  sortFew(middles, blocks);
  const hiss = Math.sqrt(hisses[blocks >> 1]! / BLOCK_TICKS);
  const wander = middles[Math.floor(blocks * 0.8)]! - middles[Math.floor(blocks * 0.2)]!;
  const swing = highest - lowest;
  const saturated = rails > 0;
  const flat = missing < BLOCK_TICKS * BLOCKS * 0.5 && swing <= FLAT_MV;
  if (flat) return { quality: 0, flat, saturated };
  const heard = 1 - missing / (BLOCK_TICKS * BLOCKS);
  const unclipped = Math.max(0, 1 - rails / 50);
  const quality =
    (heard * unclipped) /
    ((1 + (hiss / HISS_USUAL_MV) ** 2) * (1 + (wander / WANDER_USUAL_MV) ** 2) * (1 + (swing / SWING_USUAL_MV) ** 4));
  return { quality, flat, saturated };
};
