import * as E from 'fp-ts/lib/Either.js';
import type * as TE from 'fp-ts/lib/TaskEither.js';
import type { Topic } from '../../schemas/topics.ts';
import type { LogRecord, NewRecord } from '../ports/event-log.ts';
import { type NotTaken, rejectedRecord } from '../ports/rejected-record.ts';
import type { SeriesError, SeriesStore, SeriesWrite } from '../ports/series-store.ts';
import type { RecorderNotice } from './notice.ts';

/** What one record of the log puts into the store. */
export interface Part {
  readonly record: LogRecord;
  readonly write: SeriesWrite;
}

export interface KeepOptions {
  readonly store: SeriesStore;
  readonly onNotice: (notice: RecorderNotice) => void;
  /** Failures in a row per topic; they go on counting when a batch comes again. */
  readonly failing: Map<Topic, number>;
  /** Waits before the next attempt, at least `notBeforeMs`; false when the recorder is to stop. */
  readonly wait: (attempt: number, notBeforeMs: number) => Promise<boolean>;
  /** The recorder is to stop: a store that does not answer must not hold it up. */
  readonly stopping: AbortSignal;
}

/** Attempts before the batch is given back to the log, which then offers it again: forever, while it may succeed. */
const ATTEMPTS_PER_BATCH = 5;

export const nothingToKeep: SeriesWrite = { numerics: [], findings: [], alarms: [], strips: [], engine: [] };

const isEmpty = ({ numerics, findings, alarms, strips, engine }: SeriesWrite): boolean =>
  numerics.length + findings.length + alarms.length + strips.length + engine.length === 0;

const together = (parts: readonly Part[]): SeriesWrite => ({
  numerics: parts.flatMap(({ write }) => write.numerics),
  findings: parts.flatMap(({ write }) => write.findings),
  alarms: parts.flatMap(({ write }) => write.alarms),
  strips: parts.flatMap(({ write }) => write.strips),
  engine: parts.flatMap(({ write }) => write.engine),
});

/** A record that cannot be taken in, for vigil.rejected. */
export const refusedRecord = (
  record: LogRecord,
  { code, sentence, where }: Pick<NotTaken, 'code' | 'sentence' | 'where'>,
): NewRecord =>
  rejectedRecord({
    ...{ source: record.key, stage: 'recorder', original: record.value, gatewayTimeUs: record.appendedAt },
    ...{ code, sentence, where },
  });

/** Whether it was kept is not known; the batch comes again after a start, and changes nothing if it was. */
const STOPPING: SeriesError = { tag: 'Closed', retriable: false, sentence: 'the recorder stops' };

const unlessStopping = <A>(
  stopping: AbortSignal,
  work: Promise<E.Either<SeriesError, A>>,
): Promise<E.Either<SeriesError, A>> => {
  if (stopping.aborted) return Promise.resolve(E.left(STOPPING));
  const { promise, resolve, reject } = Promise.withResolvers<E.Either<SeriesError, A>>();
  const giveUp = (): void => resolve(E.left(STOPPING));
  stopping.addEventListener('abort', giveUp, { once: true });
  work.then(resolve, reject);
  // A listener that stayed would be one more for each write of a recorder that runs for years.
  return promise.finally(() => stopping.removeEventListener('abort', giveUp));
};

/** Asks the store again while that may help: five times for a batch, then the log offers it again. */
export const patiently = async <A>(
  { failing, onNotice, wait, stopping }: KeepOptions,
  topic: Topic,
  ask: TE.TaskEither<SeriesError, A>,
): Promise<E.Either<SeriesError, A>> => {
  for (let tries = 1; ; tries++) {
    const written = await unlessStopping(stopping, ask());
    const failures = failing.get(topic) ?? 0;
    if (E.isRight(written)) {
      if (failures > 0) onNotice({ tag: 'WriteRecovered', topic, attempts: failures + 1 });
      failing.delete(topic);
      return written;
    }
    if (!written.left.retriable || written.left === STOPPING) return written;
    failing.set(topic, failures + 1);
    onNotice({ tag: 'WriteFailed', topic, attempt: failures + 1, sentence: written.left.sentence });
    const { notBeforeMs = 0 } = written.left;
    if (tries === ATTEMPTS_PER_BATCH || !(await wait(failures + 1, notBeforeMs))) return written;
  }
};

/**
 * Keeps what a batch says. Right: the store has everything but the records named, which it refuses for good. Left: it
 * could not be kept now, so the batch must come again.
 */
export const keep = async (
  options: KeepOptions,
  topic: Topic,
  parts: readonly Part[],
): Promise<E.Either<SeriesError, readonly { readonly record: LogRecord; readonly error: SeriesError }[]>> => {
  const write = together(parts);
  if (isEmpty(write)) return E.right([]);
  const written = await patiently(options, topic, options.store.write(write));
  if (E.isRight(written)) return E.right([]);
  if (written.left.tag !== 'StoreRefused') return written;
  if (parts.length === 1) return E.right([{ record: parts[0]!.record, error: written.left }]);
  // One record spoils the write: halve until it stands alone.
  const middle = parts.length >> 1;
  const first = await keep(options, topic, parts.slice(0, middle));
  if (E.isLeft(first)) return first;
  const second = await keep(options, topic, parts.slice(middle));
  return E.isLeft(second) ? second : E.right([...first.right, ...second.right]);
};
