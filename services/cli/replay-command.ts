import { randomBytes } from 'node:crypto';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as E from 'fp-ts/lib/Either.js';
import { systemClock } from '../composition/clock.ts';
import { runEngine } from '../composition/engine.ts';
import { openLog } from '../composition/open-adapters.ts';
import type { Config } from '../config.ts';
import { makeMeters } from '../metrics/meters.ts';
import { readRecord, recordNames, type WfdbRecord } from '../recordings/wfdb/record.ts';
import { type ReplayResult, replay } from '../replay/engine.ts';
import { CHUNK_MS_USUAL } from '../replay/frames.ts';
import { playLive } from '../replay/live.ts';
import { makeSelf } from '../reports/self.ts';
import { VERSION } from '../version.ts';
import { configOrMistakes } from './arguments.ts';
import { hearInterruption } from './interruption.ts';
import { failed, misused, type Terminal } from './outcome.ts';
import { showProgress } from './progress.ts';
import { tellSender } from './tell-sender.ts';
import { terminalJournal } from './terminal-journal.ts';
import { tellUncalibrated } from './uncalibrated.ts';
import { outFolder } from './unusable-path.ts';

export interface ReplayCommandOptions {
  readonly wfdb: string;
  readonly record?: readonly string[];
  readonly out?: string;
  readonly chunk?: number;
  readonly sideBySide: number;
  readonly log: 'embedded' | 'kafka';
  readonly external?: boolean;
  readonly live?: boolean;
  readonly speed?: number;
  readonly url: string;
  readonly token?: string;
  readonly config?: string;
}

/** Fewer, longer frames cost less, and change nothing in what is said. */
const REPLAY_CHUNK_MS = 1_000;

/** The records that are asked for, or all of the folder. Throws a sentence when there are none. */
export const recordsToPlay = async (options: {
  readonly wfdb: string;
  readonly record?: readonly string[];
}): Promise<readonly string[]> => {
  let names: readonly string[];
  try {
    names = await recordNames(options.wfdb);
  } catch (cause) {
    throw misused(`${options.wfdb} cannot be read as a folder: ${cause instanceof Error ? cause.message : cause}`);
  }
  if (options.record !== undefined) return [...new Set(options.record)];
  if (names.length === 0)
    throw misused(`${options.wfdb} holds no WFDB record (no file ends in .hea).${await hintAt(options.wfdb)}`);
  return names;
};

const HINTED = 3;

/** Where the records may be instead: in folders of the folder, or under names that are not written as WFDB has them. */
const hintAt = async (folder: string): Promise<string> => {
  const entries = await readdir(folder, { withFileTypes: true });
  const upper = entries.find(({ name }) => /\.hea$/i.test(name));
  if (upper !== undefined) return ` The ends of names must be in lower case, as ${upper.name.toLowerCase()}.`;
  const folders: string[] = [];
  for (const entry of entries.filter((each) => each.isDirectory()))
    if ((await recordNames(join(folder, entry.name)).catch(() => [])).length > 0)
      folders.push(join(folder, entry.name));
  if (folders.length === 0) return '';
  const more = folders.length > HINTED ? ` and ${folders.length - HINTED} more folders` : '';
  return ` ${folders.sort().slice(0, HINTED).join(', ')}${more} in it do: name one of them.`;
};

interface Workplace {
  readonly config: Config;
  readonly bedPrefix: string;
  readonly close: () => Promise<void>;
}

/** The embedded log in a folder of its own, gone when the replay is over. */
const embeddedWorkplace = async (config: Config): Promise<Workplace> => {
  const folder = await mkdtemp(join(tmpdir(), 'vigil-replay-'));
  return {
    config: { ...config, kafka: undefined, dataDirectory: folder },
    bedPrefix: '',
    close: () => rm(folder, { recursive: true, force: true }),
  };
};

/** A log that others use too: beds of this run must be new to every stage's memory. */
const kafkaWorkplace = (config: Config): Workplace => {
  if (config.kafka === undefined)
    throw misused('--log kafka needs KAFKA_BROKERS, for example KAFKA_BROKERS=kafka:9092');
  return { config, bedPrefix: `replay-${randomBytes(4).toString('hex')}.`, close: async () => undefined };
};

/** Plays recordings, changed if that is wished, writes what the stages said of them into a folder, and answers how it went. */
export const playToFiles = async (
  options: ReplayCommandOptions,
  out: string,
  terminal: Terminal,
  change?: (record: WfdbRecord) => WfdbRecord,
): Promise<ReplayResult> => {
  const configured = configOrMistakes(options.config);
  const records = await recordsToPlay(options);
  outFolder(out);
  const workplace = options.log === 'kafka' ? kafkaWorkplace(configured) : await embeddedWorkplace(configured);
  const journal = terminalJournal(terminal);
  const progress = showProgress('replay', terminal);
  const began = performance.now();
  const interruption = hearInterruption('What was written of a record is whole; the others were not played.');
  const closers: (() => Promise<unknown>)[] = [workplace.close];
  try {
    const log = await openLog(workplace.config, journal, 'vigil-replay');
    closers.push(() => log.close());
    if (options.external !== true) {
      const names = ['analysis', 'alarms'] as const;
      const self = makeSelf({ stages: names, version: VERSION, meters: makeMeters(), now: systemClock() });
      const engine = await runEngine(workplace.config, { names, self, reports: false }, journal);
      closers.push(() => engine.stop());
    }
    const result = await replay({
      ...{ directory: options.wfdb, records, out, log, journal, bedPrefix: workplace.bedPrefix },
      ...{ chunkMs: options.chunk ?? REPLAY_CHUNK_MS, sideBySide: options.sideBySide },
      ...{ meters: makeMeters(), onProgress: progress.at, signal: interruption.signal, change },
    });
    progress.end();
    const { written, withoutEcg, playedS } = result;
    for (const { record, sentence } of withoutEcg)
      terminal.side(`${record}: ${sentence}. Nothing is said of its heart.`);
    await tellUncalibrated(options.wfdb, written, terminal);
    const tookS = (performance.now() - began) / 1e3;
    terminal.side(
      `${written.length} of ${records.length} records in ${tookS.toFixed(1)} s, ${(playedS / tookS).toFixed(0)} times the pace of life.`,
    );
    return result;
  } finally {
    progress.end();
    interruption.end();
    for (const close of closers.reverse()) await close();
  }
};

/** What can be judged of a replay: records without any ECG were played, and nothing could be said of their hearts. */
export const heardRecords = ({ written, failures, withoutEcg }: ReplayResult) => {
  const deaf = new Set(withoutEcg.map(({ record }) => record));
  return { heard: written.filter((record) => !deaf.has(record)), unheard: [...failures, ...withoutEcg] };
};

/** Plays as `playToFiles` does. What is answered throws a sentence when some could not be played. */
const replayToFiles = async (...asked: Parameters<typeof playToFiles>): Promise<() => void> => {
  const { failures } = await playToFiles(...asked);
  return () => {
    if (failures.length > 0)
      throw failed(
        `${failures.length} ${failures.length === 1 ? 'record' : 'records'} could not be played:`,
        ...failures.map(({ record, sentence }) => `  - ${record}: ${sentence}`),
      );
  };
};

const replayLive = async (options: ReplayCommandOptions, terminal: Terminal): Promise<void> => {
  const names = await recordsToPlay(options);
  const read = await Promise.all(names.map((name) => readRecord(options.wfdb, name)));
  const broken = read.flatMap((each, i) => (E.isLeft(each) ? [`  - ${names[i]}: ${each.left.sentence}`] : []));
  const records = read.flatMap((each) => (E.isRight(each) ? [each.right] : []));
  for (const sentence of broken) terminal.side(sentence);
  if (records.length === 0) throw failed('Not one record can be played.');
  await tellUncalibrated(
    options.wfdb,
    records.map(({ name }) => name),
    terminal,
  );
  const token = options.token ?? configOrMistakes(options.config).gatewayTokens[0];
  const progress = showProgress('replay', terminal);
  const interrupted = new AbortController();
  process.once('SIGINT', () => interrupted.abort());
  const { acknowledged, refused } = await playLive({
    ...{ records, url: options.url, chunkMs: options.chunk ?? CHUNK_MS_USUAL, speed: options.speed ?? 1 },
    ...(token === undefined ? {} : { token }),
    signal: interrupted.signal,
    onNotice: tellSender(options.url, terminal),
    onProgress: progress.at,
  });
  progress.end();
  terminal.side(`${acknowledged} frames acknowledged, ${refused} refused.`);
  if (broken.length > 0) throw failed(`${broken.length} records could not be played.`);
};

/** Plays recordings: as fast as possible into files, or at the pace of life into a running Vigil. */
export const replayCommand = async (options: ReplayCommandOptions, terminal: Terminal): Promise<void> => {
  if (options.live === true) return replayLive(options, terminal);
  if (options.out === undefined) throw misused('replay needs --out FOLDER (or --live).');
  if (options.speed !== undefined)
    throw misused('--speed goes with --live; without it a replay is as fast as it can be.');
  if (options.external === true && options.log !== 'kafka')
    throw misused('--external goes with --log kafka: nobody else can work on a log in a temporary folder.');
  const refuse = await replayToFiles(options, options.out, terminal);
  terminal.out(options.out);
  refuse();
};
