import type { Admin } from 'kafkajs';
import type { LogError } from '../../ports/event-log.ts';
import { kafkaErrorOf } from './kafka-client.ts';

const SERVED_MS_MAX = 30_000;
const ASK_EVERY_MS = 50;

/** What is asked of an admin here. */
type Asked = Pick<Admin, 'listTopics' | 'fetchTopicMetadata' | 'fetchTopicOffsets'>;

const hasLeaders = async (admin: Asked, topic: string): Promise<boolean> => {
  const { topics } = await admin.fetchTopicMetadata({ topics: [topic] });
  return topics.every(({ partitions }) => partitions.length > 0 && partitions.every(({ leader }) => leader >= 0));
};

/**
 * Those of the topics that can be written and read. A broker lists what its controller has made a moment later, and leads its
 * partitions another moment later: until then it says that it is not their leader. Rejects with what is no such moment.
 */
export const servedOf = async (admin: Asked, names: readonly string[]): Promise<readonly string[]> => {
  const listed = new Set(await admin.listTopics());
  const served = await Promise.all(
    names.map(async (topic) => {
      if (!listed.has(topic)) return [];
      try {
        // Only then: kafkajs keeps what it was told of leaders, and would ask nobody for minutes.
        if (!(await hasLeaders(admin, topic))) return [];
        await admin.fetchTopicOffsets(topic);
        return [topic];
      } catch (cause) {
        if (kafkaErrorOf(cause).retriable) return [];
        throw cause;
      }
    }),
  );
  return served.flat();
};

/** Resolves when `served` answers all of the topics. Rejects with a LogError when it does not within half a minute. */
export const untilServed = async (
  served: (names: readonly string[]) => Promise<readonly string[]>,
  names: readonly string[],
  withinMs = SERVED_MS_MAX,
): Promise<void> => {
  for (const until = performance.now() + withinMs; ; ) {
    const done = new Set(await served(names));
    const missing = names.filter((name) => !done.has(name));
    if (missing.length === 0) return;
    if (performance.now() > until) {
      const sentence = `Kafka took the topics ${missing.join(', ')} but does not serve them after ${withinMs / 1e3} s; look whether its controller and brokers hear each other, then create them again with: vigil topics`;
      throw { tag: 'LogUnavailable', retriable: false, sentence } satisfies LogError;
    }
    await new Promise((over) => setTimeout(over, ASK_EVERY_MS));
  }
};
