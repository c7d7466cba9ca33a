/** Which adapter stands behind which port, by configuration. Nothing else opens one (but the tools of the command line). */
import { fileURLToPath } from 'node:url';
import { openSqliteEventLog } from '../adapters/embedded/sqlite-event-log.ts';
import { openSqliteSeriesStore } from '../adapters/embedded/sqlite-series-store.ts';
import { openOrtInference } from '../adapters/onnx/ort-inference.ts';
import type { Config } from '../config.ts';
import type { Journal } from '../logging/journal.ts';
import type { EventLog } from '../ports/event-log.ts';
import type { Inference, StepNetwork } from '../ports/inference.ts';
import type { SeriesStore } from '../ports/series-store.ts';
import type { RiskNetwork } from '../stages/bed-risk.ts';
import { DETERIORATION_MODEL, readDeteriorationModel } from '../stays/deterioration-model.ts';
import { fileInDataFolder, orCannotOpenFile, orCannotOpenKafka } from './cannot-open.ts';

/** The trained beat classifier that ships with Vigil. */
export const BEAT_MODEL = fileURLToPath(new URL('../../stream-models/beats/model.onnx', import.meta.url));
/** The trained network that tells artefacts from beats. */
export const ARTEFACT_MODEL = fileURLToPath(new URL('../../stream-models/artefacts/model.onnx', import.meta.url));
/** The trained network of rhythm that ships with Vigil. */
export const RHYTHM_MODEL = fileURLToPath(new URL('../../stream-models/rhythm-network/model.onnx', import.meta.url));

/** The event log of this configuration. Rejects with an Error for people when it cannot be opened. */
export const openLog = async (config: Config, journal: Journal, clientId: string): Promise<EventLog> => {
  const onTrouble = (sentence: string): void => journal.warn('the log has trouble', { sentence });
  if (config.kafka !== undefined) {
    // kafkajs is loaded only where there is a Kafka.
    const { openKafkaEventLog } = await import('../adapters/kafka/kafka-event-log.ts');
    const { brokers, prefix } = config.kafka;
    return orCannotOpenKafka(openKafkaEventLog({ brokers, prefix, clientId, onTrouble }), brokers);
  }
  const path = fileInDataFolder(config.dataDirectory, 'log.db');
  return orCannotOpenFile(openSqliteEventLog({ path, onTrouble }), path);
};

const DAY_US = 86_400e6;
const kept = (days: number): number => (days === 0 ? Number.POSITIVE_INFINITY : days * DAY_US);

/** The series store of this configuration. Rejects with an Error for people when a file cannot be opened; InfluxDB may be away. */
export const openSeries = async (config: Config): Promise<SeriesStore> => {
  if (config.influx !== undefined) {
    // Its client is loaded only where there is an InfluxDB.
    const { openInfluxSeriesStore } = await import('../adapters/influx/influx-series-store.ts');
    return openInfluxSeriesStore(config.influx);
  }
  const { raw, minutes, alarms } = config.keepDays;
  const keep = { numericsUs: kept(raw), findingsUs: kept(raw), minutesUs: kept(minutes), alarmsUs: kept(alarms) };
  const path = fileInDataFolder(config.dataDirectory, 'series.db');
  return orCannotOpenFile(openSqliteSeriesStore({ path, keep }), path);
};

export interface LoadedNetwork {
  readonly inference: Inference;
  /** The classifier of beats, what tells artefacts from them, and the network that votes on red rhythms. */
  readonly network: StepNetwork;
  readonly artefacts: StepNetwork;
  readonly rhythm: StepNetwork;
  readonly risk: RiskNetwork;
  /** The provider truly in use, and each one that was wished for before it and is not: "cpu (cuda is not available)". */
  readonly provider: string;
  /** Why a provider that was wished for before it is not in use; undefined: the first wish was granted. */
  readonly missed: string | undefined;
}

/**
 * Loads the network of deterioration, which is asked once an hour and bed. Rejects with an Error when it was made for other
 * inputs or names no threshold.
 */
export const loadRisk = async (inference: Inference): Promise<RiskNetwork> => {
  const { threshold } = await readDeteriorationModel(DETERIORATION_MODEL);
  const { network } = await inference.load(DETERIORATION_MODEL);
  return { network, threshold };
};

/** The networks that ship for the analysis stage: of beats, of artefacts, of rhythm, of the risk of sepsis. */
export const loadShipped = async (inference: Inference) => {
  const { network, notices } = await inference.load(BEAT_MODEL);
  const { network: artefacts } = await inference.load(ARTEFACT_MODEL);
  const { network: rhythm } = await inference.load(RHYTHM_MODEL);
  return { network, artefacts, rhythm, risk: await loadRisk(inference), notices };
};

/** Loads the networks of the analysis stage. The provider truly in use is logged; each one wished for and not had is a notice. */
export const loadNetwork = async (config: Config, journal: Journal): Promise<LoadedNetwork> => {
  const inference = openOrtInference({ providers: config.providers });
  const { network, artefacts, rhythm, risk, notices } = await loadShipped(inference);
  for (const { wished, used, why } of notices)
    journal.warn('an inference provider is not available', { provider: wished, why, sentence: `in use: ${used}` });
  journal.info('the beat classifier is loaded', { provider: network.provider, code: network.sha256.slice(0, 16) });
  journal.info('the network of artefacts is loaded', {
    provider: artefacts.provider,
    code: artefacts.sha256.slice(0, 16),
  });
  journal.info('the network of rhythm is loaded', { provider: rhythm.provider, code: rhythm.sha256.slice(0, 16) });
  const missed = notices.map(({ wished }) => wished).join(', ');
  const provider = missed === '' ? network.provider : `${network.provider} (${missed} not available)`;
  const why = notices.map(({ wished, why }) => `${wished} is not available (${why})`).join('; ');
  return { inference, network, artefacts, rhythm, risk, provider, missed: why === '' ? undefined : why };
};
