import { appendBy, type EventLog } from '../../ports/event-log.ts';
import { partitionOfKey } from '../../ports/key-partition.ts';
import { packNew } from './log-thread-messages.ts';
import { type EndingSubscription, followTail, joinGroup } from './sqlite-event-log-readers.ts';
import { CLOSED, startLogThread } from './sqlite-event-log-thread.ts';

export interface SqliteEventLogSettings {
  /** The log's one file; SQLite puts `-wal` and `-shm` beside it. Several threads and processes may open it. */
  readonly path: string;
  /** Partitions of the topics keyed by bed. A file keeps the number it was made with. */
  readonly partitions?: number;
  /** A reader whose thread was not heard for this long loses its partitions. */
  readonly leaseMs?: number;
  /** Telemetry and what was refused are purged, oldest first, when the file holds more than this many bytes. Nothing else gives way. */
  readonly bytesMax?: number;
  /** How long the audit is kept; infinite or absent: this handle lets go of none of it. */
  readonly auditKeptMs?: number;
  /** How often some handle of the file removes what is over its time. */
  readonly housekeepingMs?: number;
  /** Hears sentences for an operator: readers that begin again, records purged before they were read. */
  readonly onTrouble?: (sentence: string) => void;
}

const GIB = 1024 ** 3;

/**
 * The log of a laptop: one SQLite file. An append is durable when it resolves (WAL, `synchronous = FULL`). A reaction's
 * outputs and position are atomic but wait for no disk (`NORMAL`): a power cut may take the newest of them together,
 * never apart, and the reader makes the same outputs again from the appends.
 * Rejects with a LogError if the file cannot be opened.
 */
export const openSqliteEventLog = async (settings: SqliteEventLogSettings): Promise<EventLog> => {
  const onTrouble = settings.onTrouble ?? (() => undefined);
  const thread = await startLogThread(
    {
      path: settings.path,
      partitions: settings.partitions,
      leaseMs: settings.leaseMs ?? 2_500,
      bytesMax: settings.bytesMax ?? 20 * GIB,
      auditKeptMs: settings.auditKeptMs ?? Number.POSITIVE_INFINITY,
      housekeepingMs: settings.housekeepingMs ?? 10_000,
    },
    onTrouble,
  );
  const partitionOf: EventLog['partitionOf'] = (topic, key) =>
    partitionOfKey(topic, key, thread.partitions.get(topic) ?? 1);
  const subscriptions = new Set<EndingSubscription>();
  const subscribed = (subscription: EndingSubscription): EndingSubscription => {
    subscriptions.add(subscription);
    subscription.ended.then(() => subscriptions.delete(subscription));
    return subscription;
  };
  const append = appendBy((records) => thread.ask({ ask: 'append', records: packNew(records) }));
  let readers = 0;

  return {
    kind: 'embedded',
    partitionOf,
    append,
    join: async (reader) => subscribed(await joinGroup(thread, ++readers, reader, onTrouble)),
    tail: async (reader) => subscribed(await followTail(thread, reader)),
    extent: async (topic) =>
      (await thread.ask({ ask: 'extent', topic })).map(({ partition, first, next }) => ({
        partition,
        first: BigInt(first),
        next: BigInt(next),
      })),
    positions: async (group, topic) => {
      const lanes = await thread.ask({ ask: 'positions', group, topic });
      return new Map(lanes.map(({ partition, from }) => [partition, BigInt(from)]));
    },
    close: async () => {
      await Promise.all([...subscriptions].map((subscription) => subscription.end(CLOSED)));
      await thread.ask({ ask: 'close' }).catch(() => undefined); // closed before
      await thread.ended;
    },
  };
};
