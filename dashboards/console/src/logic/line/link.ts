/** How well this screen hears Vigil. Silence is loud long before the ten seconds of IEC practice. */
const LOST_AFTER_MS = 3_000;
export const GIVE_UP_AFTER_MS = 6_000;
/** Frames this late mean a link that delivers the past; it is begun anew. */
const BEHIND_US = 3e6;

export type LinkState =
  /** Never heard Vigil yet, and not for long. */
  | { readonly tag: 'Connecting' }
  | { readonly tag: 'Live' }
  /** No frame for three seconds: nothing on this page is now. */
  | { readonly tag: 'Lost'; readonly sinceMs: number }
  /** Frames come, but from the past. */
  | { readonly tag: 'Behind'; readonly behindUs: number }
  /** Vigil asks for another token than this screen has: it tells nothing more, as if the line were lost. */
  | { readonly tag: 'NoEntry' };

export interface Heard {
  readonly startedMs: number;
  /** Monotonic time of the newest frame; undefined: none yet. */
  readonly lastFrameMs: number | undefined;
  readonly behindUs: number;
  readonly refused: boolean;
}

/** Nothing comes: what stands on the page is of before. */
export const hearsNothing = (tag: LinkState['tag']): boolean => tag === 'Lost' || tag === 'NoEntry';

export const linkState = (heard: Heard, nowMs: number): LinkState => {
  if (heard.refused) return { tag: 'NoEntry' };
  const sinceMs = heard.lastFrameMs ?? heard.startedMs;
  if (nowMs - sinceMs >= LOST_AFTER_MS) return { tag: 'Lost', sinceMs };
  if (heard.lastFrameMs === undefined) return { tag: 'Connecting' };
  return heard.behindUs >= BEHIND_US ? { tag: 'Behind', behindUs: heard.behindUs } : { tag: 'Live' };
};
