import type { Topic } from '../../schemas/topics.ts';
import type { EventLog, LogRecord, TailReader } from '../ports/event-log.ts';

/** Which part of a topic: from where on, and per partition up to where (not included); a partition that is not named ends now. */
export interface Stretch extends Pick<TailReader, 'from' | 'otherwise'> {
  readonly to?: ReadonlyMap<number, bigint>;
}

/**
 * Hands every record of a topic (or of this stretch of it) that was written before this call to `onRecord`, in order per partition. A
 * log may end in positions that are never delivered (Kafka's markers): the end is where the tail stands, not the last record.
 */
export const readToNow = async (
  log: Pick<EventLog, 'extent' | 'tail'>,
  topic: Topic,
  onRecord: (record: LogRecord) => void,
  { from, otherwise, to }: Stretch = { from: new Map(), otherwise: 'beginning' },
): Promise<void> => {
  const ends = new Map((await log.extent(topic)).map(({ partition, next }) => [partition, to?.get(partition) ?? next]));
  const before = new Map(ends);
  const { promise: reached, resolve } = Promise.withResolvers<undefined>();
  const tail = await log.tail({
    ...{ topic, from, otherwise },
    onRecords: ({ partition, records }) => {
      for (const record of records) if (record.offset < (ends.get(partition) ?? 0n)) onRecord(record);
    },
    onPosition: (partition, next) => {
      if (next >= (before.get(partition) ?? 0n)) before.delete(partition);
      if (before.size === 0) resolve(undefined);
    },
  });
  const outcome = await Promise.race([reached, tail.ended]);
  await tail.stop();
  if (outcome !== undefined) throw new Error(`reading ${topic}: ${outcome.sentence}`, { cause: outcome });
};
