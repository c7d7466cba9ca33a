import * as E from 'fp-ts/lib/Either.js';
import type { Topic } from '../../schemas/topics.ts';
import type { EventLog, LogRecord } from '../ports/event-log.ts';

const BARRIER = 'barrier/';

/** One key per partition that lands in it, found by trying: barriers must reach every partition. */
const barrierKeys = (log: EventLog, topic: Topic, wanted: number): ReadonlyMap<number, string> => {
  const keys = new Map<number, string>();
  for (let i = 0; keys.size < wanted; i++) {
    const key = `${BARRIER}${i}`;
    const partition = log.partitionOf(topic, key);
    if (!keys.has(partition)) keys.set(partition, key);
  }
  return keys;
};

/**
 * Hands every record of a topic that was written before this call to `onRecord`, in order per partition. A log may hold
 * positions that are never delivered (Kafka's transaction markers), so its end is not recognised by the last offset: a
 * barrier record is written to each partition, and the first record at or behind the end as it was before the barrier
 * tells that everything older has been seen. (Not the barrier itself is awaited: on a compacted topic another reader's
 * may have taken its place.) Rejects when the log refuses the barrier.
 */
export const readToNow = async (log: EventLog, topic: Topic, onRecord: (record: LogRecord) => void): Promise<void> => {
  const ends = new Map((await log.extent(topic)).map(({ partition, next }) => [partition, next]));
  const keys = barrierKeys(log, topic, ends.size);
  const barriers = [...keys.values()].map((key) => ({ topic, key, value: new Uint8Array() }));
  const written = await log.append(barriers)();
  if (E.isLeft(written)) throw new Error(`reading ${topic}: ${written.left.sentence}`, { cause: written.left });
  const { promise: reached, resolve } = Promise.withResolvers<void>();
  const tail = await log.tail({
    topic,
    from: new Map(),
    otherwise: 'beginning',
    onRecords: ({ partition, records }) => {
      for (const record of records) {
        if (record.offset >= (ends.get(partition) ?? 0n)) ends.delete(partition);
        if (!ends.has(partition)) break;
        if (!record.key.startsWith(BARRIER)) onRecord(record);
      }
      if (ends.size === 0) resolve();
    },
  });
  const outcome = await Promise.race([reached, tail.ended]);
  await tail.stop();
  if (outcome !== undefined) throw new Error(`reading ${topic}: ${outcome.sentence}`, { cause: outcome });
};
