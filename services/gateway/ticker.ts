import type { Moment } from '../../schemas/units.ts';

const SECOND_US = 1_000_000;

/** Calls `passed` just after each whole second of a clock. Answers how to stop. A second that takes long is not repeated. */
export const everyWholeSecond = (now: () => Moment, passed: () => void): (() => void) => {
  let timer: NodeJS.Timeout;
  const wait = (): void => {
    const left = SECOND_US - (now() % SECOND_US);
    // One millisecond more, or the timer may fire just before the second is over.
    timer = setTimeout(tick, left / 1_000 + 1);
  };
  const tick = (): void => {
    passed();
    wait();
  };
  wait();
  return () => clearTimeout(timer);
};
