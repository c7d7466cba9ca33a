import { fileURLToPath } from 'node:url';
import { createTopics } from '../../services/adapters/kafka/create-topics.ts';
import { openKafkaEventLog } from '../../services/adapters/kafka/kafka-event-log.ts';
import { SESSION_MS } from '../../services/adapters/kafka/kafka-lane.ts';
import type { LogUnderTest } from './event-log-story.ts';

/** A log is a prefix of topics on one broker; a place is `BROKERS PREFIX`. */
export const underTestAt = (brokers: readonly string[]): LogUnderTest => ({
  ...underTest,
  newPlace: async () => {
    const prefix = `test-${crypto.randomUUID()}.`;
    await createTopics({ brokers, clientId: 'vigil-test', prefix }, { partitions: 2 });
    return `${brokers.join(',')} ${prefix}`;
  },
});

/** As another process has it: it is told the place. */
export const underTest: LogUnderTest = {
  newPlace: () => Promise.reject(new Error('the broker is not known here')),
  discard: async () => undefined, // the broker goes with all its topics
  openAt: (place) => {
    const [brokers, prefix] = place.split(' ') as [string, string];
    return openKafkaEventLog({ brokers: brokers.split(','), prefix, clientId: 'vigil-test' });
  },
  leaseMs: SESSION_MS,
  module: fileURLToPath(import.meta.url),
};
