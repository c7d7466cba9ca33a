import type { Admin, KafkaConfig, LogEntry } from 'kafkajs';
import type { Topic } from '../../../schemas/topics.ts';
import type { LogError } from '../../ports/event-log.ts';
import { isLogError } from '../../ports/log-error.ts';
import { keepCoordinators } from './kafka-coordinators.ts';
import { Kafka, logLevel } from './kafkajs.ts';
import { memberName } from './member-name.ts';

/** Where a Kafka is and what we are called there. */
export interface KafkaPlace {
  readonly brokers: readonly string[];
  readonly clientId: string;
  /** Put before every topic, group and transactional id, so that several Vigils can share a cluster. */
  readonly prefix?: string;
  /** Hears what kafkajs says at warning level and above. Much of it is normal while a broker starts. */
  readonly log?: (level: 'warn' | 'error', sentence: string, detail: unknown) => void;
}

/** kafkajs with our names: the one object that the parts of this adapter share. */
export interface KafkaClient {
  readonly kafka: Kafka;
  /** The same for producers of transactions. */
  readonly transactional: Kafka;
  /** Asks the cluster something, again where that helps. Rejects with a LogError. */
  readonly ask: <A>(question: (admin: Admin) => Promise<A>) => Promise<A>;
  readonly disconnect: () => Promise<void>;
  readonly clientId: string;
  /** By which the broker knows this process. */
  readonly memberName: string;
  readonly named: (name: string) => string;
  readonly topicName: (topic: Topic) => string;
}

/** Connects. Rejects with a LogError if no broker answers. */
export const connectKafka = async (place: KafkaPlace): Promise<KafkaClient> => {
  silenceNegativeTimeouts();
  const [log, name] = [place.log, memberName(place.clientId)];
  const settings: KafkaConfig = {
    brokers: [...place.brokers],
    clientId: name,
    connectionTimeout: 3_000,
    requestTimeout: 10_000,
    retry: { initialRetryTime: 50, maxRetryTime: 2_000, retries: 6 },
    logLevel: log === undefined ? logLevel.NOTHING : logLevel.WARN,
    logCreator: () => (entry: LogEntry) =>
      log?.(entry.level === logLevel.ERROR ? 'error' : 'warn', `${entry.namespace}: ${entry.log.message}`, entry.log),
  };
  const [kafka, transactional] = [new Kafka(settings), keepCoordinators(new Kafka(settings))];
  let admin: Promise<Admin>;
  try {
    admin = Promise.resolve(await connectAdmin(kafka));
  } catch (cause) {
    throw kafkaErrorOf(cause);
  }
  const ask: KafkaClient['ask'] = async (question) => {
    for (let tries = 1; ; tries++) {
      const asked = admin;
      try {
        return await question(await asked);
      } catch (cause) {
        const error = kafkaErrorOf(cause);
        if (!error.retriable || tries === ASK_TRIES_MAX) throw error;
        await new Promise((resolve) => setTimeout(resolve, ASK_AGAIN_MS * tries));
        // kafkajs' admin keeps what it knows of leaders for five minutes, however wrong it is; a new one asks.
        if (admin === asked) admin = disconnectAdmin(asked).then(() => connectAdmin(kafka));
      }
    }
  };
  const named = (name: string): string => (place.prefix ?? '') + name;
  const disconnect = (): Promise<void> => disconnectAdmin(admin);
  const { clientId } = place;
  return { kafka, transactional, ask, disconnect, clientId, memberName: name, named, topicName: named };
};

const ASK_TRIES_MAX = 5;
const ASK_AGAIN_MS = 100;

const connectAdmin = async (kafka: Kafka): Promise<Admin> => {
  const admin = kafka.admin();
  await admin.connect();
  return admin;
};

/** It may be that it never connected; then there is nothing to close. */
const disconnectAdmin = (admin: Promise<Admin>): Promise<void> =>
  admin.then((open) => open.disconnect()).catch(() => undefined);

/**
 * kafkajs' request queue asks for timeouts a fraction of a millisecond in the past, and Node 24 warns of that on the
 * user's screen. Everything else that warns is passed on.
 */
const silenceNegativeTimeouts = (): void => {
  if (silenced) return;
  silenced = true;
  const emitWarning = process.emitWarning as (...all: unknown[]) => void;
  process.emitWarning = (...all: unknown[]): void => {
    if (all[1] !== 'TimeoutNegativeWarning') emitWarning.apply(process, all);
  };
};
let silenced = false;

const FENCED = ['INVALID_PRODUCER_EPOCH', 'PRODUCER_FENCED', 'INVALID_PRODUCER_ID_MAPPING', 'INVALID_TXN_STATE'];
const TOO_LARGE = ['MESSAGE_TOO_LARGE', 'RECORD_LIST_TOO_LARGE'];

/** What went wrong, as the port says it. */
export const kafkaErrorOf = (cause: unknown): LogError => {
  if (isLogError(cause)) return cause;
  const root = rootOf(cause);
  const said = root instanceof Error ? root.message : String(root);
  const type = kafkaTypeOf(root);
  if (FENCED.includes(type)) {
    return {
      tag: 'Fenced',
      retriable: false,
      sentence: 'the partition went to another reader; nothing was written',
      cause,
    };
  }
  if (TOO_LARGE.includes(type)) {
    return { tag: 'RecordTooLarge', retriable: false, sentence: `Kafka refused a record as too large: ${said}`, cause };
  }
  // kafkajs marks as not retriable what it has itself retried in vain.
  const triedInVain = root !== cause || (cause instanceof Error && cause.name.startsWith('KafkaJSConnection'));
  const retriable = typeof root === 'object' && root !== null && 'retriable' in root && root.retriable === true;
  return triedInVain || retriable
    ? { tag: 'LogUnavailable', retriable: true, sentence: `Kafka does not answer: ${said}`, cause }
    : { tag: 'LogFailed', retriable: false, sentence: `Kafka refused: ${said}`, cause };
};

/** The name that Kafka's protocol has for an error, empty if it is none of its. */
export const kafkaTypeOf = (cause: unknown): string =>
  typeof cause === 'object' && cause !== null && 'type' in cause ? String(cause.type) : '';

const rootOf = (cause: unknown): unknown =>
  cause instanceof Error && cause.cause instanceof Error ? rootOf(cause.cause) : cause;

/** The answer to whoever asks after the end. */
export const CLOSED: LogError = { tag: 'Closed', retriable: false, sentence: 'the log is closed' };
