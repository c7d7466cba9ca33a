import type { LogError } from '../../ports/event-log.ts';
import { type LogFile, logErrorOf } from './log-thread-file.ts';

/** Work that writes. It is done in one transaction with what waits at the same time, and answered once that is stored. */
export interface Write {
  /** Whether the one who asked may only hear "stored" when a power cut cannot take it back. */
  readonly durable: boolean;
  /** Adds the lanes that grew, with their next offsets. May throw a `Fenced` LogError before it writes anything: that refuses this work alone. */
  readonly work: (grown: Map<number, number>) => void;
  readonly answer: (error: LogError | undefined) => void;
}

/** How long settlements wait for those of the other partitions. */
const SETTLE_LINGER_MS = 2;

/** Commits what waits together: the disk is asked once for all, so a hundred small appends cost little more than one. */
export const groupCommit = (file: LogFile, onGrown: (lanes: ReadonlyMap<number, number>) => void) => {
  let waiting: Write[] = [];

  const flush = (): void => {
    if (waiting.length === 0) return;
    const writes = waiting;
    waiting = [];
    const grown = new Map<number, number>();
    const errors = writeTogether(file, writes, grown);
    for (const [i, write] of writes.entries()) write.answer(errors[i]);
    if (grown.size > 0) onGrown(grown);
  };
  return {
    submit: (write: Write): void => {
      // A sender waits for the disk: after the messages that are here already. Partitions that go on together settle within moments.
      if (write.durable) setImmediate(flush);
      else if (waiting.length === 0) setTimeout(flush, SETTLE_LINGER_MS);
      waiting.push(write);
    },
    flush,
  };
};

const writeTogether = (
  file: LogFile,
  writes: readonly Write[],
  grown: Map<number, number>,
): readonly (LogError | undefined)[] => {
  try {
    return file.write(
      writes.some((write) => write.durable),
      () => writes.map((write) => refusalOf(file.path, () => write.work(grown))),
    );
  } catch (cause) {
    grown.clear();
    const error = logErrorOf(file.path, cause);
    return writes.map(() => error);
  }
};

const refusalOf = (path: string, work: () => void): LogError | undefined => {
  try {
    work();
    return undefined;
  } catch (cause) {
    const error = logErrorOf(path, cause);
    if (error.tag !== 'Fenced') throw cause; // it concerns the whole transaction
    return error;
  }
};
