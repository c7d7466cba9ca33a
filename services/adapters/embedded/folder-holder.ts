/**
 * Who works in a data folder. The holder keeps a write transaction of `holder.db` open for as long as it lives: the operating system
 * lets go of it with the process, however that ends, and it holds over the walls of containers. The file that is left says nothing.
 */
import { hostname } from 'node:os';
import { DatabaseSync } from 'node:sqlite';
import { sqliteCode } from './sqlite-code.ts';

export interface Holder {
  /** As its own machine or container counts processes. */
  readonly pid: number;
  readonly host: string;
  readonly sinceMs: number;
}

export type FolderTaken =
  /** Nobody else takes it until `letGo`, or until this process ends. */
  | { readonly tag: 'Held'; readonly letGo: () => void }
  /** Another process works there; undefined: it has not said who it is. */
  | { readonly tag: 'HeldBy'; readonly holder: Holder | undefined }
  /** Nothing can be said: the file cannot be written, for example on a full disk. */
  | { readonly tag: 'Unknown'; readonly sentence: string };

const SQLITE_BUSY = 5;
/** Whoever is there may be about to leave. */
const PATIENCE_MS = 2_000;
const TRIES_MAX = 10;

const LAYOUT = `CREATE TABLE IF NOT EXISTS holder (
  only_row INTEGER PRIMARY KEY CHECK (only_row = 1), pid INTEGER NOT NULL, host TEXT NOT NULL, since_ms INTEGER NOT NULL
)`;

const holderIn = (database: DatabaseSync): Holder | undefined => {
  const row = database.prepare('SELECT pid, host, since_ms FROM holder').get();
  if (row === undefined) return undefined;
  return { pid: Number(row['pid']), host: String(row['host']), sinceMs: Number(row['since_ms']) };
};

const isSame = (a: Holder | undefined, b: Holder): boolean =>
  a !== undefined && a.pid === b.pid && a.host === b.host && a.sinceMs === b.sinceMs;

/** What is written is read by others only when it is committed, and a commit lets go: so it is written, and taken again. */
const take = (database: DatabaseSync, own: Holder): void => {
  for (let tries = 0; tries < TRIES_MAX; tries++) {
    database.exec('BEGIN IMMEDIATE');
    if (isSame(holderIn(database), own)) return;
    database
      .prepare('INSERT OR REPLACE INTO holder (only_row, pid, host, since_ms) VALUES (1, ?, ?, ?)')
      .run(own.pid, own.host, own.sinceMs);
    database.exec('COMMIT');
  }
  throw new Error('another process takes and leaves the folder again and again');
};

/** Takes a data folder for this process; `path` is the file in it that is locked. Blocks for two seconds at most; never throws. */
export const takeFolder = (path: string): FolderTaken => {
  let database: DatabaseSync | undefined;
  try {
    const opened = new DatabaseSync(path, { timeout: PATIENCE_MS });
    database = opened;
    opened.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL');
    opened.exec(LAYOUT);
    take(opened, { pid: process.pid, host: hostname(), sinceMs: Date.now() });
    return { tag: 'Held', letGo: () => (opened.isOpen ? opened.close() : undefined) };
  } catch (cause) {
    const isHeld = sqliteCode(cause) === SQLITE_BUSY;
    const taken: FolderTaken = isHeld
      ? { tag: 'HeldBy', holder: database && holderOrNobody(database) }
      : { tag: 'Unknown', sentence: cause instanceof Error ? cause.message : String(cause) };
    database?.close();
    return taken;
  }
};

const holderOrNobody = (database: DatabaseSync): Holder | undefined => {
  try {
    return holderIn(database);
  } catch {
    return undefined; // it has begun, and not yet written who it is
  }
};
