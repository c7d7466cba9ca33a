/** The stages that decide and the recorder, in the process or thread that calls this. */
import type { Config } from '../config.ts';
import type { Journal } from '../logging/journal.ts';
import type { RecorderNotice } from '../recorder/notice.ts';
import { makeRecorder } from '../recorder/recorder.ts';
import { runStage, type StageNotice } from '../runtime/run-stage.ts';
import type { Stage } from '../runtime/stage.ts';
import { alarmsStage } from '../stages/alarms.ts';
import { analysisStage } from '../stages/analysis.ts';
import { alarmPolicy, presetOf } from './alarm-policy.ts';
import { loadNetwork, openLog, openSeries } from './open-adapters.ts';
import { supervise } from './supervise.ts';

export const engineStages = ['analysis', 'alarms', 'recorder'] as const;
export type EngineStage = (typeof engineStages)[number];

export interface Engine {
  /** The inference provider in use, in words; undefined when analysis does not run here. */
  readonly provider: string | undefined;
  readonly stop: () => Promise<void>;
}

const tellNotice = (name: string, journal: Journal) => (notice: StageNotice) => {
  switch (notice.tag) {
    case 'Assigned':
      return journal.info('a partition was given to a stage', { stage: name, partition: notice.partition });
    case 'Replayed':
      return journal.info('a stage re-read silently', {
        stage: name,
        partition: notice.partition,
        count: notice.records,
      });
    case 'MemoryDiscarded':
      return journal.warn('a bed starts from nothing', { stage: name, bed: notice.bed, why: notice.why });
    case 'BedFailed':
      return journal.error(
        'a stage failed on a bed and goes on without these records',
        { stage: name, bed: notice.bed, count: notice.records },
        notice.cause,
      );
    case 'Revoked':
    case 'Settled':
      return undefined;
  }
};

const tellRecorder = (journal: Journal) => (notice: RecorderNotice) => {
  switch (notice.tag) {
    case 'WriteFailed':
      return journal.error(
        'the series store does not take writes; they are tried again, the log keeps them, and alarms do not wait',
        {
          ...{ topic: notice.topic, count: notice.attempt, sentence: notice.sentence },
        },
      );
    case 'WriteRecovered':
      return journal.info('the series store takes writes again', { topic: notice.topic, count: notice.attempts });
    case 'Rejected':
      return journal.error('a record was not recorded and lies on vigil.rejected', {
        ...{ topic: notice.topic, offset: notice.offset.toString(), code: notice.code, sentence: notice.sentence },
      });
    case 'RollUpRefused':
      return journal.error('minutes were not rolled up; their numbers are kept', {
        ...{ topic: notice.topic, sentence: notice.sentence },
      });
    case 'ReadBack':
      return journal.info('waves of an alarm were read back', { partition: notice.partition, count: notice.records });
    case 'RingFull':
      return journal.warn('a bed has more waves than are remembered; strips may begin late', {
        ...{ bed: notice.bed, bytes: notice.bytes },
      });
    case 'MemoryDiscarded':
      return journal.warn('a bed starts from nothing', { stage: 'recorder', bed: notice.bed, why: notice.why });
  }
};

/** How long analysis lets frames gather: a transaction for each of hundreds of frames a second would be most of the work. */
const ANALYSIS_LINGER_MS = 10;
const ALARMS_LINGER_MS = 2;

/** The stages share one log: two writers to one SQLite file would wait for each other. Stops in the reverse order. */
export const runEngine = async (config: Config, names: readonly EngineStage[], journal: Journal): Promise<Engine> => {
  const closers: (() => Promise<unknown>)[] = [];
  let provider: string | undefined;
  const stop = async (): Promise<void> => {
    for (const close of closers.splice(0).reverse()) await close();
  };
  const log = await openLog(config, journal, `vigil-${names.join('-')}`);
  closers.push(() => log.close());
  const run = async <Memory>(stage: Stage<Memory>, lingerMs: number): Promise<void> => {
    const onNotice = tellNotice(stage.name, journal);
    const kept = await supervise(stage.name, () => runStage(stage, { log, lingerMs, onNotice }), journal);
    closers.push(kept.stop);
  };
  try {
    if (names.includes('analysis')) {
      const { inference, network, provider: inUse } = await loadNetwork(config, journal);
      closers.push(() => inference.close());
      provider = inUse;
      const onModelFailure = (sentence: string): void => journal.error('the network did not answer', { sentence });
      await run(analysisStage({ preset: presetOf(config.preset), network, onModelFailure }), ANALYSIS_LINGER_MS);
    }
    if (names.includes('alarms')) await run(alarmsStage(alarmPolicy), ALARMS_LINGER_MS);
    if (names.includes('recorder')) {
      const store = await openSeries(config);
      closers.push(() => store.close());
      const start = () => makeRecorder({ log, store, onNotice: tellRecorder(journal) });
      const kept = await supervise('recorder', start, journal);
      closers.push(kept.stop);
    }
  } catch (cause) {
    await stop();
    throw cause;
  }
  return { provider, stop };
};
