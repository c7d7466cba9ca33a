import { DatabaseSync, type StatementSync } from 'node:sqlite';
import { PARTITIONS_USUAL, type Topic, topicNames, topics } from '../../../schemas/topics.ts';
import type { LogError } from '../../ports/event-log.ts';
import { sqliteCode } from './sqlite-code.ts';

/** The log's file, opened. Everything here blocks, so it is used on the log's own thread only. */
export interface LogFile {
  readonly path: string;
  readonly partitions: ReadonlyMap<Topic, number>;
  /** The number of the table that holds a partition. */
  readonly lane: (topic: Topic, partition: number) => number;
  /** A statement, compiled once. */
  readonly statement: (sql: string) => StatementSync;
  /**
   * Runs `work` in one write transaction. `durable` waits for the disk. Without it a power cut may take the newest
   * transactions away, but only from the end: the file stays a prefix of what happened.
   */
  readonly write: <A>(durable: boolean, work: () => A) => A;
  /** Runs `work` again while another thread or process holds the file. */
  readonly patiently: <A>(work: () => A) => A;
  readonly close: () => void;
}

const BUSY_MS_MAX = 10_000;
const LAYOUT_VERSION = 1;

/** One table per partition, so that every append goes to the end of a B-tree; `lanes` knows the next offset of each. */
const LAYOUT = `
  CREATE TABLE lanes (
    lane INTEGER PRIMARY KEY, topic TEXT NOT NULL, partition INTEGER NOT NULL, next INTEGER NOT NULL DEFAULT 0,
    UNIQUE (topic, partition)
  );
  CREATE TABLE members (
    number INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, reader_group TEXT NOT NULL, topic TEXT NOT NULL,
    heard_ms INTEGER NOT NULL
  );
  CREATE TABLE owners (
    reader_group TEXT NOT NULL, topic TEXT NOT NULL, partition INTEGER NOT NULL,
    member TEXT, epoch INTEGER NOT NULL DEFAULT 0, position INTEGER,
    PRIMARY KEY (reader_group, topic, partition)
  ) WITHOUT ROWID;
  CREATE TABLE housekeeping (only_row INTEGER PRIMARY KEY CHECK (only_row = 1), done_ms INTEGER NOT NULL);
  INSERT INTO housekeeping VALUES (1, 0);
`;

/** @throws a LogError if the file cannot be opened, or was made with another number of partitions than asked. */
export const openLogFile = (path: string, partitionsAsked: number | undefined): LogFile => {
  const database = new DatabaseSync(path, { timeout: BUSY_MS_MAX });
  patiently(() => database.exec('PRAGMA journal_mode = WAL'));
  database.exec('PRAGMA journal_size_limit = 67108864; PRAGMA cache_size = -16384');
  patiently(() => layOut(database, path, partitionsAsked));
  const lanes = knownLanes(database);
  // From here on we wait ourselves: SQLite's own back-off grows to 100 ms, and most commits take less than one.
  database.exec('PRAGMA busy_timeout = 0');
  const partitions = new Map(topicNames.map((topic) => [topic, lanes.filter((l) => l.topic === topic).length]));
  const partitionsFound = partitions.get('vigil.telemetry');
  if (partitionsAsked !== undefined && partitionsFound !== partitionsAsked) {
    database.close();
    throw refused(
      `${path} has ${partitionsFound} partitions, not ${partitionsAsked}; keep the number or start a new file`,
    );
  }

  const laneNumbers = new Map<Topic, Map<number, number>>(topicNames.map((topic) => [topic, new Map()]));
  for (const { topic, partition, lane } of lanes) laneNumbers.get(topic)?.set(partition, lane);
  const statements = new Map<string, StatementSync>();
  const statement = (sql: string): StatementSync => {
    const known = statements.get(sql) ?? database.prepare(sql);
    statements.set(sql, known);
    return known;
  };
  let durableNow: boolean | undefined;

  return {
    path,
    partitions,
    statement,
    patiently,
    lane: (topic, partition) => {
      const known = laneNumbers.get(topic)?.get(partition);
      if (known === undefined) throw refused(`${topic} has no partition ${partition}`);
      return known;
    },
    write: (durable, work) => {
      if (durable !== durableNow) database.exec(`PRAGMA synchronous = ${durable ? 'FULL' : 'NORMAL'}`);
      durableNow = durable;
      patiently(() => statement('BEGIN IMMEDIATE').run());
      try {
        const result = work();
        statement('COMMIT').run();
        return result;
      } catch (cause) {
        if (database.isTransaction) database.exec('ROLLBACK');
        throw cause;
      }
    },
    close: () => database.close(),
  };
};

const layOut = (database: DatabaseSync, path: string, partitionsAsked: number | undefined): void => {
  database.exec('BEGIN IMMEDIATE');
  try {
    const { user_version: found } = database.prepare('PRAGMA user_version').get() as { user_version: number };
    if (found !== 0 && found !== LAYOUT_VERSION)
      throw refused(
        `${path} has layout ${found}, this release knows ${LAYOUT_VERSION}: another release made it and nothing was changed. Start that release again, or choose another folder`,
      );
    if (found === 0) {
      database.exec(LAYOUT);
      database.exec(`PRAGMA user_version = ${LAYOUT_VERSION}`);
    }
    // An older program's file may lack topics; those keyed by bed have the partitions that its other topics have.
    const lanes = knownLanes(database);
    const partitionsFound = lanes.filter(({ topic }) => topic === 'vigil.telemetry').length;
    for (const topic of topicNames)
      if (!lanes.some((lane) => lane.topic === topic)) layOutTopic(database, topic, partitionsFound || partitionsAsked);
    database.exec('COMMIT');
  } catch (cause) {
    if (database.isTransaction) database.exec('ROLLBACK');
    throw cause;
  }
};

const layOutTopic = (database: DatabaseSync, topic: Topic, partitionsAsked: number | undefined): void => {
  const usual: number = topics[topic].partitions;
  // Only topics keyed by bed follow the number that was asked for.
  const count = usual === PARTITIONS_USUAL ? (partitionsAsked ?? usual) : usual;
  for (let partition = 0; partition < count; partition++) {
    const { lastInsertRowid } = database
      .prepare('INSERT INTO lanes (topic, partition) VALUES (?, ?)')
      .run(topic, partition);
    // Key before value: compaction then reads keys without touching the overflow pages of large values.
    database.exec(
      `CREATE TABLE lane_${lastInsertRowid} (offset INTEGER PRIMARY KEY, at_us INTEGER NOT NULL, key TEXT NOT NULL, value BLOB NOT NULL)`,
    );
  }
};

const knownLanes = (database: DatabaseSync) =>
  database.prepare('SELECT lane, topic, partition FROM lanes').all() as unknown as readonly {
    readonly lane: number;
    readonly topic: Topic;
    readonly partition: number;
  }[];

const SQLITE_BUSY = 5;
const SQLITE_FULL = 13;
const SQLITE_IOERR = 10;
const SQLITE_READONLY = 8;

const patiently = <A>(work: () => A): A => {
  const until = performance.now() + BUSY_MS_MAX;
  for (;;) {
    try {
      return work();
    } catch (cause) {
      if (sqliteCode(cause) !== SQLITE_BUSY || performance.now() > until) throw cause;
      Atomics.wait(nothing, 0, 0, 0.5); // this thread has nothing better to do
    }
  }
};
const nothing = new Int32Array(new SharedArrayBuffer(4));

const refused = (sentence: string): LogError => ({ tag: 'LogFailed', retriable: false, sentence });

/** What went wrong with the log's file, as the port says it. */
export const logErrorOf = (path: string, cause: unknown): LogError => {
  if (typeof cause === 'object' && cause !== null && 'tag' in cause) return cause as LogError;
  const said = cause instanceof Error ? cause.message : String(cause);
  switch (sqliteCode(cause)) {
    case SQLITE_BUSY:
      return {
        tag: 'LogUnavailable',
        retriable: true,
        sentence: `the log's file ${path} was held by others for 10 s`,
        cause: said,
      };
    case SQLITE_FULL: {
      const sentence = `the disk of ${path} is full; make room there, and Vigil goes on by itself`;
      return { tag: 'LogUnavailable', retriable: true, sentence, cause: said };
    }
    case SQLITE_IOERR:
      return {
        tag: 'LogUnavailable',
        retriable: true,
        sentence: `the disk of ${path} failed (${said}); look whether it is mounted, writable and within its quota (df, dmesg), and Vigil goes on by itself`,
        cause: said,
      };
    case SQLITE_READONLY:
      return {
        tag: 'LogUnavailable',
        retriable: true,
        sentence: `the log's file ${path} may only be read (${said}); give it to the user that runs Vigil, or look at its disk, and Vigil goes on by itself`,
        cause: said,
      };
    default:
      return { tag: 'LogFailed', retriable: false, sentence: `the log failed: ${said}`, cause: said };
  }
};
