/**
 * Brings a new red alarm into sight where somebody had scrolled: a list that was left scrolled to its end keeps what comes above out of sight, and
 * on a wall display nobody scrolls it back.
 */

/** As between tiles and rows: what comes into sight does not stick to the edge. */
const MARGIN_PX = 8;

/** Places that the page itself has scrolled and that have not told it yet. */
const scrolled = new WeakSet<EventTarget>();

/** Whether a scroll that is told was the page's own, with or without a hand's besides. Asked once for each that is told. */
export const isScrolledByPage = (place: EventTarget | null): boolean => place !== null && scrolled.delete(place);

/** Scrolls `place` no further than it takes to show all of `element`, or its upper edge where there is less room. */
export const bringIntoSight = (element: Element, place: Element): void => {
  const [own, around] = [element.getBoundingClientRect(), place.getBoundingClientRect()];
  const above = own.top - MARGIN_PX - around.top;
  const below = Math.max(0, Math.min(own.bottom + MARGIN_PX - around.bottom, above));
  const before = place.scrollTop;
  place.scrollTop = before + (above < 0 ? above : below);
  if (place.scrollTop !== before) scrolled.add(place);
};
