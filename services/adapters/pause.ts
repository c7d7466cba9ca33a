import { setTimeout as wait } from 'node:timers/promises';

/** Waits so many milliseconds, or until it is told that everything is over. Never rejects. */
export const pause = (ms: number, over: AbortSignal): Promise<void> =>
  wait(ms, undefined, { signal: over }).catch(() => undefined);
