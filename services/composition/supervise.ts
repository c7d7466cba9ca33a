import { setTimeout as pause } from 'node:timers/promises';
import type { Journal } from '../logging/journal.ts';
import type { Subscription } from '../ports/event-log.ts';

const PAUSE_MS_FIRST = 250;
const PAUSE_MS_MAX = 5_000;
/** A stage that ran so long was well: its next pause is short again. */
const WELL_AFTER_MS = 30_000;

/**
 * Keeps one stage running: when its subscription ends by itself (fenced, broker gone), it is started anew from the log
 * after a pause that grows. Only this restarts a stage. Rejects when the very first start fails.
 */
export const supervise = async (
  name: string,
  start: () => Promise<Subscription>,
  journal: Journal,
): Promise<{ readonly stop: () => Promise<void> }> => {
  const stopping = new AbortController();
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
      await pause(pauseMs, undefined, { signal: stopping.signal }).catch(() => undefined);
      if (stopping.signal.aborted) return;
      pauseMs = Math.min(pauseMs * 2, PAUSE_MS_MAX);
      startedAt = performance.now();
      running = await start().catch((cause: unknown) => {
        journal.error('a stage could not be started', { stage: name }, cause);
        return { ended: Promise.resolve(undefined), stop: async () => undefined };
      });
    }
  };
  const kept = keep();
  return {
    stop: async () => {
      stopping.abort();
      await running.stop();
      await kept;
    },
  };
};
