import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import type { Config } from '../config.ts';
import type { Journal } from '../logging/journal.ts';
import type { Engine, EngineStage } from './engine.ts';
import type { EngineThreadData, EngineThreadNews } from './engine-thread.ts';

const RESTART_AFTER_MS = 1_000;

const startThread = async (data: EngineThreadData): Promise<{ worker: Worker; provider: string | undefined }> => {
  const worker = new Worker(new URL('./engine-thread.ts', import.meta.url), { workerData: data });
  const [news] = (await once(worker, 'message')) as [EngineThreadNews];
  return { worker, provider: news.provider };
};

/**
 * The named stages on one thread beside this one. A thread that dies is replaced, and the stages go on from the log; meanwhile
 * the watchdog says that analysis is silent. Rejects when the first start fails.
 */
export const startEngineThread = async (
  config: Config,
  names: readonly EngineStage[],
  journal: Journal,
): Promise<Engine> => {
  const data: EngineThreadData = { config, names };
  let stopping = false;
  let { worker, provider } = await startThread(data);
  const replaceWhenDead = (mortal: Worker): void => {
    mortal.on('error', (cause) => journal.error('the engine thread failed', {}, cause));
    mortal.once('exit', async () => {
      while (!stopping) {
        await pause(RESTART_AFTER_MS);
        try {
          ({ worker, provider } = await startThread(data));
          journal.warn('the engine thread was replaced');
          return replaceWhenDead(worker);
        } catch (cause) {
          journal.error('the engine thread could not be started', {}, cause);
        }
      }
    });
  };
  replaceWhenDead(worker);
  return {
    get provider() {
      return provider;
    },
    stop: async () => {
      stopping = true;
      const gone = once(worker, 'exit');
      worker.postMessage('stop');
      await gone;
    },
  };
};
