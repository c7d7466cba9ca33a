import { createHash } from 'node:crypto';
import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite';
import type { SeriesError } from '../../ports/series-store.ts';
import type {
  PackedNumerics,
  SeriesName,
  SeriesQuestions,
  SeriesThreadSettings,
  StoredBlock,
  StoredBytes,
} from './sqlite-series-store-messages.ts';
import { packSamples, unpackSamples } from './sqlite-series-store-samples.ts';

/** The store's file, opened. Everything here blocks, so it is used on the store's own thread only. */
export interface SeriesFile {
  readonly write: (what: SeriesQuestions['write']['ask']) => undefined;
  readonly numerics: (asked: SeriesQuestions['numerics']['ask']) => PackedNumerics;
  readonly buckets: (asked: SeriesQuestions['buckets']['ask']) => SeriesQuestions['buckets']['answer'];
  readonly findings: (asked: SeriesQuestions['findings']['ask']) => readonly Uint8Array[];
  readonly alarms: (asked: SeriesQuestions['alarms']['ask']) => readonly Uint8Array[];
  readonly strip: (asked: { alarm: string }) => readonly StoredBlock[];
  readonly purge: () => void;
  readonly close: () => undefined;
}

const LAYOUT_VERSION = 1;
/**
 * A resend changes nothing because each row's key is what it says: a point is its series and moment, a finding and an
 * alarm event their own bytes, a block of a strip its signal and start.
 */
const LAYOUT = `
  CREATE TABLE series (
    series INTEGER PRIMARY KEY, bed TEXT NOT NULL, code INTEGER NOT NULL, source TEXT NOT NULL, unit TEXT NOT NULL,
    UNIQUE (bed, code, source, unit)
  );
  CREATE TABLE numerics (
    series INTEGER NOT NULL, at REAL NOT NULL, value REAL NOT NULL, PRIMARY KEY (series, at)
  ) WITHOUT ROWID;
  CREATE TABLE findings (
    bed TEXT NOT NULL, at REAL NOT NULL, kind TEXT NOT NULL, bytes BLOB NOT NULL, PRIMARY KEY (bed, at, kind, bytes)
  ) WITHOUT ROWID;
  CREATE TABLE alarms (
    place INTEGER PRIMARY KEY, bed TEXT NOT NULL, at REAL NOT NULL, digest BLOB NOT NULL, alarm TEXT NOT NULL,
    bytes BLOB NOT NULL, UNIQUE (bed, at, digest)
  );
  CREATE INDEX alarms_of ON alarms (alarm) WHERE alarm <> '';
  CREATE TABLE strips (
    alarm TEXT NOT NULL, bed TEXT NOT NULL, source TEXT NOT NULL, code INTEGER NOT NULL, unit TEXT NOT NULL,
    start REAL NOT NULL, rate_numerator INTEGER NOT NULL, rate_denominator INTEGER NOT NULL, gain REAL NOT NULL,
    "offset" REAL NOT NULL, count INTEGER NOT NULL, samples BLOB NOT NULL, PRIMARY KEY (alarm, code, source, start)
  ) WITHOUT ROWID;
`;

/** More than this in one answer is refused: nothing in Vigil draws so many, and memory is bounded. */
const ANSWER_MAX = 1_000_000;
const HOUR_US = 3_600e6;

const refusal = (sentence: string): SeriesError => ({ tag: 'StoreRefused', retriable: false, sentence });

/** @throws a SeriesError or SQLite's own error; `seriesErrorOf` tells them apart. */
export const openSeriesFile = (settings: SeriesThreadSettings): SeriesFile => {
  const database = new DatabaseSync(settings.path, { timeout: settings.busyMsMax });
  database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA journal_size_limit = 67108864');
  layOut(database);
  const statements = new Map<string, StatementSync>();
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
    numerics: ({ bed, code, source, from, to }) => {
      const rows = all(
        `SELECT series, bed, source, code, unit, at, value FROM series JOIN numerics USING (series)
         WHERE bed = ? AND code = ? AND (?3 IS NULL OR source = ?3) AND at >= ? AND at < ? ORDER BY at, source, unit`,
        ...[bed, code, source ?? null, from, to],
      );
      return packRows(rows);
    },
    buckets: ({ bed, code, source, from, to, width }) => {
      if (!(width > 0)) throw refusal(`a bucket of ${width} µs has no width`);
      return all(
        `SELECT CAST((at - ?1) / ?2 AS INTEGER) AS number, min(value) AS min, max(value) AS max, avg(value) AS mean,
         count(*) AS count FROM series JOIN numerics USING (series)
         WHERE bed = ?3 AND code = ?4 AND (?5 IS NULL OR source = ?5) AND at >= ?1 AND at < ?6
         GROUP BY number ORDER BY number`,
        ...[from, width, bed, code, source ?? null, to],
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
    strip: ({ alarm }) => all('SELECT * FROM strips WHERE alarm = ? ORDER BY code, source, start', alarm).map(blockOf),
    purge: () => (settings.keep ? purge(database, transaction, settings.keep) : undefined),
    close: () => {
      database.close();
      return undefined;
    },
  };
};

const layOut = (database: DatabaseSync): void => {
  database.exec('BEGIN IMMEDIATE');
  try {
    const { user_version: found } = database.prepare('PRAGMA user_version').get() as { user_version: number };
    if (found === 0) database.exec(`${LAYOUT} PRAGMA user_version = ${LAYOUT_VERSION}`);
    else if (found !== LAYOUT_VERSION)
      throw refusal(`the store's file has layout ${found}, this program ${LAYOUT_VERSION}; use another file`);
    database.exec('COMMIT');
  } catch (cause) {
    if (database.isTransaction) database.exec('ROLLBACK');
    throw cause;
  }
};

type Statement = (sql: string) => StatementSync;

const seriesNumber = (statement: Statement, { bed, code, source, unit }: SeriesName): number => {
  const key = [bed, code, source, unit] as const;
  const find = statement('SELECT series FROM series WHERE bed = ? AND code = ? AND source = ? AND unit = ?');
  const known = find.get(...key);
  if (known) return known['series'] as number;
  return Number(
    statement('INSERT INTO series (bed, code, source, unit) VALUES (?, ?, ?, ?)').run(...key).lastInsertRowid,
  );
};

const writeAll = (statement: Statement, what: SeriesQuestions['write']['ask']): void => {
  const { series, of, at, value } = what.numerics;
  const numbers = series.map((name) => seriesNumber(statement, name));
  const point = statement('INSERT INTO numerics VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET value = excluded.value');
  for (let i = 0; i < of.length; i++) point.run(numbers[of[i]!]!, at[i]!, value[i]!);
  const finding = statement('INSERT INTO findings VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING');
  for (const { bed, at: moment, about, bytes } of what.findings) finding.run(bed, moment, about, bytes);
  const event = statement(
    'INSERT INTO alarms (bed, at, digest, alarm, bytes) VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING',
  );
  for (const { bed, at: moment, about, bytes } of what.alarms) event.run(bed, moment, digestOf(bytes), about, bytes);
  writeStrips(statement, what.strips);
};

/** The same event gives the same digest; two events of one moment do not. */
const digestOf = (bytes: StoredBytes['bytes']): Uint8Array =>
  createHash('sha256').update(bytes).digest().subarray(0, 16);

const writeStrips = (statement: Statement, strips: readonly StoredBlock[]): void => {
  const insert = statement('INSERT INTO strips VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING');
  for (const block of strips) {
    const { alarm, bed, source, code, unit, start, rateNumerator, rateDenominator, gain, offset, samples } = block;
    const values = [alarm, bed, source, code, unit, start, rateNumerator, rateDenominator, gain, offset];
    insert.run(...values, samples.length, packSamples(samples));
  }
};

const packRows = (rows: readonly Record<string, SQLInputValue>[]): PackedNumerics => {
  const series: SeriesName[] = [];
  const places = new Map<SQLInputValue, number>();
  const of = new Uint32Array(rows.length);
  const at = new Float64Array(rows.length);
  const value = new Float64Array(rows.length);
  rows.forEach((row, i) => {
    let place = places.get(row['series']!);
    if (place === undefined) {
      place = series.push(row as unknown as SeriesName) - 1;
      places.set(row['series']!, place);
    }
    of[i] = place;
    at[i] = row['at'] as number;
    value[i] = row['value'] as number;
  });
  return { series, of, at, value };
};

const blockOf = (row: Record<string, SQLInputValue>): StoredBlock => ({
  alarm: row['alarm'] as string,
  bed: row['bed'] as string,
  source: row['source'] as string,
  code: row['code'] as number,
  unit: row['unit'] as string,
  start: row['start'] as number,
  rateNumerator: row['rate_numerator'] as number,
  rateDenominator: row['rate_denominator'] as number,
  gain: row['gain'] as number,
  offset: row['offset'] as number,
  samples: unpackSamples(row['samples'] as Uint8Array, row['count'] as number),
});

const newest = (database: DatabaseSync, sql: string): number => {
  const row = database.prepare(sql).get() as { newest: number | null } | undefined;
  // A point from the future must not make the present old.
  return Math.min(row?.newest ?? Number.NEGATIVE_INFINITY, Date.now() * 1e3);
};

/**
 * Lets go what is over its time, counted back from the newest of its kind, in small transactions so that writers get
 * their turn. A strip goes when no event of its alarm is left; one that came before its event has an hour for it.
 */
const purge = (
  database: DatabaseSync,
  transaction: (work: () => void) => undefined,
  keep: NonNullable<SeriesThreadSettings['keep']>,
): void => {
  const numericsFrom = newest(database, 'SELECT max(at) AS newest FROM numerics') - keep.numericsUs;
  for (const { series } of database.prepare('SELECT series FROM series').all() as { series: number }[])
    transaction(() => {
      database.prepare('DELETE FROM numerics WHERE series = ? AND at < ?').run(series, numericsFrom);
      database
        .prepare('DELETE FROM series WHERE series = ?1 AND NOT EXISTS (SELECT 1 FROM numerics WHERE series = ?1)')
        .run(series);
    });
  const findingsFrom = newest(database, 'SELECT max(at) AS newest FROM findings') - keep.findingsUs;
  transaction(() => void database.prepare('DELETE FROM findings WHERE at < ?').run(findingsFrom));
  const alarmsFrom = newest(database, 'SELECT max(at) AS newest FROM alarms') - keep.alarmsUs;
  transaction(() => {
    database.prepare('DELETE FROM alarms WHERE at < ?').run(alarmsFrom);
    database
      .prepare('DELETE FROM strips WHERE start < ? AND alarm NOT IN (SELECT alarm FROM alarms)')
      .run(alarmsFrom - HOUR_US);
  });
};

const RETRIABLE: Readonly<Record<number, string>> = {
  5: 'the file is held by another writer',
  6: 'a table is locked',
  10: 'the disk failed',
  13: 'the disk is full',
  14: 'the file cannot be opened',
};

/** What went wrong, as the port says it. */
export const seriesErrorOf = (cause: unknown): SeriesError => {
  if (typeof cause === 'object' && cause !== null && 'tag' in cause) return cause as SeriesError;
  const said = cause instanceof Error ? cause.message : String(cause);
  const code = cause instanceof Error && 'errcode' in cause ? Number(cause.errcode) & 0xff : undefined;
  const why = code === undefined ? undefined : RETRIABLE[code];
  return why === undefined
    ? { tag: 'StoreRefused', retriable: false, sentence: `the series store refused: ${said}`, cause: said }
    : { tag: 'StoreUnavailable', retriable: true, sentence: `the series store: ${why} (${said})`, cause: said };
};
