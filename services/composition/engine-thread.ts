/**
 * The engine on a thread of its own: inference blocks its thread, and the door must not wait for it. Says "started", answers
 * "figures" with its metrics, ends at the message "stop".
 */
import { parentPort, workerData } from 'node:worker_threads';
import type { Config } from '../config.ts';
import { makeJournal } from '../logging/journal.ts';
import { startBeating } from '../loop/beat.ts';
import { yieldToAlarms } from '../loop/yield-to-alarms.ts';
import { type MetricsOfThread, makeMeters } from '../metrics/meters.ts';
import { makeSelf } from '../reports/self.ts';
import { VERSION } from '../version.ts';
import { tellOwnParts } from '../watch/tell-meters.ts';
import { systemClock } from './clock.ts';
import { type EngineStage, runEngine } from './engine.ts';
import type { KeptData } from './keep-thread.ts';

export interface EngineThreadData {
  readonly config: Config;
  readonly names: readonly EngineStage[];
}
export type EngineThreadAsk = 'stop' | { readonly figures: number };
export type EngineThreadNews = 'started' | { readonly figures: number; readonly metrics: MetricsOfThread };

const { data, beat } = workerData as KeptData<EngineThreadData>;
const { config, names } = data;
const tell = (news: EngineThreadNews): void => parentPort?.postMessage(news);

startBeating(beat);
const journal = makeJournal({ level: config.logLevel });
const meters = makeMeters('thread');
const self = makeSelf({ stages: names, version: VERSION, meters, now: systemClock() });
const engine = await runEngine(config, { names, self, reports: true }, journal);
// Its log is a thread of its own, begun before, and keeps its priority: alarms wait for what it writes.
if (names.every((name) => name === 'recorder')) yieldToAlarms();
const timer = setInterval(() => tellOwnParts(self), 1_000);
parentPort?.on('message', async (ask: EngineThreadAsk) => {
  if (ask !== 'stop') return tell({ figures: ask.figures, metrics: await meters.ofThread() });
  clearInterval(timer);
  await engine.stop();
  parentPort?.close();
});
tell('started');
