import { Worker } from 'node:worker_threads';
import type { JournalLevel } from '../logging/journal.ts';
import { type Beat, makeBeat, startBeating } from './beat.ts';
import { STUCK_AFTER_S } from './stuck.ts';

export interface WatchData {
  readonly beat: Beat;
  readonly level: JournalLevel;
  readonly afterS: number;
}

/**
 * Watches the loop of this process's main thread from a thread beside it: when it has not turned for `STUCK_AFTER_S`, that is
 * logged with where it stands, and the process is ended, so that whatever restarts it starts it anew; the log keeps what came
 * meanwhile. Answers how to end the watch.
 */
export const watchMainLoop = (level: JournalLevel, afterS: number = STUCK_AFTER_S): (() => Promise<void>) => {
  const beat = makeBeat();
  const stopBeating = startBeating(beat);
  const workerData: WatchData = { beat, level, afterS };
  const worker = new Worker(new URL('./watch-main-loop-thread.ts', import.meta.url), {
    workerData,
    name: 'vigil-loop',
  });
  worker.unref();
  return async () => {
    stopBeating();
    await worker.terminate();
  };
};
