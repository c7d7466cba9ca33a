/** A press at a bed that would land on another button than the one it was meant for does nothing, and says so. */
import { everyMs } from '../live/pace.ts';
import { type Look, wasAnother, withLook } from '../logic/page/press.ts';
import { isScrolledByPage } from './into-sight.ts';

const LOOK_EVERY_MS = 100;

/** What can be pressed now: behind an open question nothing can. */
const lookAround = (): Look<Element> => {
  const within = document.querySelector('dialog[open]') ?? document;
  const places = [...within.querySelectorAll('button')].map((button) => {
    const { left, top, right, bottom } = button.getBoundingClientRect();
    return { button, left, top, right, bottom };
  });
  return { atMs: performance.now(), places };
};

/** From now on, for as long as the page lives. `withheld` is called for a press that does not count. Keys go where the focus is, and count. */
export const guardPresses = (withheld: () => void): void => {
  let looks: readonly Look<Element>[] = [];
  everyMs(LOOK_EVERY_MS, () => {
    if (!document.hidden) looks = withLook(looks, lookAround());
  });
  // Whoever scrolls moves things himself.
  const forget = (): void => {
    looks = [];
  };
  const scrolled = ({ target }: Event): void => {
    if (!isScrolledByPage(target)) forget();
  };
  window.addEventListener('scroll', scrolled, { capture: true, passive: true });
  window.addEventListener('resize', forget);
  document.addEventListener('visibilitychange', forget); // nobody looked meanwhile
  /** Of what asks or acts; what only shows something else may be pressed as fast as one likes. */
  const judge = (event: MouseEvent): void => {
    const pressed = event.target instanceof Element ? event.target.closest('button[data-act]') : null;
    if (pressed === null || event.detail === 0) return;
    const isMeant = !wasAnother(looks, pressed, { x: event.clientX, y: event.clientY }, performance.now());
    // What the press does changes the screen: the next one of a double click is held against what stood here, however busy the page is.
    looks = withLook(looks, lookAround());
    if (isMeant) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    withheld();
  };
  window.addEventListener('click', judge, { capture: true });
};
