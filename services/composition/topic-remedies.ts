import { PARTITIONS_USUAL, topicNames, topics } from '../../schemas/topics.ts';
import type { TopicDifference } from '../adapters/kafka/topic-differences.ts';

const bedTopics = topicNames.filter((topic) => topics[topic].partitions === PARTITIONS_USUAL);

export interface TopicsPlace {
  readonly brokers: readonly string[];
  readonly prefix: string;
  /** The wanted number of those keyed by bed. */
  readonly partitions: number;
}

/** What to do about a difference, seen together with the others: one number of partitions is for all topics of beds, or for none. */
export const topicRemedies = (
  differences: readonly TopicDifference[],
  { brokers, prefix, partitions }: TopicsPlace,
): ((difference: TopicDifference) => string) => {
  const partitionsOf = (topic: string): string =>
    differences.find((one) => one.topic === `${prefix}${topic}` && one.setting === 'partitions')?.found ??
    String(partitions);
  const isOneNumber = new Set(bedTopics.map(partitionsOf)).size === 1;
  const change = `kafka-configs.sh --bootstrap-server ${brokers.join(',')} --alter --entity-type topics`;
  return ({ topic, setting, wanted, found }) => {
    if (setting === 'replication') return 'Copies are made by Kafka’s own kafka-reassign-partitions.sh.';
    if (setting !== 'partitions')
      return `If that is not meant: ${change} --entity-name ${topic} --add-config ${setting}=${wanted}`;
    if (!bedTopics.some((one) => topic === `${prefix}${one}`)) return 'No bed depends on it.';
    return isOneNumber
      ? `Another number would move beds: set KAFKA_PARTITIONS=${found}.`
      : 'The topics of beds must all have one number: let vigil topics make them all, beside these under a KAFKA_PREFIX of their own.';
  };
};
