import type { LogError } from '../../ports/event-log.ts';

const LISTED_MS_MAX = 30_000;
const ASK_EVERY_MS = 50;

/**
 * Resolves when the topics are listed: a broker hears of what its controller has made a moment later, and until then they are
 * missing to whoever asks. Rejects with a LogError when they are not within half a minute.
 */
export const untilListed = async (
  list: () => Promise<readonly string[]>,
  names: readonly string[],
  withinMs = LISTED_MS_MAX,
): Promise<void> => {
  for (const until = performance.now() + withinMs; ; ) {
    const listed = new Set(await list());
    const missing = names.filter((name) => !listed.has(name));
    if (missing.length === 0) return;
    if (performance.now() > until) {
      const sentence = `Kafka took the topics ${missing.join(', ')} but does not list them after ${withinMs / 1e3} s; look whether its controller and brokers hear each other, then create them again with: vigil topics`;
      throw { tag: 'LogUnavailable', retriable: false, sentence } satisfies LogError;
    }
    await new Promise((over) => setTimeout(over, ASK_EVERY_MS));
  }
};
