import type { LogError, TailReader } from '../../ports/event-log.ts';
import { type KafkaClient, kafkaErrorOf, sentenceOf } from './kafka-client.ts';
import { consumerSettings, type EndingSubscription } from './kafka-group-reader.ts';
import { logRecord } from './kafka-messages.ts';

/**
 * Follows a topic without deciding anything. kafkajs cannot read without a group, so this makes one for itself alone,
 * commits nothing to it and deletes it afterwards; the offsets are ours.
 */
export const followTail = async (client: KafkaClient, reader: TailReader): Promise<EndingSubscription> => {
  const topic = client.topicName(reader.topic);
  const groupId = client.named(`${client.clientId}.tail.${crypto.randomUUID()}`);
  const nexts = new Map(await tailStart(client, reader));
  const consumer = client.kafka.consumer(consumerSettings(groupId));
  const ended = Promise.withResolvers<LogError | undefined>();

  let ending: Promise<void> | undefined;
  const end = (because: LogError | undefined): Promise<void> => {
    ending ??= leave().then(() => ended.resolve(because));
    return ending;
  };
  const leave = async (): Promise<void> => {
    await consumer.disconnect().catch(() => undefined); // gone already
    await client.ask((admin) => admin.deleteGroups([groupId])).catch(() => undefined); // the broker forgets an empty group by itself
  };
  consumer.on('consumer.group_join', () => {
    for (const [partition, next] of nexts) consumer.seek({ topic, partition, offset: String(next) });
  });
  consumer.on('consumer.crash', ({ payload }) => void end(kafkaErrorOf(payload.error)));

  try {
    await consumer.connect();
    await consumer.subscribe({ topics: [topic], fromBeginning: true });
    await consumer.run({
      autoCommit: false,
      eachBatchAutoResolve: false,
      eachBatch: async ({ batch, resolveOffset, isRunning, isStale }) => {
        if (!isRunning() || isStale() || ending !== undefined) return;
        const { partition } = batch;
        const records = batch.messages.map((message) => logRecord(reader.topic, partition, message));
        try {
          await reader.onRecords({ topic: reader.topic, partition, records });
        } catch (cause) {
          const sentence = `a reader of the log failed: ${sentenceOf(cause)}`;
          void end({ tag: 'LogFailed', retriable: false, sentence, cause });
          return;
        }
        nexts.set(partition, BigInt(batch.lastOffset()) + 1n);
        resolveOffset(batch.messages.at(-1)!.offset);
      },
    });
  } catch (cause) {
    await end(undefined);
    throw kafkaErrorOf(cause);
  }
  return { ended: ended.promise, end, stop: () => end(undefined) };
};

const tailStart = async (
  { ask, topicName }: KafkaClient,
  { topic, from, otherwise }: TailReader,
): Promise<readonly (readonly [number, bigint])[]> => {
  const extents = await ask((admin) => admin.fetchTopicOffsets(topicName(topic)));
  const since =
    typeof otherwise === 'string'
      ? undefined
      : await ask((admin) => admin.fetchTopicOffsetsByTimestamp(topicName(topic), Math.floor(otherwise.since / 1e3)));
  return extents.map(({ partition, low, high }) => {
    const usual =
      since?.find((each) => each.partition === partition)?.offset ?? (otherwise === 'beginning' ? low : high);
    const wanted = from.get(partition) ?? BigInt(usual);
    return [partition, wanted < BigInt(low) ? BigInt(low) : wanted];
  });
};
