import type { Config } from '../config.ts';
import type { Journal } from '../logging/journal.ts';
import type { Meters, MetricsOfThread } from '../metrics/meters.ts';
import type { Engine, EngineStage } from './engine.ts';
import type { EngineThreadAsk, EngineThreadData, EngineThreadNews } from './engine-thread.ts';
import { type KeptThread, keepThread } from './keep-thread.ts';

export interface EngineThread extends Engine {
  /** Its figures; undefined when it does not answer at once. */
  readonly figures: () => Promise<MetricsOfThread | undefined>;
}

const ANSWERS_WITHIN_MS = 500;
/** BSD's word for an internal software error; any restart policy takes it for a failure. */
const SOFTWARE_FAILED = 70;

const askFigures = (thread: KeptThread, ask: number): Promise<MetricsOfThread | undefined> => {
  const worker = thread.worker();
  const { promise, resolve } = Promise.withResolvers<MetricsOfThread | undefined>();
  const hear = (news: EngineThreadNews): void => {
    if (news !== 'started' && news.figures === ask) resolve(news.metrics);
  };
  const timer = setTimeout(resolve, ANSWERS_WITHIN_MS, undefined);
  worker.on('message', hear);
  worker.postMessage({ figures: ask } satisfies EngineThreadAsk);
  return promise.finally(() => {
    clearTimeout(timer);
    worker.off('message', hear);
  });
};

/**
 * The named stages on one thread beside this one. A thread that dies or stands still is replaced, and the stages go on from the
 * log; meanwhile the screens say that they are silent. Rejects when the first start fails.
 */
export const startEngineThread = async (
  config: Config,
  names: readonly EngineStage[],
  journal: Journal,
  meters: Meters,
): Promise<EngineThread> => {
  const name = names.join('+');
  const thread = await keepThread<EngineThreadData>({
    ...{ url: new URL('./engine-thread.ts', import.meta.url), data: { config, names }, name, journal },
    replaced: () => meters.restarts.add(1, name),
    hopeless: () => {
      journal.error('a thread that stands still cannot be ended; the process is ended so that it can be started anew', {
        stage: name,
      });
      process.exit(SOFTWARE_FAILED);
    },
  });
  let asks = 0;
  return { figures: () => askFigures(thread, ++asks), stop: thread.stop };
};
