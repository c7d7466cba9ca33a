import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Topic } from '../../schemas/topics.ts';
import { openSqliteEventLog } from '../../services/adapters/embedded/sqlite-event-log.ts';
import type { EventLog, LogRecord } from '../../services/ports/event-log.ts';

export interface LogInAFolder {
  readonly log: EventLog;
  readonly path: string;
  /** Closes the log and opens the same file again. */
  readonly reopened: () => Promise<EventLog>;
  readonly discard: () => Promise<void>;
}

/** A real log in a folder of its own. */
export const logInAFolder = async (): Promise<LogInAFolder> => {
  const folder = await mkdtemp(join(tmpdir(), 'vigil-screens-'));
  const path = join(folder, 'log.db');
  let log = await openSqliteEventLog({ path });
  return {
    ...{ log, path },
    reopened: async () => {
      await log.close();
      log = await openSqliteEventLog({ path });
      return log;
    },
    discard: async () => {
      await log.close();
      await rm(folder, { recursive: true });
    },
  };
};

/** Everything that a topic of the embedded log holds now, in order per key. */
export const allOf = async (log: EventLog, topic: Topic): Promise<readonly LogRecord[]> => {
  const records: LogRecord[] = [];
  const waiting = new Map(
    (await log.extent(topic)).filter(({ first, next }) => next > first).map((one) => [one.partition, one.next]),
  );
  if (waiting.size === 0) return records;
  const { promise: read, resolve } = Promise.withResolvers<void>();
  const tail = await log.tail({
    topic,
    from: new Map(),
    otherwise: 'beginning',
    onRecords: (batch) => {
      const next = waiting.get(batch.partition);
      for (const record of batch.records) if (next !== undefined && record.offset < next) records.push(record);
      if (next !== undefined && (batch.records.at(-1)?.offset ?? -1n) + 1n >= next) waiting.delete(batch.partition);
      if (waiting.size === 0) resolve();
    },
  });
  await read;
  await tail.stop();
  return records;
};
