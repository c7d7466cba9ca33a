/** The stages that decide and the recorder, in the process or thread that calls this. */
import { type Moment, moment } from '../../schemas/units.ts';
import { rulesByBed } from '../../stream-models/presets/site-rules.ts';
import type { Audit } from '../audit/audit.ts';
import type { Config } from '../config.ts';
import type { Journal } from '../logging/journal.ts';
import type { Subscription } from '../ports/event-log.ts';
import type { RecorderNotice } from '../recorder/notice.ts';
import { startPurgeRounds } from '../recorder/purge-rounds.ts';
import { makeRecorder } from '../recorder/recorder.ts';
import type { HealthPart } from '../reports/part.ts';
import { type Reporter, startReporter } from '../reports/reporter.ts';
import type { Self } from '../reports/self.ts';
import { watchedLog } from '../reports/watched-log.ts';
import { granted, watchNetwork } from '../reports/watched-network.ts';
import { watchSeries } from '../reports/watched-series.ts';
import { runStage, type StageNotice } from '../runtime/run-stage.ts';
import type { Stage } from '../runtime/stage.ts';
import { alarmsStage } from '../stages/alarms.ts';
import { analysisStage } from '../stages/analysis.ts';
import { gatherSteps } from '../stages/gather-steps.ts';
import { alarmPolicyOf, presetOf } from './alarm-policy.ts';
import { loadNetwork, openLog, openSeries } from './open-adapters.ts';
import { openAudit } from './open-audit.ts';
import { supervise } from './supervise.ts';
import { tellPurge } from './tell-purge.ts';

export const engineStages = ['analysis', 'alarms', 'recorder'] as const;
export type EngineStage = (typeof engineStages)[number];

export interface Engine {
  readonly stop: () => Promise<void>;
}

export interface EngineOptions {
  readonly names: readonly EngineStage[];
  /** The process or thread that this is in. */
  readonly self: Self;
  /** Whether its reports are written from here; otherwise the front does it. */
  readonly reports: boolean;
  /** Whether it keeps an audit of its own; absent: a thread of a process that has a front has it there, and a replay none. */
  readonly audits?: boolean;
  /** Aborted when they are to stop, which may be before all have begun: no other begins then. */
  readonly stopping?: AbortSignal;
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

const tellReadingAgain = (journal: Journal) => {
  const reading = new Map<string, { readonly until: bigint; readonly count: number }>();
  return (notice: RecorderNotice & { readonly tag: 'Assigned' | 'Settled' }): void => {
    const { topic, partition } = notice;
    const where = { stage: 'recorder', topic, partition };
    const key = `${topic}/${partition}`;
    if (notice.tag === 'Assigned') {
      const { stored, readAgainFrom } = notice;
      const count = stored === undefined || readAgainFrom === undefined ? 0 : Number(stored - readAgainFrom);
      if (count > 0) reading.set(key, { until: stored!, count });
      else reading.delete(key);
      journal.info('a partition was given to a stage', { ...where, count });
      return;
    }
    const over = reading.get(key);
    if (over === undefined || notice.next < over.until) return;
    reading.delete(key);
    journal.info('a stage re-read silently', { ...where, count: over.count });
  };
};

const tellRecorder = (journal: Journal): ((notice: RecorderNotice) => void) => {
  const tellReading = tellReadingAgain(journal);
  return (notice) => {
    if (notice.tag === 'Assigned' || notice.tag === 'Settled') tellReading(notice);
    else tellTrouble(journal, notice);
  };
};

const tellTrouble = (journal: Journal, notice: Exclude<RecorderNotice, { readonly tag: 'Assigned' | 'Settled' }>) => {
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

const stagePart = (name: EngineStage, down: string | undefined): HealthPart => ({
  ...{ name: `${name} stage`, state: down === undefined ? 'ok' : 'failed', ageS: null },
  sentence: down === undefined ? 'it reads' : `it ended and is started again: ${down}`,
});

/** A clock that leapt is told until it is mended or believed; it rings nobody, for a machine that was off for days looks the same. */
const purgePart = (doubt: string | undefined): readonly HealthPart[] =>
  doubt === undefined ? [] : [{ name: 'purge', state: 'degraded', ageS: null, sentence: doubt }];

/** How long analysis lets frames gather: a transaction for each of hundreds of frames a second would be most of the work. */
const ANALYSIS_LINGER_MS = 20;
const ALARMS_LINGER_MS = 2;

/** The stages share one log: two writers to one SQLite file would wait for each other. Stops in the reverse order. */
export const runEngine = async (
  config: Config,
  { names, self, reports, audits, stopping }: EngineOptions,
  journal: Journal,
): Promise<Engine> => {
  const closers: (() => Promise<unknown>)[] = [];
  let reporter: Reporter | undefined;
  let audit: Audit | undefined;
  const stop = async (): Promise<void> => {
    void audit?.close(); // beside the rest; it is waited for before the log is closed
    await reporter?.stop();
    for (const close of closers.splice(0).reverse()) await close();
  };
  const log = watchedLog(await openLog(config, journal, `vigil-${names.join('-')}`, { purgesAudit: true }), self);
  closers.push(() => log.close());
  const keep = async (name: EngineStage, start: () => Promise<Subscription>): Promise<void> => {
    if (stopping?.aborted) return;
    const kept = await supervise(name, start, journal, () => self.meters.restarts.add(1, name));
    closers.push(kept.stop);
    self.parts.add(() => [stagePart(name, kept.down())]);
  };
  const run = <Memory>(stage: Stage<Memory>, lingerMs: number): Promise<void> => {
    const onNotice = tellNotice(stage.name, journal);
    return keep(stage.name as EngineStage, () => runStage(stage, { log, lingerMs, onNotice }));
  };
  const runAnalysis = async (): Promise<void> => {
    if (stopping?.aborted) return; // its networks take a second to load
    const loaded = await loadNetwork(config, journal);
    closers.push(() => loaded.inference.close());
    const { network, part } = watchNetwork(loaded.network, loaded.missed, self.meters);
    self.infersBy(loaded.provider);
    const ofRisk = watchNetwork(loaded.risk.network, granted, self.meters, 'no risk of sepsis is said');
    self.parts.add(() => [part().state !== 'failed' && ofRisk.part().state === 'failed' ? ofRisk.part() : part()]);
    const risk = { ...loaded.risk, network: ofRisk.network };
    // Without their words every peak is a beat and the rules of rhythm decide alone: measured, and no part of health.
    const { network: artefacts } = watchNetwork(loaded.artefacts, granted, self.meters);
    const { network: rhythm } = watchNetwork(loaded.rhythm, granted, self.meters);
    const ofBeats = { network: gatherSteps(network), artefacts: gatherSteps(artefacts) };
    const networks = { ...ofBeats, rhythm: gatherSteps(rhythm), risk };
    const onModelFailure = (sentence: string): void => journal.error('the network did not answer', { sentence });
    const preset = presetOf(config.preset);
    const site = config.rules && { hash: config.rules.hash, rulesOf: rulesByBed(preset, config.rules) };
    const onCrowd = (bed: string, why: string): void =>
      journal.warn('more devices of a bed tell one signal than are judged', { bed, why });
    const onLateSilence = (bed: string, behindS: number): void => {
      self.meters.silencesLate.add();
      journal.warn('a Silence came late from the log, and nothing follows from it', {
        bed,
        milliseconds: behindS * 1e3,
      });
    };
    const told = { onModelFailure, onCrowd, onLateSilence };
    await run(analysisStage({ preset, site, ...networks, ...told }), ANALYSIS_LINGER_MS);
  };
  const runRecorder = async (): Promise<void> => {
    if (stopping?.aborted) return;
    const opened = await openSeries(config);
    closers.push(() => opened.close());
    const series = watchSeries(opened, self.meters);
    const purge = startPurgeRounds({ store: opened, onNotice: tellPurge(journal, self.meters) });
    closers.push(purge.stop);
    self.parts.add(() => [series.part(), ...purgePart(purge.doubt())]);
    const tell = tellRecorder(journal);
    const onNotice = (notice: RecorderNotice): void => {
      series.hear(notice);
      tell(notice);
    };
    await keep('recorder', () => {
      series.begin();
      return makeRecorder({ log, store: series.store, onNotice });
    });
  };
  try {
    // It is heard from the first moment on, also while a network is loaded or a partition read again.
    const now = (): Moment => moment(Date.now() * 1e3);
    if (reports) reporter = startReporter({ log, self, clock: now });
    if (audits) {
      const kept = openAudit(config, log, { process: names.join('+'), now, journal, meters: self.meters });
      audit = kept;
      closers.push(kept.close);
      self.parts.add(() => [kept.part()]);
    }
    if (names.includes('analysis')) await runAnalysis();
    if (names.includes('alarms')) await run(alarmsStage(alarmPolicyOf(config)), ALARMS_LINGER_MS);
    if (names.includes('recorder')) await runRecorder();
  } catch (cause) {
    await stop();
    throw cause;
  }
  return { stop };
};
