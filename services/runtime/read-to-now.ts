import { randomUUID } from 'node:crypto';
import * as E from 'fp-ts/lib/Either.js';
import type { Topic } from '../../schemas/topics.ts';
import type { EventLog, LogRecord } from '../ports/event-log.ts';

const BARRIER = 'barrier/';
const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);
const textOf = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);

/** One key per partition that lands in it, found by trying: barriers must reach every partition. */
const barrierKeys = async (log: EventLog, topic: Topic): Promise<ReadonlyMap<number, string>> => {
  const wanted = (await log.extent(topic)).length;
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
 * positions that are never delivered (Kafka's transaction markers), so the end is not recognised by an offset: a barrier
 * record is written to each partition and awaited. Rejects when the log refuses the barrier.
 */
export const readToNow = async (log: EventLog, topic: Topic, onRecord: (record: LogRecord) => void): Promise<void> => {
  const token = randomUUID();
  const keys = await barrierKeys(log, topic);
  const written = await log.append([...keys.values()].map((key) => ({ topic, key, value: bytesOf(token) })))();
  if (E.isLeft(written)) throw new Error(`reading ${topic}: ${written.left.sentence}`, { cause: written.left });
  const waiting = new Set(keys.keys());
  const { promise: reached, resolve } = Promise.withResolvers<void>();
  const tail = await log.tail({
    topic,
    from: new Map(),
    otherwise: 'beginning',
    onRecords: ({ partition, records }) => {
      for (const record of records) {
        if (!waiting.has(partition)) return;
        if (!record.key.startsWith(BARRIER)) onRecord(record);
        else if (textOf(record.value) === token) waiting.delete(partition);
      }
      if (waiting.size === 0) resolve();
    },
  });
  const outcome = await Promise.race([reached, tail.ended]);
  await tail.stop();
  if (outcome !== undefined) throw new Error(`reading ${topic}: ${outcome.sentence}`, { cause: outcome });
};
