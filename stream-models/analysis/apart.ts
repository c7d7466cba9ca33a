/**
 * Devices of one bed whose clocks are apart: taken in by two gateways of which one is wrong, by a gateway and by who writes to the log itself,
 * or each of them some seconds wrong. The bed has one time, that of the one ahead, and by it all that the others tell would be old: no
 * heart would be heard and nothing judged. Who stays behind while frames flow is not late, and is laid on the bed's time.
 */

/** A device that is behind what has been heard of its bed. Times in µs. */
export interface Apart {
  readonly source: string;
  /** How its device's clock is laid on its gateway's. */
  readonly shiftUs: number;
  /** The end of its newest frame, as it was laid. */
  readonly endUs: number;
  /** Since when it is being looked at, by the gateway that heard it, and how far behind it was then. */
  readonly sinceUs: number;
  readonly fromUs: number;
  /** The least since then: what is laid by that is never of a time to come, though the bed's clock moves in steps, as with frames of ten seconds. */
  readonly leastUs: number;
  /** How long its frames were under way, by both clocks; the least since then. */
  readonly delayUs: number;
  /** By so much its times are laid further; 0: not yet. */
  readonly laidUs: number;
  /** The delay with which it was laid: with less it would be laid on a time to come. */
  readonly laidDelayUs: number;
}

/** Nobody is. */
export const NONE_APART: readonly Apart[] = [];

/** Nearer are devices by what is tolerated of skew. From five seconds on no heart is heard beside a device that is ahead. */
const APART_LEAST_US = 3_000_000;
/** What was held up on a line comes faster than it was measured: it gains at least a tenth. */
const LOOKED_AT_US = 10_000_000;
const GAINS_LEAST = 0.1;
const JITTER_US = 1_000_000;
/** So much sooner comes what is late no more. */
const SOONER_US = 2_000_000;
const SOURCES_MAX = 16;

/** A frame of a device in bed time, before it is laid further. */
export interface FrameBehind {
  readonly source: string;
  readonly shiftUs: number;
  readonly endUs: number;
  /** When the gateway heard it. */
  readonly atUs: number;
  /** Up to when the bed had been heard before it. */
  readonly reachedUs: number;
}

/** A device is looked at from this frame on. */
const lookFrom = ({ endUs, atUs, reachedUs }: FrameBehind) => {
  const lagUs = reachedUs - endUs;
  return { sinceUs: atUs, fromUs: lagUs, leastUs: lagUs, delayUs: atUs - endUs };
};

const lookedAgain = (known: Apart, frame: FrameBehind): Apart => {
  const { endUs, atUs, reachedUs } = frame;
  const after = { ...known, endUs: endUs + known.laidUs };
  // Nobody has been ahead of it since its own last word, so that nothing tells how far.
  if (known.laidUs > 0 && reachedUs <= known.endUs + JITTER_US) return after;
  const lagUs = reachedUs - endUs;
  const leastUs = Math.min(known.leastUs, lagUs);
  const delayUs = Math.min(known.delayUs, atUs - endUs);
  const lookedForUs = atUs - known.sinceUs;
  if (lookedForUs < LOOKED_AT_US) return { ...after, leastUs, delayUs };
  const stays = known.fromUs - lagUs < lookedForUs * GAINS_LEAST;
  // Each time that it is laid otherwise its ECG breaks.
  if (!stays || leastUs - known.laidUs <= APART_LEAST_US) return { ...after, ...lookFrom(frame) };
  return { ...after, ...lookFrom(frame), endUs: endUs + leastUs, laidUs: leastUs, laidDelayUs: delayUs };
};

const goesOn = (known: Apart, { shiftUs, endUs, atUs, reachedUs }: FrameBehind): boolean => {
  if (known.shiftUs !== shiftUs || atUs < known.sinceUs) return false;
  return known.laidUs > 0 ? atUs - endUs > known.laidDelayUs - SOONER_US : reachedUs - endUs > APART_LEAST_US;
};

/** After a frame. The same list (===) where nothing changes. */
export const apartAfter = (before: readonly Apart[], frame: FrameBehind): readonly Apart[] => {
  const { source, shiftUs, endUs, reachedUs } = frame;
  const lagUs = reachedUs - endUs;
  const known = before.find((one) => one.source === source);
  if (known === undefined && lagUs <= APART_LEAST_US) return before;
  const others = before.filter((one) => one !== known).slice(1 - SOURCES_MAX);
  if (known !== undefined && goesOn(known, frame)) return [...others, lookedAgain(known, frame)];
  if (lagUs <= APART_LEAST_US) return others;
  return [...others, { source, shiftUs, endUs, ...lookFrom(frame), laidUs: 0, laidDelayUs: 0 }];
};

/** By how much the times of a source are laid further, µs. */
export const laidFurther = (apart: readonly Apart[], source: string): number =>
  apart.find((one) => one.source === source)?.laidUs ?? 0;
