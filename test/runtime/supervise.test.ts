import { describe, expect, it } from 'vitest';
import { supervise } from '../../services/composition/supervise.ts';
import { makeJournal } from '../../services/logging/journal.ts';
import type { LogError, Subscription } from '../../services/ports/event-log.ts';

const gone: LogError = { tag: 'LogUnavailable', retriable: true, sentence: 'the broker is gone' };

/** A subscription that ends when it is told to, or by itself. */
const subscription = () => {
  const { promise: ended, resolve: end } = Promise.withResolvers<LogError | undefined>();
  const stop = async (): Promise<void> => end(undefined);
  return { ended, stop, end };
};

describe('a supervised stage', () => {
  it('is started again when it ends by itself, and says meanwhile why it is down', async () => {
    const [first, second] = [subscription(), subscription()];
    const starts = [first, second];
    const { promise: again, resolve: restarted } = Promise.withResolvers<void>();
    const kept = await supervise('analysis', async () => starts.shift()!, makeJournal({ level: 'silent' }), restarted);
    expect(kept.down()).toBeUndefined();
    first.end(gone);
    await again;
    expect(kept.down()).toBe('the broker is gone');
    await kept.stop();
    expect(starts).toEqual([]);
  });

  it('that is told to stop while it is started again is stopped once it has', async () => {
    const [first, second] = [subscription(), subscription()];
    const { promise: starting, resolve: start } = Promise.withResolvers<Subscription>();
    const starts = [Promise.resolve<Subscription>(first), starting];
    const { promise: again, resolve: restarted } = Promise.withResolvers<void>();
    const kept = await supervise('analysis', () => starts.shift()!, makeJournal({ level: 'silent' }), restarted);
    first.end(gone);
    await again;
    const stopped = kept.stop();
    start(second);
    await stopped;
    expect(await second.ended).toBeUndefined();
  });
});
