import { type Moment, moment } from '../../schemas/units.ts';

/** So much slower this clock goes while it waits for one that was set back: a second looks a tenth shorter, and hours are made up in a day. */
const SLOWER = 0.1;
/** What a clock may tremble: nobody set it back. */
const TREMBLES_US = 2_000;

/**
 * The machine's clock in microseconds, kept from running backwards: after a step back it goes on, a little slower, until it is caught
 * up. It must not stand still: whoever falls silent meanwhile would not grow old, and his last numbers would look live.
 */
export const systemClock = (): (() => Moment) => {
  let newest = 0;
  let askedAtMs = performance.now();
  return () => {
    const nowMs = performance.now();
    const passed = (nowMs - askedAtMs) * 1e3;
    askedAtMs = nowMs;
    const machineUs = Date.now() * 1e3;
    if (newest - machineUs > TREMBLES_US) newest += (1 - SLOWER) * passed;
    newest = Math.max(newest, machineUs);
    return moment(Math.floor(newest));
  };
};

/** A second that is shorter than this belongs to the next: the clock may go slower than the timer. */
const SECOND_LEAST_MS = 200;

/** Calls `task` at every whole second of the clock. Answers how to stop it. */
export const everySecond = (now: () => Moment, task: () => void): (() => void) => {
  let timer: NodeJS.Timeout | undefined;
  const schedule = (): void => {
    const leftMs = 1e3 - (Math.floor(now() / 1e3) % 1e3);
    timer = setTimeout(run, leftMs < SECOND_LEAST_MS ? leftMs + 1e3 : leftMs);
  };
  const run = (): void => {
    schedule();
    task();
  };
  schedule();
  return () => clearTimeout(timer);
};
