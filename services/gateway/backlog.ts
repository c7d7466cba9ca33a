import { elapsed, type Microseconds, type Moment, seconds } from '../../schemas/units.ts';

/** How late frames of a device were, and when. */
interface Lateness {
  readonly heardAt: Moment;
  readonly lateness: Microseconds;
}

/**
 * A device that is behind, while frames flow and while nothing comes of it, as when its line, its sender or this gateway stands still:
 *
 *   lateness  \         /\                 a backlog that stands still in the middle: not as late as before, and gaining
 *              \       /  \
 *     begun ->  \_____/    \__
 *         reached ^    ^ begun
 */
export interface Behind {
  /** Where frames began to flow. */
  readonly begun: Lateness;
  readonly newest: Lateness;
  /** Where they had got to when nothing came for a while; undefined: that has not been. */
  readonly reached: Lateness | undefined;
}

/** A backlog shrinks while it is being sent, over a slow line by little; a changed clock stays as far behind as it is, but for jitter. */
const LOOKED_AT_EVERY = seconds(10);
const SHRINKS_LEAST = 0.1;
/** So much later than the frame before comes what was held up. */
const HELD_UP = seconds(1);

/** A device that falls behind. */
export const fallsBehind = (heardAt: Moment, lateness: Microseconds): Behind => {
  const now = { heardAt, lateness };
  return { begun: now, newest: now, reached: undefined };
};

/** How far it has come between two looks; undefined: it is too soon to look. */
const comesOn = (before: Lateness, now: Lateness): 'catches up' | 'stays behind' | 'falls back' | undefined => {
  const looked = elapsed(before.heardAt, now.heardAt);
  if (looked < LOOKED_AT_EVERY) return undefined;
  const gained = before.lateness - now.lateness;
  if (gained >= looked * SHRINKS_LEAST) return 'catches up';
  return gained < -Math.max(HELD_UP, looked * SHRINKS_LEAST) ? 'falls back' : 'stays behind';
};

/**
 * After one more late frame; undefined: it stays as far behind as it is, so that what is behind is its clock. Only while frames flow can that be seen: where nothing
 * came for a while, what came before and after it is looked at by itself, and where it happens again and again, as with who
 * sends some seconds at once, how far each time has got to.
 */
export const behindAfter = (before: Behind, heardAt: Moment, lateness: Microseconds): Behind | undefined => {
  const now = { heardAt, lateness };
  if (lateness - before.newest.lateness > HELD_UP) {
    const got = before.reached === undefined ? 'catches up' : comesOn(before.reached, before.newest);
    if (got === 'stays behind') return undefined;
    return { begun: now, newest: now, reached: got === undefined ? before.reached : before.newest };
  }
  const got = comesOn(before.begun, now);
  if (got === 'stays behind') return undefined;
  return { ...before, begun: got === undefined ? before.begun : now, newest: now };
};
