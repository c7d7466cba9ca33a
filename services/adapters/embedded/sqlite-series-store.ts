import { Worker } from 'node:worker_threads';
import { fromBinary, toBinary } from '@bufbuild/protobuf';
import { pipe } from 'fp-ts/lib/function.js';
import * as TE from 'fp-ts/lib/TaskEither.js';
import { AlarmEventSchema } from '../../../schemas/generated/vigil/v1/alarms_pb.ts';
import { FindingSchema } from '../../../schemas/generated/vigil/v1/findings_pb.ts';
import { after, microseconds, moment } from '../../../schemas/units.ts';
import type { NumericPoint, SeriesError, SeriesStore, SeriesWrite } from '../../ports/series-store.ts';
import type {
  PackedNumerics,
  SeriesName,
  SeriesQuestions,
  SeriesRetention,
  SeriesThreadSettings,
  SeriesTold,
} from './sqlite-series-store-messages.ts';

export interface SqliteSeriesStoreSettings {
  /** The store's one file; SQLite puts `-wal` and `-shm` beside it. Several threads and processes may open it. */
  readonly path: string;
  /** How long a write waits for another writer before it is a retriable failure. */
  readonly busyMsMax?: number;
  /** Absent: everything is kept. */
  readonly keep?: SeriesRetention;
}

const CLOSED: SeriesError = { tag: 'Closed', retriable: false, sentence: 'the series store is closed' };

interface SeriesThread {
  readonly ask: <K extends keyof SeriesQuestions>(
    what: K,
    ask: SeriesQuestions[K]['ask'],
  ) => TE.TaskEither<SeriesError, SeriesQuestions[K]['answer']>;
  readonly ended: Promise<void>;
}

/** Starts the thread and waits until the file is open. Rejects with a SeriesError. */
const startThread = async (settings: SeriesThreadSettings): Promise<SeriesThread> => {
  const worker = new Worker(new URL('./sqlite-series-store-thread.ts', import.meta.url), {
    workerData: settings,
    execArgv: ['--disable-warning=ExperimentalWarning'],
    name: 'vigil-series',
  });
  const pending = new Map<number, { resolve: (value: unknown) => void; reject: (error: SeriesError) => void }>();
  const opened = Promise.withResolvers<void>();
  const ended = Promise.withResolvers<void>();
  let over: SeriesError | undefined;
  let lastId = 0;
  const end = (error: SeriesError): void => {
    over ??= error;
    for (const { reject } of pending.values()) reject(over);
    pending.clear();
    opened.reject(over);
  };
  worker.on('message', (told: SeriesTold) => {
    if (told.told === 'opened') return opened.resolve();
    if (told.told === 'refused') return end(told.error);
    const waiting = pending.get(told.id);
    pending.delete(told.id);
    if (told.told === 'answer') waiting?.resolve(told.value);
    else waiting?.reject(told.error);
  });
  worker.on('error', (cause) =>
    end({ tag: 'Closed', retriable: false, sentence: `the series store's thread failed: ${String(cause)}`, cause }),
  );
  worker.on('exit', () => {
    end(CLOSED);
    ended.resolve();
  });
  const send = (what: string, ask: unknown): Promise<unknown> => {
    if (over !== undefined) return Promise.reject(over);
    const { promise, resolve, reject } = Promise.withResolvers<unknown>();
    const id = ++lastId;
    pending.set(id, { resolve, reject });
    worker.postMessage({ id, what, ask });
    return promise;
  };
  await opened.promise;
  return {
    ask: (what, ask) =>
      TE.tryCatch(
        () => send(what, ask) as Promise<never>,
        (error) => error as SeriesError,
      ),
    ended: ended.promise,
  };
};

const nameKey = ({ bed, device, source, code, unit }: SeriesName): string =>
  `${code} ${device} ${bed}\n${source}\n${unit}`;

const packPoints = (points: readonly NumericPoint[]): PackedNumerics => {
  const places = new Map<string, number>();
  const series: SeriesName[] = [];
  const of = new Uint32Array(points.length);
  points.forEach((point, i) => {
    const key = nameKey(point);
    let place = places.get(key);
    if (place === undefined) {
      const { bed, device, source, code, unit } = point;
      place = series.push({ bed, device, source, code, unit }) - 1;
      places.set(key, place);
    }
    of[i] = place;
  });
  const at = Float64Array.from(points, (point) => point.at);
  return { series, of, at, value: Float64Array.from(points, (point) => point.value) };
};

const unpackPoints = ({ series, of, at, value }: PackedNumerics): readonly NumericPoint[] =>
  Array.from(of, (place, i) => {
    return { ...series[place]!, at: moment(at[i]!), value: value[i]! };
  });

const toThread = (what: SeriesWrite): SeriesQuestions['write']['ask'] => ({
  numerics: packPoints(what.numerics),
  findings: what.findings.map(({ bed, finding }) => {
    const kind = finding.kind.case ?? '';
    return { bed, at: finding.atUs, kind, bytes: toBinary(FindingSchema, finding) };
  }),
  alarms: what.alarms.map(({ event, place }) => ({
    ...{ bed: event.bed, at: event.atUs, place, bytes: toBinary(AlarmEventSchema, event) },
  })),
  strips: what.strips.map((block) => ({ ...block, samples: block.samples.slice() })),
  engine: what.engine,
});

/**
 * The series of a laptop: one SQLite file on a thread of its own. Each write is one transaction, kept on disk when it
 * resolves (WAL, `synchronous = FULL`). Rejects with a SeriesError if the file cannot be opened.
 */
export const openSqliteSeriesStore = async (settings: SqliteSeriesStoreSettings): Promise<SeriesStore> => {
  const { path, busyMsMax = 5_000, keep } = settings;
  const { ask, ended } = await startThread({ path, busyMsMax, keep });
  return {
    write: (what) => ask('write', toThread(what)),
    numerics: ({ bed, from, to, code, device }) =>
      pipe(ask('numerics', { bed, from, to, code, device }), TE.map(unpackPoints)),
    buckets: ({ bed, from, to, code, device, width }) =>
      pipe(
        ask('buckets', { bed, from, to, code, device, width }),
        TE.map((found) =>
          found.map(({ number, ...bucket }) => ({ start: after(from, microseconds(number * width)), ...bucket })),
        ),
      ),
    findings: ({ bed, from, to, kind }) =>
      pipe(
        ask('findings', { bed, from, to, kind }),
        TE.map((found) => found.map((bytes) => ({ bed, finding: fromBinary(FindingSchema, bytes) }))),
      ),
    alarms: ({ bed, from, to }) =>
      pipe(
        ask('alarms', { bed, from, to }),
        TE.map((found) => found.map((bytes) => fromBinary(AlarmEventSchema, bytes))),
      ),
    minutes: ({ bed, from, to, code }) =>
      pipe(
        ask('minutes', { bed, from, to, code }),
        TE.map((found) =>
          found.map(({ start, complete, ...bucket }) => ({
            ...{ start: moment(start), ...bucket },
            ...(complete === null ? {} : { complete }),
          })),
        ),
      ),
    rollUp: ({ from, to, beds }) => ask('rollUp', { from, to, beds }),
    waves: ({ bed, from, to }) =>
      pipe(
        ask('waves', { bed, from, to }),
        TE.map((blocks) => blocks.map(({ start, ...block }) => ({ ...block, start: moment(start) }))),
      ),
    engine: ({ metric, from, to }) => ask('engine', { metric, from, to }),
    hold: (hold) => ask('hold', hold),
    release: (id, released) => ask('release', { id, ...released }),
    holds: () => ask('holds', {}),
    purge: () => ask('purge', {}),
    close: async () => {
      await ask('close', {})(); // a Left says that it was closed before
      await ended;
    },
  };
};
