import type { DatabaseSync } from 'node:sqlite';
import type { SeriesError } from '../../ports/series-store.ts';

export const LAYOUT_VERSION = 3;

/**
 * A resend changes nothing because each row's key is what it says: a point is its series and moment, a finding and an
 * alarm event their own bytes, a block of waves its signal and start.
 */
const LAYOUT = `
  CREATE TABLE series (
    series INTEGER PRIMARY KEY, bed TEXT NOT NULL, code INTEGER NOT NULL, device INTEGER NOT NULL, source TEXT NOT NULL,
    unit TEXT NOT NULL, UNIQUE (bed, code, device, source, unit)
  );
  CREATE TABLE numerics (
    series INTEGER NOT NULL, at REAL NOT NULL, value REAL NOT NULL, PRIMARY KEY (series, at)
  ) WITHOUT ROWID;
  CREATE TABLE findings (
    bed TEXT NOT NULL, at REAL NOT NULL, kind TEXT NOT NULL, bytes BLOB NOT NULL, PRIMARY KEY (bed, at, kind, bytes)
  ) WITHOUT ROWID;
  CREATE TABLE alarms (
    bed TEXT NOT NULL, at REAL NOT NULL, place INTEGER NOT NULL, digest BLOB NOT NULL, bytes BLOB NOT NULL,
    PRIMARY KEY (bed, at, digest)
  ) WITHOUT ROWID;
`;
/** What version 2 has and version 1 had not. */
const ADDED_2 = `
  CREATE TABLE minutes (
    series INTEGER NOT NULL, at REAL NOT NULL, min REAL NOT NULL, max REAL NOT NULL, mean REAL NOT NULL,
    count INTEGER NOT NULL, PRIMARY KEY (series, at)
  ) WITHOUT ROWID;
  CREATE TABLE waves (
    bed TEXT NOT NULL, start REAL NOT NULL, code INTEGER NOT NULL, device INTEGER NOT NULL, source TEXT NOT NULL,
    unit TEXT NOT NULL, rate_numerator INTEGER NOT NULL, rate_denominator INTEGER NOT NULL, gain REAL NOT NULL,
    "offset" REAL NOT NULL, count INTEGER NOT NULL, samples BLOB NOT NULL, PRIMARY KEY (bed, start, code, device, source)
  ) WITHOUT ROWID;
  CREATE TABLE engine (
    metric TEXT NOT NULL, at REAL NOT NULL, process TEXT NOT NULL, label TEXT NOT NULL, value REAL NOT NULL,
    PRIMARY KEY (metric, at, process, label)
  ) WITHOUT ROWID;
`;
/** What version 3 has and version 2 had not. Minutes of before have no completeness. */
const ADDED_3 = `
  ALTER TABLE minutes ADD COLUMN complete REAL;
  CREATE TABLE holds (
    id TEXT PRIMARY KEY, bed TEXT NOT NULL, from_us REAL NOT NULL, to_us REAL, reason TEXT NOT NULL, "by" TEXT NOT NULL,
    at REAL NOT NULL, released_at REAL, released_by TEXT, released_reason TEXT
  ) WITHOUT ROWID;
`;
/**
 * From version 1: devices had no numbers (Vigil's own get 0, all others 1; sources still keep them apart), and waves lay
 * once for each alarm.
 */
const FROM_1_TO_2 = `
  ALTER TABLE series RENAME TO series_1;
  CREATE TABLE series (
    series INTEGER PRIMARY KEY, bed TEXT NOT NULL, code INTEGER NOT NULL, device INTEGER NOT NULL, source TEXT NOT NULL,
    unit TEXT NOT NULL, UNIQUE (bed, code, device, source, unit)
  );
  INSERT INTO series SELECT series, bed, code, source <> 'vigil', source, unit FROM series_1;
  DROP TABLE series_1;
  ALTER TABLE alarms RENAME TO alarms_1;
  CREATE TABLE alarms (
    bed TEXT NOT NULL, at REAL NOT NULL, place INTEGER NOT NULL, digest BLOB NOT NULL, bytes BLOB NOT NULL,
    PRIMARY KEY (bed, at, digest)
  ) WITHOUT ROWID;
  INSERT INTO alarms SELECT bed, at, place, digest, bytes FROM alarms_1;
  DROP TABLE alarms_1;
  ${ADDED_2}
  INSERT OR IGNORE INTO waves SELECT bed, start, code, 1, source, unit, rate_numerator, rate_denominator, gain,
    "offset", count, samples FROM strips;
  DROP TABLE strips;
`;

const refusal = (sentence: string): SeriesError => ({ tag: 'StoreRefused', retriable: false, sentence });

/** Lays out a new file, or brings an older one up to date. @throws a SeriesError for a file of a newer program. */
export const layOutSeries = (database: DatabaseSync, path: string): void => {
  database.exec('BEGIN IMMEDIATE');
  try {
    const { user_version: found } = database.prepare('PRAGMA user_version').get() as { user_version: number };
    if (found === 0) database.exec(LAYOUT + ADDED_2 + ADDED_3);
    else if (found === 1) database.exec(FROM_1_TO_2 + ADDED_3);
    else if (found === 2) database.exec(ADDED_3);
    else if (found !== LAYOUT_VERSION)
      throw refusal(
        `${path} has layout ${found}, this release knows ${LAYOUT_VERSION}: another release made it and nothing was changed. Start that release again, or choose another folder`,
      );
    database.exec(`PRAGMA user_version = ${LAYOUT_VERSION}`);
    database.exec('COMMIT');
  } catch (cause) {
    if (database.isTransaction) database.exec('ROLLBACK');
    throw cause;
  }
};
