/** The composition root: one process with everything, or the named stages of a distributed Vigil. */

import { builtConsole } from './composition/console-build.ts';
import { type Engine, type EngineStage, engineStages, runEngine } from './composition/engine.ts';
import { type Front, type FrontStage, frontStages, openFront } from './composition/front.ts';
import { startEngineThread } from './composition/start-engine-thread.ts';
import type { Config } from './config.ts';
import { makeJournal } from './logging/journal.ts';
import { playWard } from './simulate/play-ward.ts';

export const stageNames = [...frontStages, ...engineStages] as const;

export interface Running {
  /** Where the console and the gateway are; undefined when neither runs here. */
  readonly url: string | undefined;
  readonly stop: () => Promise<void>;
}

/**
 * Everything in one process: the door on this thread, what decides on a second, the recorder on a third (it works in large
 * batches, and no alarm may wait for them), a simulated ward if asked for.
 */
export const startVigil = async (config: Config): Promise<Running & { readonly url: string }> => {
  const journal = makeJournal({ level: config.logLevel });
  const consoleFolder = await builtConsole(journal);
  const engine = await startEngineThread(config, ['analysis', 'alarms'], journal);
  const recorder = await startEngineThread(config, ['recorder'], journal).catch(async (cause: unknown) => {
    await engine.stop();
    throw cause;
  });
  const stopThreads = async (): Promise<void> => {
    await Promise.all([engine.stop(), recorder.stop()]);
  };
  let front: Front;
  try {
    front = await openFront(config, journal, {
      ...{ names: frontStages, consoleFolder, simulated: config.simulatedBeds > 0 },
      provider: () => engine.provider ?? 'none',
    });
  } catch (cause) {
    await stopThreads();
    throw cause;
  }
  const [token] = config.gatewayTokens;
  const ward =
    config.simulatedBeds === 0
      ? undefined
      : playWard({
          ...{ beds: config.simulatedBeds, url: front.url.replace(/^http/, 'ws') },
          ...(token === undefined ? {} : { token }),
        });
  return {
    url: front.url,
    stop: async () => {
      await ward?.stop();
      await front.stop();
      await stopThreads();
    },
  };
};

const isFront = (name: string): name is FrontStage => (frontStages as readonly string[]).includes(name);
const isEngine = (name: string): name is EngineStage => (engineStages as readonly string[]).includes(name);

/** The named stages in this process. Rejects with a sentence when a name is unknown or something cannot be opened. */
export const runStages = async (config: Config, names: readonly string[]): Promise<Running> => {
  const unknown = names.filter((name) => !isFront(name) && !isEngine(name));
  if (unknown.length > 0) throw new Error(`no stage ${unknown.join(', ')}; there are ${stageNames.join(', ')}`);
  const journal = makeJournal({ level: config.logLevel });
  const engineNames = names.filter(isEngine);
  const frontNames = names.filter(isFront);
  const engine: Engine | undefined =
    engineNames.length === 0 ? undefined : await runEngine(config, engineNames, journal);
  const front: Front | undefined =
    frontNames.length === 0
      ? undefined
      : await openFront(config, journal, {
          names: frontNames,
          provider: () => engine?.provider ?? 'told by the analysis stage',
          simulated: config.simulatedBeds > 0,
          consoleFolder: frontNames.includes('screens') ? await builtConsole(journal) : undefined,
        }).catch(async (cause: unknown) => {
          await engine?.stop();
          throw cause;
        });
  return {
    url: front?.url,
    stop: async () => {
      await front?.stop();
      await engine?.stop();
    },
  };
};
