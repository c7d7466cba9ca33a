/**
 * The engine on a thread of its own: inference blocks its thread, and the door must not wait for it. Answers
 * `{ tag: 'Started', provider }`, stops at the message "stop".
 */
import { parentPort, workerData } from 'node:worker_threads';
import type { Config } from '../config.ts';
import { makeJournal } from '../logging/journal.ts';
import { type EngineStage, runEngine } from './engine.ts';

export interface EngineThreadData {
  readonly config: Config;
  readonly names: readonly EngineStage[];
}
export type EngineThreadNews = { readonly tag: 'Started'; readonly provider: string | undefined };

const { config, names } = workerData as EngineThreadData;
const journal = makeJournal({ level: config.logLevel });
const engine = await runEngine(config, names, journal);
parentPort?.once('message', async () => {
  await engine.stop();
  parentPort?.close();
});
parentPort?.postMessage({ tag: 'Started', provider: engine.provider } satisfies EngineThreadNews);
