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
  for (const { topic, setting, wanted, found } of differences)
    terminal.side(
      `${topic} has ${setting} ${found}, wanted is ${wanted}; it was left as it is. ${remedy(setting, found)}`,
    );
};

const remedy = (setting: string, found: string): string => {
  if (setting === 'partitions') return `Another number would move beds: set KAFKA_PARTITIONS=${found}.`;
  if (setting === 'replication') return 'Copies are made by Kafka’s own kafka-reassign-partitions.sh.';
  return 'If that is not meant, Kafka’s own kafka-configs.sh changes it.';
};
