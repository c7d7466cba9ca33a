import { setTimeout as pause } from 'node:timers/promises';
import type { Journal } from '../logging/journal.ts';
import type { Subscription } from '../ports/event-log.ts';

const PAUSE_MS_FIRST = 250;
const PAUSE_MS_MAX = 5_000;
/** A stage that ran so long was well: its next pause is short again. */
const WELL_AFTER_MS = 30_000;

export interface Supervised {
  readonly stop: () => Promise<void>;
  /** Why the stage does not run now, in words; undefined: it runs. */
  readonly down: () => string | undefined;
}

/**
 * Keeps one stage running: when its subscription ends by itself (fenced, broker gone), it is started anew from the log
 * after a pause that grows. Only this restarts a stage. Rejects when the very first start fails.
 * @param restarted told each time
 */
export const supervise = async (
  name: string,
  start: () => Promise<Subscription>,
  journal: Journal,
  restarted: () => void = () => undefined,
): Promise<Supervised> => {
  const stopping = new AbortController();
  let down: string | undefined;
  let running = await start();
  const keep = async (): Promise<void> => {
    let pauseMs = PAUSE_MS_FIRST;
    let startedAt = performance.now();
    while (!stopping.signal.aborted) {
      const error = await running.ended;
      if (stopping.signal.aborted) return;
      if (performance.now() - startedAt > WELL_AFTER_MS) pauseMs = PAUSE_MS_FIRST;
      journal.error('a stage ended and is started again', {
        ...{ stage: name, milliseconds: pauseMs },
        ...(error === undefined ? {} : { code: error.tag, sentence: error.sentence }),
      });
      down = error?.sentence ?? 'it could not be started';
      await pause(pauseMs, undefined, { signal: stopping.signal }).catch(() => undefined);
      if (stopping.signal.aborted) return;
      pauseMs = Math.min(pauseMs * 2, PAUSE_MS_MAX);
      startedAt = performance.now();
      restarted();
      try {
        running = await start();
        down = undefined;
      } catch (cause) {
        journal.error('a stage could not be started', { stage: name }, cause);
        running = { ended: Promise.resolve(undefined), stop: async () => undefined };
      }
    }
  };
  const kept = keep();
  return {
    stop: async () => {
      stopping.abort();
      await running.stop();
      await kept;
      // It may have been in the middle of a new start.
      await running.stop();
    },
    down: () => down,
  };
};
