/**
 * Goal: a loop that no longer turns is noticed, told with where it stands, and begun anew.
 * Method: real processes and threads whose loops are really blocked, in JavaScript and outside it; only the time that is
 * allowed is shorter than in life.
 */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { keepThread } from '../../services/composition/keep-thread.ts';
import type { Journal } from '../../services/logging/journal.ts';
import { isStuck, LOOK_EVERY_MS, look, noLooks, STUCK_AFTER_S } from '../../services/loop/stuck.ts';

const AFTER_S = 2;
const program = fileURLToPath(new URL('./blocked-child.ts', import.meta.url));
const children: ChildProcess[] = [];
afterAll(() => {
  for (const child of children) child.kill('SIGKILL');
});

const start = (how: string, before: readonly string[] = []) => {
  const words = [...before, process.execPath, '--disable-warning=ExperimentalWarning', program, how, String(AFTER_S)];
  const child = spawn(words[0]!, words.slice(1), { stdio: ['pipe', 'pipe', 'inherit'] });
  children.push(child);
  const lines: string[] = [];
  let look_ = (): void => undefined;
  const reading = createInterface({ input: child.stdout }).on('line', (line) => {
    lines.push(line);
    look_();
  });
  const exited = once(child, 'exit') as Promise<[number | null, NodeJS.Signals | null]>;
  // And its last line was read.
  const ended = Promise.all([exited, once(reading, 'close')]).then(([how_]) => how_);
  return {
    child,
    lines,
    ended,
    says: (count: number): Promise<void> =>
      new Promise((done, failed) => {
        look_ = () => (lines.filter((line) => line === 'alive').length >= count ? done() : undefined);
        look_();
        void ended.then(([code, signal]) => failed(new Error(`it ended with ${code ?? signal}: ${lines.join('\n')}`)));
      }),
  };
};

const mayMakeNamespaces = (): boolean => {
  try {
    execFileSync('unshare', ['--pid', '--fork', 'true'], { stdio: 'ignore' });
    return true;
  } catch {
    return false; // no right to, or no such program
  }
};

// At the same time: each is a process of its own, and seconds pass before its watch ends it.
describe.concurrent('a process whose loop stands still', () => {
  it('in JavaScript is ended, and its log says where it stood and what to do', async () => {
    const { ended, lines } = start('busy');
    expect(await ended).toEqual([null, 'SIGKILL']);
    const [told] = lines.map((line) => JSON.parse(line) as { level: number; where: string; sentence: string });
    expect(told?.level).toBe(50);
    expect(told?.where).toMatch(/^blockTheLoop \(test\/loop\/blocked-child\.ts:\d+\)/);
    expect(told?.sentence).toMatch(/must start it again/);
  });

  it('in a call outside JavaScript is ended too', async () => {
    const { ended, lines } = start('call');
    expect(await ended).toEqual([null, 'SIGKILL']);
    expect(lines.join()).toMatch(/in a call outside JavaScript/);
  });

  it.skipIf(!mayMakeNamespaces())(
    'is ended also as the first process of a container (skipped where none can be made)',
    async () => {
      const { ended } = start('call', ['unshare', '--pid', '--fork', '--kill-child']);
      // A trap: unshare dies of the signal that its child died of.
      expect(await ended).toEqual([null, 'SIGTRAP']);
    },
  );
});

// Not beside those: a watch that comes late would end what may go on.
describe.concurrent('a process whose loop stood still', () => {
  it('for less than the watch allows goes on', async () => {
    const { says } = start('slow');
    await says(1);
  });

  it('because the machine stood still goes on', async () => {
    const { child, says } = start('none');
    await says(1);
    child.kill('SIGSTOP');
    await new Promise((done) => setTimeout(done, AFTER_S * 2e3)); // nothing but time shows it
    child.kill('SIGCONT');
    // Twice: the watch has looked in between.
    child.stdin.write('\n');
    await says(2);
    await new Promise((done) => setTimeout(done, LOOK_EVERY_MS * 3));
    child.stdin.write('\n');
    await says(3);
  });
});

describe('the time that a loop may stand still', () => {
  it('is longer than a Kafka session with a rejoin, and at most twenty seconds', () => {
    expect(STUCK_AFTER_S).toBeGreaterThan(10);
    expect(STUCK_AFTER_S).toBeLessThanOrEqual(20);
    let looks = noLooks;
    let waitedMs = 0;
    while (!isStuck(looks)) {
      looks = look(looks, 7);
      waitedMs += LOOK_EVERY_MS;
    }
    expect(waitedMs).toBe(STUCK_AFTER_S * 1e3 + LOOK_EVERY_MS);
    expect(isStuck(look(looks, 8))).toBe(false);
  });
});

describe('a thread beside the main one', () => {
  const events: string[] = [];
  const journal: Journal = {
    info: () => undefined,
    warn: (event) => events.push(event),
    error: (event) => events.push(event),
  };
  const keep = async () => {
    events.length = 0;
    const { promise, resolve } = Promise.withResolvers<void>();
    const thread = await keepThread({
      url: new URL('./blocked-thread.ts', import.meta.url),
      data: { lives: new Int32Array(new SharedArrayBuffer(4)) },
      ...{ name: 'test', journal, stuckAfterS: AFTER_S, replaced: resolve },
      hopeless: () => events.push('hopeless'),
    });
    const asks = async (): Promise<unknown> => {
      const answer = once(thread.worker(), 'message');
      thread.worker().postMessage('which life?');
      return (await answer)[0];
    };
    return { thread, replaced: promise, asks };
  };

  it('is replaced when its loop stands still', async () => {
    const { thread, replaced, asks } = await keep();
    expect(await asks()).toBe('life 1');
    thread.worker().postMessage('block');
    await replaced;
    expect(await asks()).toBe('life 2');
    expect(events).toEqual(['the loop of a thread stands still; the thread is replaced', 'a thread was replaced']);
    await thread.stop();
  });

  it('is replaced when it dies, and not when it was stopped', async () => {
    const { thread, replaced, asks } = await keep();
    thread.worker().postMessage('die');
    await replaced;
    expect(await asks()).toBe('life 2');
    await thread.stop();
    expect(events).toEqual(['a thread failed', 'a thread was replaced']);
  });
});
