import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { watchOthers } from '../../services/adapters/embedded/log-thread-watch.ts';

const LANE = 3;

/** A file that grew by a record whenever it is looked at, and threads of this process that may tell of it. */
const growingFile = (name: string) => {
  let next = 0;
  let looks = 0;
  const told = new BroadcastChannel(`vigil-log:${name}`);
  let heard: () => void = () => undefined;
  const ends = {
    of: () => next,
    look: () => {
      looks += 1;
      return new Map([[LANE, ++next]]);
    },
    grew: () => {
      heard();
      return false;
    },
  };
  const watched = watchOthers(ends, name, { onRecords: () => true, onGroups: () => undefined });
  return {
    looksIn: async (ms: number): Promise<number> => {
      const before = looks;
      await vi.advanceTimersByTimeAsync(ms);
      return looks - before;
    },
    /** A thread tells what it wrote, a moment after it was found in the file. */
    tell: async (): Promise<void> => {
      const { promise, resolve } = Promise.withResolvers<void>();
      heard = resolve;
      told.postMessage(new Map([[LANE, next]]));
      await promise;
    },
    stop: () => {
      watched.stop();
      told.close();
    },
  };
};

describe('who watches the log of others', () => {
  let file: ReturnType<typeof growingFile>;
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
    file = growingFile(crypto.randomUUID());
  });
  afterEach(() => {
    file.stop();
    vi.useRealTimers();
  });

  it('looks at the file every 5 ms while another process writes', async () => {
    await file.looksIn(200);
    expect(await file.looksIn(1_000)).toBe(200);
  });

  it('looks at it every 50 ms while only threads of its own process write, also where a look is quicker than their word', async () => {
    await file.looksIn(1);
    let looks = 0;
    for (let i = 0; i < 20; i++) {
      await file.tell();
      looks += await file.looksIn(50);
    }
    expect(looks).toBe(20);
  });
});
