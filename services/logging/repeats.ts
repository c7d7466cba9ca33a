/** What is wrong for an hour is wrong every second: one line says it at once, and one a minute says how often it came again. */

export interface Repeats {
  /** Whether this line is to be written now. A repeated one is counted instead. */
  readonly isNew: (key: string, summary: (times: number) => void) => boolean;
}

const EVERY_MS = 60_000;
/** More different troubles than this at one time are written as they come. */
const KEYS_MAX = 1_000;

/** Counts from now on; `everyMs` is how long the same line is only counted. */
export const makeRepeats = (everyMs = EVERY_MS): Repeats => {
  const counts = new Map<string, number>();
  const watch = (key: string, summary: (times: number) => void): void => {
    // A process that wants to end does not wait for it.
    setTimeout(() => {
      const times = counts.get(key) ?? 0;
      counts.delete(key);
      if (times === 0) return;
      summary(times);
      counts.set(key, 0);
      watch(key, summary);
    }, everyMs).unref();
  };
  return {
    isNew: (key, summary) => {
      const times = counts.get(key);
      if (times !== undefined) {
        counts.set(key, times + 1);
        return false;
      }
      if (counts.size < KEYS_MAX) {
        counts.set(key, 0);
        watch(key, summary);
      }
      return true;
    },
  };
};
