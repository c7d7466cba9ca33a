import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import * as E from 'fp-ts/lib/Either.js';
import type { InferenceError, Provider } from '../../ports/inference.ts';
import type { DeviceAnswer, DeviceQuestion, LoadedOnDevice, Numbered } from './device-words.ts';
import type { NamedStepNetwork } from './step-network.ts';

const PROGRAM = fileURLToPath(new URL('./device-main.ts', import.meta.url));

export const LOOK_AT_DEVICE_EVERY_MS = 500;
/** A bed of which analysis has fallen silent for 5 s is an alarm: the CPU must have answered before. A call takes milliseconds. */
export const STEP_LOOKS = 8;
/** A driver and its libraries are gigabytes, and may have to be read from a cold disk. */
export const LOAD_LOOKS = 120;
const GONE_WITHIN_MS = 2_000;

export interface Device {
  readonly pid: number | undefined;
  /** Rejects with an Error of one sentence when the file is no step network or the device cannot run it. */
  readonly load: (modelPath: string) => Promise<NamedStepNetwork>;
  readonly close: () => Promise<void>;
}

/** Calls `look` again and again. Answers how to end it. */
export type StartLooking = (look: () => void) => () => void;

const byTheClock: StartLooking = (look) => {
  const timer = setInterval(look, LOOK_AT_DEVICE_EVERY_MS);
  timer.unref();
  return () => clearInterval(timer);
};

interface Waiting {
  readonly looks: number;
  readonly give: (answer: E.Either<InferenceError, DeviceAnswer>) => void;
}

/** Until a process that was killed is gone; one that stands still inside the kernel does not go, and is not waited for. */
const gone = async (child: ChildProcess): Promise<void> => {
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
  child.ref();
  await once(child, 'exit', { signal: AbortSignal.timeout(GONE_WITHIN_MS) }).catch(() => undefined);
  child.unref();
};

/**
 * A device in a process of its own, because a call into a driver cannot be cancelled: it stops the thread that it was made on for
 * as long as the driver likes, and one that crashes takes its process along. What is not answered within 4 s, or not loaded
 * within a minute, loses the device: its process is killed, so that no late answer can come, and everything that waits and
 * all that is asked later is answered `ModelTooSlow` at once (`ModelFailed`, where the process ended by itself). The time is
 * counted in looks of this process without any answer, so that a machine that slept makes no device late.
 *
 * @param startLooking how time passes
 */
export const openDevice = (provider: Provider, startLooking: StartLooking = byTheClock): Device => {
  const child = fork(PROGRAM, [provider], {
    ...{ serialization: 'advanced', execArgv: ['--disable-warning=ExperimentalWarning'] },
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const waiting = new Map<number, Waiting>();
  let asked = 0;
  let looks = 0;
  let lost: InferenceError | undefined;

  const lose = (error: InferenceError): void => {
    if (lost !== undefined) return;
    lost = error;
    stopLooking();
    child.kill('SIGKILL');
    for (const { give } of waiting.values()) give(E.left(error));
    waiting.clear();
  };
  /** It works through questions in their order: the oldest is the one that it stands at. */
  const look = (): void => {
    const [oldest] = waiting.values();
    looks = oldest === undefined ? 0 : looks + 1;
    if (oldest === undefined || looks < oldest.looks) return;
    const seconds = (oldest.looks * LOOK_AT_DEVICE_EVERY_MS) / 1e3;
    lose({ tag: 'ModelTooSlow', sentence: `${provider} has not answered for ${seconds} s` });
  };
  const stopLooking = startLooking(look);

  const endedByItself = (why: string): void =>
    lose({ tag: 'ModelFailed', sentence: `the process of ${provider} ended by itself (${why})` });
  child.on('message', ({ number, word }: Numbered<DeviceAnswer>) => {
    looks = 0;
    waiting.get(number)?.give(E.right(word));
    waiting.delete(number);
    if (waiting.size === 0) child.channel?.unref();
  });
  child.on('error', ({ message }) => endedByItself(message));
  child.on('exit', (code, signal) => endedByItself(signal ?? `code ${code}`));
  child.unref();
  child.channel?.unref(); // it keeps nobody from ending who waits for nothing

  const ask = (word: DeviceQuestion, looksMax: number): Promise<E.Either<InferenceError, DeviceAnswer>> =>
    new Promise((give) => {
      if (lost !== undefined) return give(E.left(lost));
      waiting.set(asked, { looks: looksMax, give });
      child.channel?.ref();
      const question: Numbered<DeviceQuestion> = { number: asked++, word };
      child.send(question, (error) => {
        if (error !== null) endedByItself(error.message);
      });
    });

  const networkOf = ({ network, ...told }: LoadedOnDevice): NamedStepNetwork => ({
    ...{ ...told, provider, classes: told.classNames.length },
    step: (x, state) => async () => {
      const answer = await ask({ tag: 'Step', network, x, state }, STEP_LOOKS);
      if (E.isLeft(answer)) return answer;
      if (answer.right.tag !== 'Stepped') throw new Error('a device answered something else than it was asked');
      return answer.right.stepped;
    },
  });

  return {
    pid: child.pid,
    load: async (modelPath) => {
      const answer = await ask({ tag: 'Load', modelPath }, LOAD_LOOKS);
      if (E.isLeft(answer)) throw new Error(answer.left.sentence);
      if (answer.right.tag !== 'Loaded') throw new Error('a device answered something else than it was asked');
      const { loaded } = answer.right;
      if (E.isLeft(loaded)) throw new Error(loaded.left.sentence);
      return networkOf(loaded.right);
    },
    close: async () => {
      lose({ tag: 'ModelFailed', sentence: `${provider} was let go` });
      await gone(child);
    },
  };
};
