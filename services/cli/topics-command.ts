import { orCannotOpenKafka } from '../composition/cannot-open.ts';
import { auditKeptMs } from '../composition/open-adapters.ts';
import { topicRemedies } from '../composition/topic-remedies.ts';
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
  const { created, leftAlone, differences } = await orCannotOpenKafka(
    createTopics(place, { partitions, auditKeptMs: auditKeptMs(config) }),
    brokers,
  );
  if (created.length > 0) terminal.side(`Created: ${created.join(', ')}`);
  if (leftAlone.length > 0) terminal.side(`There already: ${leftAlone.join(', ')}`);
  const remedy = topicRemedies(differences, { brokers, prefix, partitions });
  for (const difference of differences) {
    const { topic, setting, wanted, found } = difference;
    terminal.side(`${topic} has ${setting} ${found}, wanted is ${wanted}; it was left as it is. ${remedy(difference)}`);
  }
};
