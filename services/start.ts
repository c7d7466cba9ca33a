/** The composition root: one process with everything, or the named stages of a distributed Vigil. */

import { systemClock } from './composition/clock.ts';
import { builtConsole } from './composition/console-build.ts';
import { type EngineStage, engineStages, runEngine } from './composition/engine.ts';
import { type Front, type FrontStage, frontStages, openFront } from './composition/front.ts';
import { holdFolder } from './composition/hold-folder.ts';
import { type EngineThread, startEngineThread } from './composition/start-engine-thread.ts';
import { openStatusDoor } from './composition/status-door.ts';
import { tellTopics } from './composition/tell-topics.ts';
import type { Config } from './config.ts';
import { type Journal, makeJournal } from './logging/journal.ts';
import { makeMeters } from './metrics/meters.ts';
import { makeSelf, type Self } from './reports/self.ts';
import { playWard } from './simulate/play-ward.ts';
import { VERSION } from './version.ts';

export const stageNames = [...frontStages, ...engineStages] as const;

export interface Running {
  /** Where /healthz is, and the console and the gateway where they run here. */
  readonly url: string;
  readonly stop: () => Promise<void>;
}

/** The journal of a process, which begins with what of its environment it does not read. */
const journalOf = ({ logLevel, unread }: Config): Journal => {
  const journal = makeJournal({ level: logLevel });
  if (unread.length > 0)
    journal.warn('variables that are no settings were not read', {
      sentence: `${unread.join(', ')}: vigil check-config --settings lists what can be set`,
    });
  return journal;
};

const selfOf = (stages: Self['stages']): Self =>
  makeSelf({ stages, version: VERSION, meters: makeMeters(), now: systemClock() });

/** What the threads do beside the door's and the first that decides. */
const othersOf = ({ analysisThreads }: Config): readonly (readonly EngineStage[])[] => [
  ...Array.from({ length: analysisThreads - 1 }, (): readonly EngineStage[] => ['analysis']),
  ['recorder'],
];

/**
 * Everything in one process: the door on this thread, what decides on a second, as many more of analysis as are set, the recorder
 * on one of its own (it works in large batches, and no alarm may wait for them), a simulated ward if asked for.
 */
export const startVigil = async (config: Config, stopping: AbortSignal): Promise<Running | undefined> => {
  const journal = journalOf(config);
  const consoleFolder = await builtConsole(journal);
  const letFolderGo = holdFolder(config, journal);
  const self = selfOf(frontStages);
  const engines: EngineThread[] = [];
  const stopThreads = async (): Promise<void> => {
    await Promise.all(engines.map((engine) => engine.stop()));
    letFolderGo();
  };
  const threads = async () => {
    const figures = await Promise.all(engines.map((engine) => engine.figures()));
    return figures.filter((each) => each !== undefined);
  };
  let front: Front | undefined;
  try {
    const begin = async (names: readonly EngineStage[]): Promise<void> => {
      engines.push(await startEngineThread(config, names, journal, self.meters));
    };
    // The first alone: it may have a log to make, or to bring up to date.
    await begin(['analysis', 'alarms']);
    const others = await Promise.allSettled(othersOf(config).map(begin));
    for (const other of others) if (other.status === 'rejected') throw other.reason;
    const simulated = config.simulatedBeds > 0;
    front = await openFront(config, journal, { names: frontStages, self, simulated, consoleFolder, threads, stopping });
  } catch (cause) {
    await stopThreads();
    throw cause;
  }
  if (front === undefined) {
    await stopThreads();
    return undefined;
  }
  void tellTopics(config, journal);
  const { url, stop: stopFront } = front;
  const [token] = config.gatewayTokens;
  const ward =
    config.simulatedBeds === 0
      ? undefined
      : playWard({
          ...{ beds: config.simulatedBeds, url: url.replace(/^http/, 'ws') },
          ...(token === undefined ? {} : { token }),
        });
  return {
    url,
    stop: async () => {
      await ward?.stop();
      await stopFront();
      await stopThreads();
    },
  };
};

/** Where there is no front the engine speaks for the process. */
const alone = (is: boolean) => ({ reports: is, audits: is });

const isFront = (name: string): name is FrontStage => (frontStages as readonly string[]).includes(name);
const isEngine = (name: string): name is EngineStage => (engineStages as readonly string[]).includes(name);

/**
 * The named stages in this process. Rejects with a sentence when a name is unknown or something cannot be opened.
 * @param stopping aborted when they are to stop; what they have yet to read for their start is then left, and undefined answered
 *   where nothing was opened to the world yet.
 */
export const runStages = async (
  config: Config,
  names: readonly string[],
  stopping: AbortSignal,
): Promise<Running | undefined> => {
  const unknown = names.filter((name) => !isFront(name) && !isEngine(name));
  if (unknown.length > 0) throw new Error(`no stage ${unknown.join(', ')}; there are ${stageNames.join(', ')}`);
  const journal = journalOf(config);
  // In one order, however they were named: a process is called by what it does.
  const frontNames = frontStages.filter((name) => names.includes(name));
  const engineNames = engineStages.filter((name) => names.includes(name));
  const self = selfOf([...frontNames, ...engineNames]);
  // The door first: when its port is taken, nothing has begun yet.
  const door = frontNames.length > 0 ? undefined : await openStatusDoor(config, journal, self);
  const engine =
    engineNames.length === 0
      ? undefined
      : await runEngine(config, { names: engineNames, self, ...alone(door !== undefined), stopping }, journal).catch(
          async (cause: unknown) => {
            await door?.close();
            throw cause;
          },
        );
  const front =
    door !== undefined
      ? undefined
      : await openFront(config, journal, {
          ...{ names: frontNames, self, simulated: config.simulatedBeds > 0 },
          stopping,
          consoleFolder: frontNames.includes('screens') ? await builtConsole(journal) : undefined,
        }).catch(async (cause: unknown) => {
          await engine?.stop();
          throw cause;
        });
  const stop = async (): Promise<void> => {
    await front?.stop();
    await engine?.stop();
    await door?.close();
  };
  const opened = front ?? door;
  if (opened !== undefined) {
    void tellTopics(config, journal);
    return { url: opened.url, stop };
  }
  await stop();
  return undefined;
};
