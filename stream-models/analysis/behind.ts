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

/** After a frame that the gateway heard at `atUs`. `reached`: up to when the bed had been heard before it; undefined: not at all. */
export const behindAfter = (
  before: Behind | undefined,
  atUs: number,
  reached: number | undefined,
): Behind | undefined => {
  if (reached === undefined || atUs >= reached - SET_BACK_US) return undefined;
  return before?.reached === reached && atUs >= before.sinceUs ? before : { reached, sinceUs: atUs };
};

/** Whether they go on so long that a clock was set back. */
export const isBelieved = (behind: Behind | undefined, atUs: number): boolean =>
  behind !== undefined && atUs - behind.sinceUs >= BELIEVED_AFTER_US;
