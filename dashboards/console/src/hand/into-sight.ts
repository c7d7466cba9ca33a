/**
 * Brings a new red alarm into sight where somebody had scrolled: a list that was left scrolled to its end keeps what comes above out of sight, and
 * on a wall display nobody scrolls it back.
 */
import { HAND_MS } from '../logic/page/press.ts';

/** As between tiles and rows: what comes into sight does not stick to the edge. */
const MARGIN_PX = 8;

/** Monotonic milliseconds at which the page itself scrolled last. */
let scrolledAtMs = Number.NEGATIVE_INFINITY;
/** Where the page left each place that it scrolled, CSS pixels. */
const leftAt = new WeakMap<EventTarget, number>();

/**
 * Whether a scroll of `place` that is told now may be the page's own: it is told a frame later, however long that takes, and once more where the
 * browser keeps in place what it takes for read. Of a hand that scrolls in the same moment presses may be withheld, which is the safe side.
 */
export const isScrolledByPage = (place: EventTarget | null): boolean =>
  performance.now() - scrolledAtMs < HAND_MS || (place instanceof Element && leftAt.get(place) === place.scrollTop);

/** Scrolls `place` no further than it takes to show all of `element`, or its upper edge where there is less room. */
export const bringIntoSight = (element: Element, place: Element): void => {
  const [own, around] = [element.getBoundingClientRect(), place.getBoundingClientRect()];
  const above = own.top - MARGIN_PX - around.top;
  const below = Math.max(0, Math.min(own.bottom + MARGIN_PX - around.bottom, above));
  const before = place.scrollTop;
  place.scrollTop = before + (above < 0 ? above : below);
  if (place.scrollTop === before) return;
  scrolledAtMs = performance.now();
  leftAt.set(place, place.scrollTop);
};
