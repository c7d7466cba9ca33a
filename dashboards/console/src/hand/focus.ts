/**
 * Where the focus goes when what had it is gone: an acknowledged alarm takes its button along, a bed that is closed its page. Browsers would
 * begin at the top of the page again.
 */
import { everyMs } from '../live/pace.ts';

const LOOK_EVERY_MS = 100;
/** Where one may go on from: the name of a bed or an alarm, a heading; in a question what is to be answered first. */
const HOMES = '[data-home], [data-first]';

const withAncestors = (element: Element): readonly Element[] => {
  const all: Element[] = [];
  for (let one: Element | null = element; one !== null; one = one.parentElement) all.push(one);
  return all;
};

/** The nearest place of what is left: the tile of a bed that was closed, else the first. */
const homeOf = (lost: readonly Element[]): HTMLElement | undefined => {
  const left = lost.find((one) => one.isConnected);
  const bed = lost.find((one) => one.hasAttribute('data-open'))?.getAttribute('data-open');
  for (let within: Element | null | undefined = left; within; within = within.parentElement) {
    const homes = [...within.querySelectorAll<HTMLElement>(HOMES)];
    const home = homes.find((one) => one.dataset['home'] === bed) ?? homes[0];
    if (home !== undefined) return home;
  }
  return undefined;
};

/** From now on, for as long as the page lives. */
export const keepFocus = (): void => {
  let focused: readonly Element[] = [];
  window.addEventListener('focusin', ({ target }) => {
    if (target instanceof Element) focused = withAncestors(target);
  });
  everyMs(LOOK_EVERY_MS, () => {
    const isLost = focused[0]?.isConnected === false && document.activeElement === document.body;
    if (!isLost) return;
    const home = homeOf(focused);
    focused = [];
    home?.focus({ preventScroll: true });
    // Who uses the pointer looks at the gravest beds at the top; who uses keys at what has the focus.
    if (home?.matches(':focus-visible')) home.scrollIntoView({ block: 'nearest' });
  });
};
