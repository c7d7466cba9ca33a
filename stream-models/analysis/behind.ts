/**
 * A clock that was set back is told by a source that lies behind its own earlier words. Where that source is not heard again, or
 * only a Silence had been, the others tell it: what is heard lies behind what had been heard, and nothing goes on from there.
 */
import { SET_BACK_US } from './clock-alignment.ts';

/** Frames behind all that was heard of their bed before. Times in µs. */
export interface Behind {
  /** Up to when the bed had been heard; nothing has moved it since. */
  readonly reached: number;
  /** Gateway time of the first of them. */
  readonly sinceUs: number;
}

/** So long a line to the log may have held frames up that come at once, while the device heard before them is between two of its own. */
const BELIEVED_AFTER_US = 10_000_000;
/** A line to the gateway may have held them up as well: by its time they are of now, though what they tell is of then. */
const OF_NOW_BELIEVED_AFTER_US = 20_000_000;

/** A frame that the gateway heard at `atUs` and that ends at `endUs`, bed time. */
export interface HeardFrame {
  readonly atUs: number;
  readonly endUs: number;
}

/** After a frame. `reached`: up to when the bed had been heard before it; undefined: not at all. */
export const behindAfter = (
  before: Behind | undefined,
  { atUs, endUs }: HeardFrame,
  reached: number | undefined,
): Behind | undefined => {
  if (reached === undefined || endUs >= reached - SET_BACK_US) return undefined;
  return before?.reached === reached && atUs >= before.sinceUs ? before : { reached, sinceUs: atUs };
};

/** Whether they go on so long that a clock was set back. `atUs`: when the newest was heard. */
export const isBelieved = (behind: Behind | undefined, atUs: number): boolean => {
  if (behind === undefined) return false;
  const isOfThen = atUs < behind.reached - SET_BACK_US;
  return atUs - behind.sinceUs >= (isOfThen ? BELIEVED_AFTER_US : OF_NOW_BELIEVED_AFTER_US);
};
