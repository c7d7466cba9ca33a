import { type DestinationStream, pino } from 'pino';
import { makeRepeats } from './repeats.ts';

/**
 * The fields that a log line may have. A closed list, so that no patient's name or number and no bytes of a message can
 * reach the log by habit: a bed is a place, a source is a device.
 */
export interface JournalFields {
  readonly address?: string;
  readonly adapter?: string;
  readonly at?: string;
  readonly bed?: string;
  readonly beds?: number;
  readonly bytes?: number;
  readonly chain?: string;
  readonly code?: string | number;
  readonly condition?: string;
  readonly count?: number;
  readonly deviceTimeBeforeUs?: number;
  readonly deviceTimeAfterUs?: number;
  readonly epoch?: number;
  readonly from?: string;
  readonly held?: number;
  readonly hold?: string;
  readonly holds?: number;
  readonly kind?: string;
  readonly milliseconds?: number;
  readonly offset?: string;
  readonly partition?: number;
  readonly path?: string;
  readonly port?: number;
  readonly provider?: string;
  /** How the id of a screen begins; what people call it may be a person's name. */
  readonly screen?: string;
  readonly sentence?: string;
  readonly session?: number;
  readonly source?: string;
  readonly stage?: string;
  readonly status?: number;
  readonly topic?: string;
  readonly until?: string;
  readonly where?: string;
  readonly why?: string;
}

/**
 * Structured log lines: one event in words, and fields. A warning or error that comes again within a minute, but for its
 * figures, is not written again: a line at the minute's end says how often (`times`). At level debug all are written.
 */
export interface Journal {
  readonly info: (event: string, fields?: JournalFields) => void;
  readonly warn: (event: string, fields?: JournalFields) => void;
  /** `cause` is logged by name, message and stack only. */
  readonly error: (event: string, fields?: JournalFields, cause?: unknown) => void;
}

export type JournalLevel = 'debug' | 'info' | 'warn' | 'error' | 'silent';

export interface JournalOptions {
  readonly level: JournalLevel;
  /** How long repeated lines are counted before they are told. */
  readonly repeatsMs?: number;
  /** A line is written when the call returns: for whoever ends the process next. */
  readonly atOnce?: boolean;
  /** Where the lines go; absent: standard output. */
  readonly destination?: DestinationStream;
}

/** What a port could not do is a value with a tag and a sentence, not an Error. */
const isTold = (cause: unknown): cause is { readonly tag: string; readonly sentence: string } =>
  typeof cause === 'object' && cause !== null && 'tag' in cause && 'sentence' in cause;

const describeCause = (cause: unknown): Record<string, string> => {
  if (cause instanceof Error) return { error: cause.name, message: cause.message, stack: cause.stack ?? '' };
  if (isTold(cause)) return { error: cause.tag, message: cause.sentence };
  return { error: typeof cause, message: String(cause).slice(0, 500) };
};

/** What a trouble is, without the figures that change each time that it is told. */
const troubleOf = (event: string, fields: JournalFields, cause?: unknown): string => {
  const { address, bed, code, condition, partition, path, provider, sentence, source, stage, topic, where, why } =
    fields;
  const said = cause === undefined ? undefined : describeCause(cause)['message'];
  const about = [address, bed, code, condition, partition, path, provider, sentence, source, stage, topic, where, why];
  return [event, ...about, said].join('\n');
};

const STANDARD_OUTPUT = 1;

/** A journal over pino: newline-delimited JSON, ISO times, no host name. */
export const makeJournal = ({ level, atOnce, destination: given, repeatsMs }: JournalOptions): Journal => {
  const destination = given ?? (atOnce === true ? pino.destination({ fd: STANDARD_OUTPUT, sync: true }) : undefined);
  const options = { level, base: null, timestamp: pino.stdTimeFunctions.isoTime };
  const logger = destination === undefined ? pino(options) : pino(options, destination);
  const repeats = makeRepeats(repeatsMs);
  const tell = (how: 'warn' | 'error', event: string, fields: JournalFields, cause?: unknown): void => {
    const write = (more: Record<string, unknown>): void => logger[how]({ ...fields, ...more }, event);
    const isNew = level === 'debug' || repeats.isNew(troubleOf(event, fields, cause), (times) => write({ times }));
    if (isNew) write(cause === undefined ? {} : describeCause(cause));
  };
  return {
    info: (event, fields = {}) => logger.info(fields, event),
    warn: (event, fields = {}) => tell('warn', event, fields),
    error: (event, fields = {}, cause = undefined) => tell('error', event, fields, cause),
  };
};
