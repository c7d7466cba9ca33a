import { configOrMistakes } from './arguments.ts';
import { misused, type Terminal } from './outcome.ts';

/** Creates the topics in Kafka. What exists already stays as it is. */
export const topicsCommand = async (options: { readonly config?: string }, terminal: Terminal): Promise<void> => {
  const config = configOrMistakes(options.config);
  if (config.kafka === undefined)
    throw misused('There is no Kafka: set KAFKA_BROKERS. The embedded log makes its topics by itself.');
  const { createTopics } = await import('../adapters/kafka/create-topics.ts');
  await createTopics(config.kafka);
  terminal.side('The topics are there.');
};
