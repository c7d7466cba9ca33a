import { createHash } from 'node:crypto';
import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite';
import { packSamples, unpackSamples } from '../../ports/packed-samples.ts';
import type { SeriesError } from '../../ports/series-store.ts';
import { sqliteCode } from './sqlite-code.ts';
import { holdsIn, placeHold, releaseHold } from './sqlite-series-store-holds.ts';
import { layOutSeries } from './sqlite-series-store-layout.ts';
import type {
  PackedNumerics,
  SeriesName,
  SeriesQuestions,
  SeriesThreadSettings,
  StoredBlock,
} from './sqlite-series-store-messages.ts';
import { rollUp, wholeMinutes } from './sqlite-series-store-minutes.ts';
import { type HeldCount, purgeSeries } from './sqlite-series-store-purge.ts';

/** The store's file, opened. Everything here blocks, so it is used on the store's own thread only. */
export interface SeriesFile {
  readonly write: (what: SeriesQuestions['write']['ask']) => undefined;
  readonly numerics: (asked: SeriesQuestions['numerics']['ask']) => PackedNumerics;
  readonly buckets: (asked: SeriesQuestions['buckets']['ask']) => SeriesQuestions['buckets']['answer'];
  readonly findings: (asked: SeriesQuestions['findings']['ask']) => readonly Uint8Array[];
  readonly alarms: (asked: SeriesQuestions['alarms']['ask']) => readonly Uint8Array[];
  readonly minutes: (asked: SeriesQuestions['minutes']['ask']) => SeriesQuestions['minutes']['answer'];
  readonly rollUp: (asked: SeriesQuestions['rollUp']['ask']) => number;
  readonly waves: (asked: SeriesQuestions['waves']['ask']) => readonly StoredBlock[];
  readonly engine: (asked: SeriesQuestions['engine']['ask']) => SeriesQuestions['engine']['answer'];
  readonly hold: (hold: SeriesQuestions['hold']['ask']) => undefined;
  readonly release: (asked: SeriesQuestions['release']['ask']) => SeriesQuestions['release']['answer'];
  readonly holds: () => SeriesQuestions['holds']['answer'];
  readonly purge: () => SeriesQuestions['purge']['answer'];
  readonly close: () => undefined;
}

/** More than this in one answer is refused: nothing in Vigil draws so many, and memory is bounded. */
const ANSWER_MAX = 1_000_000;

const refusal = (sentence: string): SeriesError => ({ tag: 'StoreRefused', retriable: false, sentence });

/** @throws a SeriesError or SQLite's own error; `seriesErrorOf` tells them apart. */
export const openSeriesFile = (settings: SeriesThreadSettings): SeriesFile => {
  const database = new DatabaseSync(settings.path, { timeout: settings.busyMsMax });
  database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA journal_size_limit = 67108864');
  layOutSeries(database, settings.path);
  const statements = new Map<string, StatementSync>();
  const counted = new Map<string, HeldCount>();
  const statement = (sql: string): StatementSync => {
    const known = statements.get(sql) ?? database.prepare(sql);
    statements.set(sql, known);
    return known;
  };
  const all = (sql: string, ...values: SQLInputValue[]): Record<string, SQLInputValue>[] => {
    const rows = statement(`${sql} LIMIT ${ANSWER_MAX + 1}`).all(...values);
    if (rows.length > ANSWER_MAX) throw refusal(`the answer has more than ${ANSWER_MAX} rows; ask for a shorter range`);
    return rows as Record<string, SQLInputValue>[];
  };
  const transaction = (work: () => void): undefined => {
    statement('BEGIN IMMEDIATE').run();
    try {
      work();
      statement('COMMIT').run();
    } catch (cause) {
      if (database.isTransaction) database.exec('ROLLBACK');
      throw cause;
    }
    return undefined;
  };

  return {
    write: (what) => transaction(() => writeAll(statement, what)),
    numerics: ({ bed, code, device, from, to }) => {
      const rows = all(
        `SELECT series, bed, device, source, code, unit, at, value FROM series JOIN numerics USING (series)
         WHERE bed = ? AND code = ? AND (?3 IS NULL OR device = ?3) AND at >= ? AND at < ? ORDER BY at, device, unit`,
        ...[bed, code, device ?? null, from, to],
      );
      return packRows(rows);
    },
    buckets: ({ bed, code, device, from, to, width }) => {
      if (!(width > 0)) throw refusal(`a bucket of ${width} µs has no width`);
      return all(
        `SELECT CAST((at - ?1) / ?2 AS INTEGER) AS number, min(value) AS min, max(value) AS max, avg(value) AS mean,
         count(*) AS count FROM series JOIN numerics USING (series)
         WHERE bed = ?3 AND code = ?4 AND (?5 IS NULL OR device = ?5) AND at >= ?1 AND at < ?6
         GROUP BY number ORDER BY number`,
        ...[from, width, bed, code, device ?? null, to],
      ) as unknown as SeriesQuestions['buckets']['answer'];
    },
    findings: ({ bed, kind, from, to }) =>
      all(
        'SELECT bytes FROM findings WHERE bed = ? AND at >= ? AND at < ? AND (?4 IS NULL OR kind = ?4) ORDER BY at, kind, bytes',
        ...[bed, from, to, kind ?? null],
      ).map(({ bytes }) => bytes as Uint8Array),
    alarms: ({ bed, from, to }) =>
      all('SELECT bytes FROM alarms WHERE bed = ? AND at >= ? AND at < ? ORDER BY at, place', bed, from, to).map(
        ({ bytes }) => bytes as Uint8Array,
      ),
    minutes: ({ bed, code, from, to }) =>
      all(
        `SELECT at AS start, min(min) AS min, max(max) AS max, sum(mean * count) / sum(count) AS mean, sum(count) AS count,
         max(complete) AS complete FROM series JOIN minutes USING (series) WHERE bed = ? AND code = ? AND at >= ? AND at < ?
         GROUP BY at ORDER BY at`,
        ...[bed, code, from, to],
      ) as unknown as SeriesQuestions['minutes']['answer'],
    rollUp: (asked) => {
      if (!wholeMinutes(asked)) throw refusal('only whole minutes are rolled up');
      let made = 0;
      transaction(() => {
        made = rollUp(statement, asked);
      });
      return made;
    },
    waves: ({ bed, from, to }) =>
      all(
        `SELECT * FROM waves WHERE bed = ? AND start < ?3 AND start + count * 1e6 * rate_denominator / rate_numerator > ?2
         ORDER BY code, device, start`,
        ...[bed, from, to],
      ).map(blockOf),
    engine: ({ metric, from, to }) =>
      all(
        'SELECT * FROM engine WHERE metric = ? AND at >= ? AND at < ? ORDER BY at, process, label',
        ...[metric, from, to],
      ) as unknown as SeriesQuestions['engine']['answer'],
    hold: (hold) => transaction(() => placeHold(statement, hold)),
    release: ({ id, ...released }) => {
      let hold: SeriesQuestions['release']['answer'];
      transaction(() => {
        hold = releaseHold(statement, id, released);
      });
      return hold;
    },
    holds: () => holdsIn(statement),
    purge: () =>
      settings.keep === undefined
        ? { purged: [], changed: [], holds: holdsIn(statement) }
        : purgeSeries({
            ...{ statement, transaction, counted, keep: settings.keep },
            ...{ path: settings.path, nowUs: Date.now() * 1e3 },
          }),
    close: () => {
      database.close();
      return undefined;
    },
  };
};

type Statement = (sql: string) => StatementSync;

const seriesNumber = (statement: Statement, { bed, code, device, source, unit }: SeriesName): number => {
  const key = [bed, code, device, source, unit] as const;
  const find = statement(
    'SELECT series FROM series WHERE bed = ? AND code = ? AND device = ? AND source = ? AND unit = ?',
  );
  const known = find.get(...key);
  if (known) return known['series'] as number;
  const { lastInsertRowid } = statement(
    'INSERT INTO series (bed, code, device, source, unit) VALUES (?, ?, ?, ?, ?)',
  ).run(...key);
  return Number(lastInsertRowid);
};

const writeAll = (statement: Statement, what: SeriesQuestions['write']['ask']): void => {
  const { series, of, at, value } = what.numerics;
  const numbers = series.map((name) => seriesNumber(statement, name));
  const point = statement('INSERT INTO numerics VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET value = excluded.value');
  for (let i = 0; i < of.length; i++) point.run(numbers[of[i]!]!, at[i]!, value[i]!);
  const finding = statement('INSERT INTO findings VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING');
  for (const { bed, at: moment, kind, bytes } of what.findings) finding.run(bed, moment, kind, bytes);
  const event = statement(
    'INSERT INTO alarms (bed, at, place, digest, bytes) VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING',
  );
  for (const { bed, at: moment, place, bytes } of what.alarms) event.run(bed, moment, place, digestOf(bytes), bytes);
  const reading = statement(
    'INSERT INTO engine VALUES (?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET value = excluded.value',
  );
  for (const { metric, at: moment, process, label, value: figure } of what.engine)
    reading.run(metric, moment, process, label, figure);
  writeWaves(statement, what.strips);
};

/** The same event gives the same digest; two events of one moment do not. */
const digestOf = (bytes: Uint8Array): Uint8Array => createHash('sha256').update(bytes).digest().subarray(0, 16);

const writeWaves = (statement: Statement, blocks: readonly StoredBlock[]): void => {
  const insert = statement('INSERT INTO waves VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING');
  for (const block of blocks) {
    const { bed, start, code, device, source, unit, rateNumerator, rateDenominator, gain, offset, samples } = block;
    const values = [bed, start, code, device, source, unit, rateNumerator, rateDenominator, gain, offset];
    insert.run(...values, samples.length, packSamples(samples));
  }
};

const nameOf = (row: Record<string, SQLInputValue>): SeriesName => ({
  bed: row['bed'] as string,
  device: row['device'] as number,
  source: row['source'] as string,
  code: row['code'] as number,
  unit: row['unit'] as string,
});

const packRows = (rows: readonly Record<string, SQLInputValue>[]): PackedNumerics => {
  const series: SeriesName[] = [];
  const places = new Map<SQLInputValue, number>();
  const of = new Uint32Array(rows.length);
  const at = new Float64Array(rows.length);
  const value = new Float64Array(rows.length);
  rows.forEach((row, i) => {
    let place = places.get(row['series']!);
    if (place === undefined) {
      place = series.push(nameOf(row)) - 1;
      places.set(row['series']!, place);
    }
    of[i] = place;
    at[i] = row['at'] as number;
    value[i] = row['value'] as number;
  });
  return { series, of, at, value };
};

const blockOf = (row: Record<string, SQLInputValue>): StoredBlock => ({
  ...nameOf(row),
  start: row['start'] as number,
  rateNumerator: row['rate_numerator'] as number,
  rateDenominator: row['rate_denominator'] as number,
  gain: row['gain'] as number,
  offset: row['offset'] as number,
  samples: unpackSamples(row['samples'] as Uint8Array, row['count'] as number),
});

/** SQLite's result codes for what a row itself is to blame for: too big, a constraint, a wrong type, a wrong parameter. */
const OF_THE_ROW: readonly number[] = [18, 19, 20, 25];
/** Words for what the file or its disk is to blame for, by result code. */
const OF_THE_FILE: Readonly<Record<number, string>> = {
  5: 'it is held by another writer',
  6: 'a table is locked',
  8: 'it may only be read; give it to the user that runs Vigil, or look at its disk',
  10: 'its disk failed; look whether it is mounted, writable and within its quota (df, dmesg), and it goes on by itself',
  11: 'it is damaged; stop Vigil and put back a backup',
  13: 'its disk is full; make room there, and it goes on by itself',
  14: 'it cannot be opened',
  26: 'it is damaged; stop Vigil and put back a backup',
};

/**
 * What went wrong with the store's file, as the port says it. Only what a row itself is to blame for is refused: a record that is refused
 * is never asked for again, and a damaged file would lose all of them.
 */
export const seriesErrorOf = (path: string, cause: unknown): SeriesError => {
  if (typeof cause === 'object' && cause !== null && 'tag' in cause) return cause as SeriesError;
  const said = cause instanceof Error ? cause.message : String(cause);
  const code = sqliteCode(cause);
  if (code === undefined || OF_THE_ROW.includes(code))
    return {
      tag: 'StoreRefused',
      retriable: false,
      sentence: `the series store ${path} refused: ${said}`,
      cause: said,
    };
  const why = OF_THE_FILE[code] ?? 'it failed';
  return {
    tag: 'StoreUnavailable',
    retriable: true,
    sentence: `the series store ${path}: ${why} (${said})`,
    cause: said,
  };
};
