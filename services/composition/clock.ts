import { type Moment, moment } from '../../schemas/units.ts';

/** The machine's clock in microseconds, kept from running backwards: a step back stands still until it is caught up. */
export const systemClock = (): (() => Moment) => {
  let newest = 0;
  return () => {
    newest = Math.max(newest, Date.now() * 1e3);
    return moment(newest);
  };
};

/** Calls `task` at every whole second of the clock. Answers how to stop it. */
export const everySecond = (now: () => Moment, task: () => void): (() => void) => {
  let timer: NodeJS.Timeout | undefined;
  const schedule = (): void => {
    timer = setTimeout(run, 1e3 - (Math.floor(now() / 1e3) % 1e3));
  };
  const run = (): void => {
    schedule();
    task();
  };
  schedule();
  return () => clearTimeout(timer);
};
