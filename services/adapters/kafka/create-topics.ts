import type { Admin } from 'kafkajs';
import { topicNames } from '../../../schemas/topics.ts';
import { connectKafka, type KafkaPlace } from './kafka-client.ts';
import {
  differences,
  type Naming,
  partitionsWanted,
  settingsWanted,
  type TopicDifference,
  type TopicsWanted,
} from './topic-differences.ts';
import { servedOf, untilServed } from './until-served.ts';

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
        configEntries: Object.entries(settingsWanted(topic, replication, wanted.auditKeptMs)).map(([name, value]) => ({
          name,
          value,
        })),
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
