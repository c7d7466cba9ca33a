import type { Admin } from 'kafkajs';
import { PARTITIONS_USUAL, type Retention, type Topic, topicNames, topics } from '../../../schemas/topics.ts';
import { connectKafka, type KafkaPlace } from './kafka-client.ts';
import { ConfigResourceTypes } from './kafkajs.ts';
import { servedOf, untilServed } from './until-served.ts';

export interface TopicsWanted {
  /** Partitions of the topics keyed by bed. */
  readonly partitions?: number;
  /** Copies of each partition. The usual: three, or as many as there are brokers. */
  readonly replication?: number;
}

/** A topic that is there, but not as wanted. It is left as it is: a person decides. */
export interface TopicDifference {
  readonly topic: string;
  readonly setting: string;
  readonly wanted: string;
  readonly found: string;
}

export interface TopicsCreated {
  readonly created: readonly string[];
  readonly leftAlone: readonly string[];
  readonly differences: readonly TopicDifference[];
}

/** Creates the topics of `schemas/topics.ts` that are missing and says how the others differ. Rejects with a LogError. */
export const createTopics = async (place: KafkaPlace, wanted: TopicsWanted = {}): Promise<TopicsCreated> => {
  const client = await connectKafka(place);
  try {
    return await client.ask((admin) => createMissing(admin, client.topicName, wanted));
  } finally {
    await client.disconnect();
  }
};

type Naming = (topic: Topic) => string;

const createMissing = async (admin: Admin, topicName: Naming, wanted: TopicsWanted): Promise<TopicsCreated> => {
  const { brokers } = await admin.describeCluster();
  const replication = wanted.replication ?? Math.min(3, brokers.length);
  const present = new Set(await admin.listTopics());
  const missing = topicNames.filter((topic) => !present.has(topicName(topic)));
  const found = topicNames.filter((topic) => present.has(topicName(topic)));
  if (missing.length > 0) {
    await admin.createTopics({
      // kafkajs' own wait ends with an error where the broker does not know of them yet, and asks no more when it is tried again.
      waitForLeaders: false,
      topics: missing.map((topic) => ({
        topic: topicName(topic),
        numPartitions: partitionsWanted(topic, wanted),
        replicationFactor: replication,
        configEntries: Object.entries(settingsWanted(topic, replication)).map(([name, value]) => ({ name, value })),
      })),
    });
    await untilServed((names) => servedOf(admin, names), missing.map(topicName));
  }
  return {
    created: missing.map(topicName),
    leftAlone: found.map(topicName),
    differences: found.length === 0 ? [] : await differences(admin, topicName, found, wanted, replication),
  };
};

const partitionsWanted = (topic: Topic, wanted: TopicsWanted): number => {
  const usual: number = topics[topic].partitions;
  return usual === PARTITIONS_USUAL ? (wanted.partitions ?? usual) : usual;
};

/** A broker deletes whole segments, and none that is open: a bound of bytes wants several. */
const SEGMENTS_OF_BOUND = 8;

const keptAs = (retention: Retention): Readonly<Record<string, string>> => {
  // Old checkpoints go soon: a stage that starts reads them all, and a bed writes 20 KB every ten seconds.
  if (retention.kind === 'compacted')
    return { 'cleanup.policy': 'compact', 'segment.ms': '60000', 'min.cleanable.dirty.ratio': '0.2' };
  const { ms, bytesMax } = retention;
  const forTime = { 'cleanup.policy': 'delete', 'retention.ms': String(ms) };
  if (bytesMax === undefined) return forTime;
  const segment = String(bytesMax / SEGMENTS_OF_BOUND);
  return { ...forTime, 'retention.bytes': String(bytesMax), 'segment.bytes': segment };
};

const settingsWanted = (topic: Topic, replication: number): Readonly<Record<string, string>> => ({
  ...keptAs(topics[topic].retention),
  // The third of a frame's clocks is the log's.
  'message.timestamp.type': 'LogAppendTime',
  // "Stored" means two brokers have it.
  ...(replication >= 3 ? { 'min.insync.replicas': '2' } : {}),
});

const differences = async (
  admin: Admin,
  topicName: Naming,
  found: readonly Topic[],
  wanted: TopicsWanted,
  replication: number,
): Promise<readonly TopicDifference[]> => {
  const metadata = await admin.fetchTopicMetadata({ topics: found.map(topicName) });
  const { resources } = await admin.describeConfigs({
    includeSynonyms: false,
    resources: found.map((topic) => ({
      type: ConfigResourceTypes.TOPIC,
      name: topicName(topic),
      configNames: Object.keys(settingsWanted(topic, replication)),
    })),
  });
  return found.flatMap((topic) => {
    const name = topicName(topic);
    const partitions = metadata.topics.find((each) => each.name === name)?.partitions ?? [];
    const entries = resources.find((each) => each.resourceName === name)?.configEntries ?? [];
    const compared: readonly (readonly [string, string, string])[] = [
      ['partitions', String(partitionsWanted(topic, wanted)), String(partitions.length)],
      ['replication', String(replication), String(partitions[0]?.replicas.length ?? 0)],
      ...Object.entries(settingsWanted(topic, replication)).map(
        ([setting, value]) =>
          [setting, value, entries.find((entry) => entry.configName === setting)?.configValue ?? ''] as const,
      ),
    ];
    return compared
      .filter(([, want, have]) => want !== have)
      .map(([setting, want, have]) => ({ topic: name, setting, wanted: want, found: have }));
  });
};
