import type { Config } from '../config.ts';
import type { Journal } from '../logging/journal.ts';
import { sentenceOf } from './cannot-open.ts';
import { auditKeptMs } from './open-adapters.ts';
import { topicRemedies } from './topic-remedies.ts';

/**
 * Warns of topics in Kafka that are not as `vigil topics` makes them, once each setting, with what mends it. It changes nothing
 * and holds nothing up. Does nothing where the log is a file.
 */
export const tellTopics = async (config: Config, journal: Journal): Promise<void> => {
  if (config.kafka === undefined) return;
  try {
    const { topicDifferences } = await import('../adapters/kafka/topic-differences.ts');
    const differences = await topicDifferences({ ...config.kafka, clientId: 'vigil-topics' }, auditKeptMs(config));
    const partitions = Number(differences.find(({ setting }) => setting === 'partitions')?.wanted ?? 0);
    const remedy = topicRemedies(differences, { ...config.kafka, partitions });
    for (const difference of differences) {
      const { topic, setting, wanted, found } = difference;
      const sentence = `it has ${setting} ${found}, wanted is ${wanted}. ${remedy(difference)}`;
      journal.warn('a topic is not as vigil topics makes it', { topic, sentence });
    }
  } catch (cause) {
    // Who may read and write the topics need not be allowed to see their settings.
    journal.info('the settings of the topics could not be looked at', { sentence: sentenceOf(cause) });
  }
};
