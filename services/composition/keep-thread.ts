import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import type { Journal } from '../logging/journal.ts';
import { type Beat, beatOf, makeBeat } from '../loop/beat.ts';
import { isStuck, LOOK_EVERY_MS, look, noLooks, STUCK_AFTER_S } from '../loop/stuck.ts';

export interface ThreadOptions<Data> {
  /** The thread's program. It says something first when it has started, and ends by itself after the message "stop". */
  readonly url: URL;
  readonly data: Data;
  /** What it is called in the log. */
  readonly name: string;
  readonly journal: Journal;
  /** Told each time that it was replaced. */
  readonly replaced: () => void;
  /** A thread that cannot even be ended: only the end of the process helps. */
  readonly hopeless: () => void;
  readonly stuckAfterS?: number;
}

/** What a thread is given beside its own data: where its loop beats. */
export interface KeptData<Data> {
  readonly data: Data;
  readonly beat: Beat;
}

export interface KeptThread {
  /** The thread that runs now. */
  readonly worker: () => Worker;
  readonly stop: () => Promise<void>;
}

const RESTART_AFTER_MS = 1_000;
/** JavaScript can be ended anywhere; a call into a library cannot. */
const ENDS_WITHIN_MS = 10_000;
const STOPS_WITHIN_MS = 5_000;

interface Running {
  readonly worker: Worker;
  readonly beat: Beat;
}

const startThread = async <Data>({ url, data, name }: ThreadOptions<Data>): Promise<Running> => {
  const beat = makeBeat();
  const worker = new Worker(url, { workerData: { data, beat } satisfies KeptData<Data>, name });
  await once(worker, 'message');
  return { worker, beat };
};

/** Ends a thread; false: it cannot be ended. */
const ended = async (worker: Worker): Promise<boolean> => {
  const gaveUp = new AbortController();
  const gone = worker.terminate().then(() => true);
  const patience = pause(ENDS_WITHIN_MS, false, { signal: gaveUp.signal }).catch(() => false);
  return Promise.race([gone, patience]).finally(() => gaveUp.abort());
};

/**
 * Keeps one thread beside this one: one that dies, or whose loop no longer turns, is replaced, and goes on from the log. Rejects
 * when the first start fails.
 */
export const keepThread = async <Data>(options: ThreadOptions<Data>): Promise<KeptThread> => {
  const { name, journal, replaced, hopeless, stuckAfterS = STUCK_AFTER_S } = options;
  let stopping = false;
  let running = await startThread(options);

  const watch = ({ worker, beat }: Running): (() => void) => {
    let looks = noLooks;
    const timer = setInterval(async () => {
      looks = look(looks, beatOf(beat));
      if (!isStuck(looks, stuckAfterS)) return;
      clearInterval(timer);
      journal.error('the loop of a thread stands still; the thread is replaced', {
        ...{ stage: name, milliseconds: stuckAfterS * 1e3 },
        sentence: 'It goes on from the log. If it comes again, report it with what this thread did',
      });
      if (!(await ended(worker))) hopeless();
    }, LOOK_EVERY_MS);
    return () => clearInterval(timer);
  };

  const replaceWhenDead = (mortal: Running): void => {
    const stopWatching = watch(mortal);
    mortal.worker.on('error', (cause) => journal.error('a thread failed', { stage: name }, cause));
    mortal.worker.once('exit', async () => {
      stopWatching();
      while (!stopping) {
        await pause(RESTART_AFTER_MS);
        if (stopping) return;
        try {
          running = await startThread(options);
          journal.warn('a thread was replaced', { stage: name });
          replaced();
          return replaceWhenDead(running);
        } catch (cause) {
          journal.error('a thread could not be started', { stage: name }, cause);
        }
      }
    });
  };
  replaceWhenDead(running);
  return {
    worker: () => running.worker,
    stop: async () => {
      stopping = true;
      const { worker } = running;
      if (worker.threadId === -1) return;
      const gone = once(worker, 'exit');
      worker.postMessage('stop');
      const impatient = setTimeout(() => void worker.terminate(), STOPS_WITHIN_MS);
      await gone.finally(() => clearTimeout(impatient));
    },
  };
};
