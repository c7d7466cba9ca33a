/** How a topic is made, and how one that is there differs from that. */
import type { Admin } from 'kafkajs';
import {
  isOfAudit,
  PARTITIONS_USUAL,
  type Retention,
  type Topic,
  topicNames,
  topics,
} from '../../../schemas/topics.ts';
import { connectKafka, type KafkaPlace } from './kafka-client.ts';
import { ConfigResourceTypes } from './kafkajs.ts';

export interface TopicsWanted {
  /** Partitions of the topics keyed by bed. */
  readonly partitions?: number;
  /** Copies of each partition. The usual: three, or as many as there are brokers. */
  readonly replication?: number;
  /** How long the audit is kept; infinite: for ever. The usual: as schemas/topics.ts has it. */
  readonly auditKeptMs?: number | undefined;
}

/** A topic that is there, but not as wanted. It is left as it is: a person decides. */
export interface TopicDifference {
  readonly topic: string;
  readonly setting: string;
  readonly wanted: string;
  readonly found: string;
}

export type Naming = (topic: Topic) => string;

/** Kafka's own default; `RECORD_BYTES_MAX` of the port with what a batch adds lies below it. */
const MESSAGE_BYTES = 1_048_588;

/** How many partitions a topic is made with. */
export const partitionsWanted = (topic: Topic, wanted: TopicsWanted): number => {
  const usual: number = topics[topic].partitions;
  return usual === PARTITIONS_USUAL ? (wanted.partitions ?? usual) : usual;
};

/** A broker deletes whole segments, and none that is open: a bound of bytes wants several. */
const SEGMENTS_OF_BOUND = 8;

const FOR_EVER = '-1';

const keptAs = (retention: Retention): Readonly<Record<string, string>> => {
  // Old checkpoints go soon: a stage that starts reads them all, and a bed writes 20 KB every ten seconds.
  if (retention.kind === 'compacted')
    return { 'cleanup.policy': 'compact', 'segment.ms': '60000', 'min.cleanable.dirty.ratio': '0.2' };
  const { ms, bytesMax } = retention;
  const forTime = {
    'cleanup.policy': 'delete',
    'retention.ms': ms === Number.POSITIVE_INFINITY ? FOR_EVER : String(ms),
  };
  if (bytesMax === undefined) return forTime;
  const segment = String(bytesMax / SEGMENTS_OF_BOUND);
  return { ...forTime, 'retention.bytes': String(bytesMax), 'segment.bytes': segment };
};

/** The settings that a topic is made with. */
export const settingsWanted = (
  topic: Topic,
  replication: number,
  auditKeptMs?: number,
): Readonly<Record<string, string>> => ({
  ...keptAs(
    isOfAudit(topic) && auditKeptMs !== undefined ? { kind: 'time', ms: auditKeptMs } : topics[topic].retention,
  ),
  // No record of the log is refused by a cluster whose own bound is lower.
  'max.message.bytes': String(MESSAGE_BYTES),
  // The third of a frame's clocks is the log's.
  'message.timestamp.type': 'LogAppendTime',
  // "Stored" means two brokers have it.
  ...(replication >= 3 ? { 'min.insync.replicas': '2' } : {}),
});

/** What may be more than is wanted. */
const AT_LEAST = ['max.message.bytes', 'min.insync.replicas'];

const isAsWanted = (setting: string, wanted: string, found: string): boolean =>
  wanted === found || (AT_LEAST.includes(setting) && Number(found) >= Number(wanted));

/** How topics that are there differ from what they would be made as. */
export const differences = async (
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
      configNames: Object.keys(settingsWanted(topic, replication, wanted.auditKeptMs)),
    })),
  });
  return found.flatMap((topic) => {
    const name = topicName(topic);
    const partitions = metadata.topics.find((each) => each.name === name)?.partitions ?? [];
    const entries = resources.find((each) => each.resourceName === name)?.configEntries ?? [];
    const compared: readonly (readonly [string, string, string])[] = [
      ['partitions', String(partitionsWanted(topic, wanted)), String(partitions.length)],
      ['replication', String(replication), String(partitions[0]?.replicas.length ?? 0)],
      ...Object.entries(settingsWanted(topic, replication, wanted.auditKeptMs)).map(
        ([setting, value]) =>
          [setting, value, entries.find((entry) => entry.configName === setting)?.configValue ?? ''] as const,
      ),
    ];
    return compared
      .filter(([setting, want, have]) => !isAsWanted(setting, want, have))
      .map(([setting, want, have]) => ({ topic: name, setting, wanted: want, found: have }));
  });
};

/**
 * What is dangerous or costly in the topics of a running cluster, for a part that starts. How many partitions and brokers were meant
 * it does not know: topics of beds must have one number, and copies may be fewer only where a broker is away. Rejects with a LogError.
 */
export const topicDifferences = async (
  place: KafkaPlace,
  auditKeptMs?: number,
): Promise<readonly TopicDifference[]> => {
  const client = await connectKafka(place);
  try {
    return await client.ask(async (admin) => {
      const { brokers } = await admin.describeCluster();
      const name = client.topicName('vigil.telemetry');
      const { topics: told } = await admin.fetchTopicMetadata({ topics: [name] });
      const wanted = { partitions: told[0]!.partitions.length, auditKeptMs };
      const found = await differences(admin, client.topicName, topicNames, wanted, Math.min(3, brokers.length));
      return found.filter(({ topic, setting, wanted: want, found: have }) => {
        if (setting === 'replication') return Number(have) < Number(want);
        return setting !== 'partitions' || ofBeds.some((each) => client.topicName(each) === topic);
      });
    });
  } finally {
    await client.disconnect();
  }
};

const ofBeds = topicNames.filter((topic) => topics[topic].partitions === PARTITIONS_USUAL);
