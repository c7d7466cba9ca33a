/** How long to wait before knocking again: growing, bounded, and different for every console, so that 100 do not knock at once. */
const FIRST_MS = 300;
/** Who waits longer sees the alarms of a restart that much later. */
const MOST_MS = 500;

/** `attempt` counts from 0; `dice` is in [0, 1). Never under a tenth of a second, never over half of one. */
export const waitBeforeAttemptMs = (attempt: number, dice: number): number => {
  const most = Math.min(MOST_MS, FIRST_MS * 2 ** Math.min(attempt, 10));
  return Math.max(100, most * (0.5 + 0.5 * dice));
};
