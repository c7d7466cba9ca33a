import { setPriority } from 'node:os';

const NICENESS = 5;

/**
 * Lets this thread, and those that it starts from now on, wait for whoever decides and shows when there are too few cores for all:
 * what is kept is on the log and can be kept later. On Linux a priority is a thread's own; elsewhere it is the process's and
 * is left as it is. So is that of a thread that holds locks which alarms need.
 */
export const yieldToAlarms = (): void => {
  if (process.platform === 'linux') setPriority(NICENESS);
};
