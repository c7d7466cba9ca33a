import type { Topic } from '../../schemas/topics.ts';
import type { Moment } from '../../schemas/units.ts';
import type { EventLog, LogRecord } from '../ports/event-log.ts';

/** Hands over what a topic holds of the partition of one key from a time to a time, by the log's clock. Rejects with an Error when it cannot be read. */
export const readSpan = async (
  log: EventLog,
  topic: Topic,
  key: string,
  since: Moment,
  until: Moment,
  onRecord: (record: LogRecord) => void,
): Promise<void> => {
  const wanted = log.partitionOf(topic, key);
  const extent = await log.extent(topic);
  const end = extent.find(({ partition }) => partition === wanted)?.next ?? 0n;
  const { promise: over, resolve } = Promise.withResolvers<undefined>();
  let isOver = false;
  const finish = (): void => {
    isOver = true;
    resolve(undefined);
  };
  const tail = await log.tail({
    topic,
    // The other partitions from their end on, where nothing is yet.
    from: new Map(
      extent.filter(({ partition }) => partition !== wanted).map(({ partition, next }) => [partition, next]),
    ),
    otherwise: { since },
    onRecords: ({ partition, records }) => {
      if (partition !== wanted || isOver) return;
      for (const record of records) {
        if (record.offset >= end || record.appendedAt > until) {
          finish();
          return;
        }
        onRecord(record);
      }
    },
    onPosition: (partition, next) => {
      if (partition === wanted && next >= end) finish();
    },
  });
  const outcome = await Promise.race([over, tail.ended]);
  await tail.stop();
  if (outcome !== undefined) throw new Error(`reading ${topic}: ${outcome.sentence}`, { cause: outcome });
};
