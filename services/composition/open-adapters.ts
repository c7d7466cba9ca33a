/** Which adapter stands behind which port, by configuration. Nothing else opens one (but the tools of the command line). */
import { fileURLToPath } from 'node:url';
import { riskLevels } from '../../stream-models/deterioration/risk-levels.ts';
import { openSqliteEventLog } from '../adapters/embedded/sqlite-event-log.ts';
import { openSqliteSeriesStore } from '../adapters/embedded/sqlite-series-store.ts';
import { openOrtInference } from '../adapters/onnx/ort-inference.ts';
import type { Config } from '../config.ts';
import type { Journal } from '../logging/journal.ts';
import type { EventLog } from '../ports/event-log.ts';
import type { Inference, ProviderNotice, StepNetwork } from '../ports/inference.ts';
import type { SeriesStore } from '../ports/series-store.ts';
import { providerWords } from '../reports/provider-words.ts';
import type { RiskNetwork } from '../stages/bed-risk.ts';
import { DETERIORATION_MODEL, readDeteriorationModel } from '../stays/deterioration-model.ts';
import { fileInDataFolder, orCannotOpenFile, orCannotOpenKafka } from './cannot-open.ts';

/** The trained beat classifier that ships with Vigil. */
export const BEAT_MODEL = fileURLToPath(new URL('../../stream-models/beats/model.onnx', import.meta.url));
/** The trained network that tells artefacts from beats. */
export const ARTEFACT_MODEL = fileURLToPath(new URL('../../stream-models/artefacts/model.onnx', import.meta.url));
/** The trained network of rhythm that ships with Vigil. */
export const RHYTHM_MODEL = fileURLToPath(new URL('../../stream-models/rhythm-network/model.onnx', import.meta.url));

const DAY_MS = 86_400_000;
/** How long the audit is kept on the log; infinite: for ever. */
export const auditKeptMs = ({ keepAuditDays }: Config): number =>
  keepAuditDays === 0 ? Number.POSITIVE_INFINITY : keepAuditDays * DAY_MS;

/**
 * The event log of this configuration. Rejects with an Error for people when it cannot be opened.
 * @param purgesAudit whether this handle of an embedded log may let go of entries that are over their time: a command, whose settings may be
 *   others than Vigil's, never does
 */
export const openLog = async (
  config: Config,
  journal: Journal,
  clientId: string,
  { purgesAudit }: { readonly purgesAudit: boolean } = { purgesAudit: false },
): Promise<EventLog> => {
  const onTrouble = (sentence: string): void => journal.warn('the log has trouble', { sentence });
  if (config.kafka !== undefined) {
    // kafkajs is loaded only where there is a Kafka.
    const { openKafkaEventLog } = await import('../adapters/kafka/kafka-event-log.ts');
    const { brokers, prefix } = config.kafka;
    return orCannotOpenKafka(openKafkaEventLog({ brokers, prefix, clientId, onTrouble }), brokers);
  }
  const path = fileInDataFolder(config.dataDirectory, 'log.db');
  return orCannotOpenFile(
    openSqliteEventLog({ path, onTrouble, ...(purgesAudit ? { auditKeptMs: auditKeptMs(config) } : {}) }),
    path,
  );
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
  /** What truly infers now, and each provider that was wished for before it and does not: "cpu (cuda not available)". */
  readonly provider: () => string;
  /** Why a provider that was wished for is not in use, now; undefined: the first wish was granted. */
  readonly missed: () => string | undefined;
}

/**
 * Loads the network of deterioration, which is asked once an hour and bed. Rejects with an Error when it was made for other
 * inputs or names no threshold.
 */
export const loadRisk = async (inference: Inference): Promise<RiskNetwork> => {
  const { threshold } = await readDeteriorationModel(DETERIORATION_MODEL);
  const { network } = await inference.load(DETERIORATION_MODEL);
  // Of another network's numbers nothing was measured: they stand without an interval.
  const levels = riskLevels.model === network.sha256 ? riskLevels.levels : undefined;
  return { network, threshold, levels };
};

/** The networks that ship for the analysis stage: of beats, of artefacts, of rhythm, of the risk of sepsis. */
export const loadShipped = async (inference: Inference) => {
  const loaded: ProviderNotice[] = [];
  const load = async (model: string): Promise<StepNetwork> => {
    const { network, notices } = await inference.load(model);
    // Each network is held against the CPU by itself, with figures of its own; one reason for a provider is enough.
    loaded.push(...notices.filter(({ wished }) => !loaded.some((known) => known.wished === wished)));
    return network;
  };
  const network = await load(BEAT_MODEL);
  const artefacts = await load(ARTEFACT_MODEL);
  const rhythm = await load(RHYTHM_MODEL);
  return { network, artefacts, rhythm, risk: await loadRisk(inference), notices: loaded };
};

/**
 * Loads the networks of the analysis stage. The provider truly in use is logged; each one wished for and not had is a notice, and
 * so is a device that fails later.
 */
export const loadNetwork = async (config: Config, journal: Journal): Promise<LoadedNetwork> => {
  const noticed: ProviderNotice[] = [];
  const onLost = (notice: ProviderNotice): void => {
    if (!noticed.some(({ wished }) => wished === notice.wished)) noticed.push(notice);
    const { wished, used, why } = notice;
    const sentence = `${used} answers from now on; start Vigil anew when ${wished} works again`;
    journal.error('the device that networks ran on has failed', { provider: wished, why, sentence });
  };
  const inference = openOrtInference({ providers: config.providers, onLost });
  const { network, artefacts, rhythm, risk, notices } = await loadShipped(inference);
  noticed.push(...notices);
  for (const { wished, used, why } of notices)
    journal.warn('an inference provider is not available', { provider: wished, why, sentence: `in use: ${used}` });
  const told = (message: string, { provider, sha256 }: StepNetwork): void =>
    journal.info(message, { provider, code: sha256.slice(0, 16) });
  told('the beat classifier is loaded', network);
  told('the network of artefacts is loaded', artefacts);
  told('the network of rhythm is loaded', rhythm);
  return {
    ...{ inference, network, artefacts, rhythm, risk },
    provider: () =>
      providerWords(
        [network, artefacts, rhythm, risk.network].map(({ provider }) => provider),
        noticed,
      ),
    missed: () => {
      const sentences = noticed.map(({ wished, why }) => `${wished} is not available (${why})`);
      return sentences.length === 0 ? undefined : sentences.join('; ');
    },
  };
};
