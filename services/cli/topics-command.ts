import { PARTITIONS_USUAL, topicNames, topics } from '../../schemas/topics.ts';
import type { TopicDifference } from '../adapters/kafka/create-topics.ts';
import { orCannotOpenKafka } from '../composition/cannot-open.ts';
import { configOrMistakes } from './arguments.ts';
import { misused, type Terminal } from './outcome.ts';

/** Creates the topics in Kafka. What exists already stays as it is. */
export const topicsCommand = async (options: { readonly config?: string }, terminal: Terminal): Promise<void> => {
  const config = configOrMistakes(options.config);
  if (config.kafka === undefined)
    throw misused('There is no Kafka: set KAFKA_BROKERS. The embedded log makes its topics by itself.');
  const { createTopics } = await import('../adapters/kafka/create-topics.ts');
  const { brokers, partitions, prefix } = config.kafka;
  const place = { brokers, prefix, clientId: 'vigil-topics' };
  const { created, leftAlone, differences } = await orCannotOpenKafka(createTopics(place, { partitions }), brokers);
  if (created.length > 0) terminal.side(`Created: ${created.join(', ')}`);
  if (leftAlone.length > 0) terminal.side(`There already: ${leftAlone.join(', ')}`);
  const remedy = remedyIn(differences, partitions, prefix);
  for (const difference of differences) {
    const { topic, setting, wanted, found } = difference;
    terminal.side(`${topic} has ${setting} ${found}, wanted is ${wanted}; it was left as it is. ${remedy(difference)}`);
  }
};

const bedTopics = topicNames.filter((topic) => topics[topic].partitions === PARTITIONS_USUAL);

/** What to do about a difference, seen together with the others: one number of partitions is for all topics of beds, or for none. */
const remedyIn = (differences: readonly TopicDifference[], partitionsWanted: number, prefix: string) => {
  const partitionsOf = (topic: string): string =>
    differences.find((one) => one.topic === `${prefix}${topic}` && one.setting === 'partitions')?.found ??
    String(partitionsWanted);
  const isOneNumber = new Set(bedTopics.map(partitionsOf)).size === 1;
  return ({ topic, setting, found }: TopicDifference): string => {
    if (setting === 'replication') return 'Copies are made by Kafka’s own kafka-reassign-partitions.sh.';
    if (setting !== 'partitions') return 'If that is not meant, Kafka’s own kafka-configs.sh changes it.';
    if (!bedTopics.some((one) => topic === `${prefix}${one}`)) return 'No bed depends on it.';
    return isOneNumber
      ? `Another number would move beds: set KAFKA_PARTITIONS=${found}.`
      : 'The topics of beds must all have one number: let this command make them all, beside these under a KAFKA_PREFIX of their own.';
  };
};
