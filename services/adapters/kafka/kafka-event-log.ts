import { type Topic, topicNames } from '../../../schemas/topics.ts';
import { appendBy, type EventLog, type LogError } from '../../ports/event-log.ts';
import { partitionOfKey } from '../../ports/key-partition.ts';
import { openAppender } from './kafka-appender.ts';
import { CLOSED, connectKafka, type KafkaClient, type KafkaPlace } from './kafka-client.ts';
import { type EndingSubscription, joinGroup } from './kafka-group-reader.ts';
import type { Addressing } from './kafka-messages.ts';
import { followTail } from './kafka-tail-reader.ts';

export interface KafkaEventLogSettings extends KafkaPlace {
  /** Hears sentences for an operator: readers that begin again, records purged before they were read. */
  readonly onTrouble?: (sentence: string) => void;
}

/**
 * The log of a hospital. The topics must exist (`createTopics`). An append resolves when all in-sync replicas have it;
 * one that was refused for want of an answer may still be there, and comes twice if it is appended again.
 * Rejects with a LogError if no broker answers or topics are missing.
 */
export const openKafkaEventLog = async (settings: KafkaEventLogSettings): Promise<EventLog> => {
  const onTrouble = settings.onTrouble ?? (() => undefined);
  const client = await connectKafka(settings);
  const { ask, named, topicName } = client;
  const partitions = await partitionsOf(client);
  const partitionOf: EventLog['partitionOf'] = (topic, key) => partitionOfKey(topic, key, partitions.get(topic) ?? 1);
  const address: Addressing = { topicName, partitionOf };
  const appender = openAppender(client, address);
  const append = appendBy(appender.append);
  const subscriptions = new Set<EndingSubscription>();
  const subscribed = (subscription: EndingSubscription): EndingSubscription => {
    subscriptions.add(subscription);
    subscription.ended.then(() => subscriptions.delete(subscription));
    return subscription;
  };
  let closed: Promise<void> | undefined;

  const close = async (): Promise<void> => {
    await Promise.all([...subscriptions].map((subscription) => subscription.end(CLOSED)));
    await appender.close();
    await client.disconnect();
  };
  return {
    kind: 'kafka',
    partitionOf,
    append,
    join: async (reader) => {
      if (closed !== undefined) throw CLOSED;
      const count = partitions.get(reader.topic) ?? 1;
      return subscribed(await joinGroup({ client, address, reader, partitions: count, onTrouble }));
    },
    tail: async (reader) => {
      if (closed !== undefined) throw CLOSED;
      return subscribed(await followTail(client, reader));
    },
    extent: async (topic) => {
      const offsets = await ask((admin) => admin.fetchTopicOffsets(topicName(topic)));
      return offsets
        .map(({ partition, low, high }) => ({ partition, first: BigInt(low), next: BigInt(high) }))
        .toSorted((a, b) => a.partition - b.partition);
    },
    positions: async (group, topic) => {
      const [found] = await ask((admin) => admin.fetchOffsets({ groupId: named(group), topics: [topicName(topic)] }));
      const stored = (found?.partitions ?? []).map(({ partition, offset }) => [partition, BigInt(offset)] as const);
      return new Map(stored.filter(([, offset]) => offset >= 0n));
    },
    close: () => {
      closed ??= close();
      return closed;
    },
  };
};

const partitionsOf = async ({ ask, disconnect, topicName }: KafkaClient): Promise<ReadonlyMap<Topic, number>> => {
  try {
    const present = new Set(await ask((admin) => admin.listTopics()));
    const missing = topicNames.map(topicName).filter((name) => !present.has(name));
    if (missing.length > 0) {
      const sentence = `Kafka lacks the topics ${missing.join(', ')}; create them with: vigil topics`;
      throw { tag: 'LogFailed', retriable: false, sentence } satisfies LogError;
    }
    const { topics } = await ask((admin) => admin.fetchTopicMetadata({ topics: topicNames.map(topicName) }));
    return new Map(
      topicNames.map((topic) => [topic, topics.find(({ name }) => name === topicName(topic))!.partitions.length]),
    );
  } catch (cause) {
    await disconnect();
    throw cause;
  }
};
