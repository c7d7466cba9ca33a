import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import * as E from 'fp-ts/lib/Either.js';
import * as TE from 'fp-ts/lib/TaskEither.js';
import type { Topic } from '../../schemas/topics.ts';
import type { Moment } from '../../schemas/units.ts';
import type { EventLog, GroupReader, LogRecord, NewRecord, TailReader } from '../../services/ports/event-log.ts';

/** A log that the contract examines. */
export interface LogUnderTest {
  /** Where a new, empty log lives: a file, a prefix of topics. */
  readonly newPlace: () => Promise<string>;
  readonly discard: (place: string) => Promise<void>;
  readonly openAt: (place: string) => Promise<EventLog>;
  /** How long a reader may be silent before it loses its partitions. */
  readonly leaseMs: number;
  /** The file that exports this as `underTest`, for other processes. */
  readonly module: string;
}

export const record = (key: string, said: string, topic: Topic = 'vigil.telemetry'): NewRecord => ({
  topic,
  key,
  value: new TextEncoder().encode(said),
});
export const text = ({ value }: { readonly value: Uint8Array }): string => new TextDecoder().decode(value);

/** A reader that agrees to everything. */
export const reader = (group: string): GroupReader => ({
  group,
  topic: 'vigil.telemetry',
  startAt: 'beginning',
  recordsPerBatchMax: 500,
  assigned: async () => undefined,
  revoked: () => undefined,
  react: () => TE.right({ outputs: [], settled: () => undefined }),
});

export const append = async (log: EventLog, records: readonly NewRecord[]): Promise<void> => {
  const answer = await log.append(records)();
  if (E.isLeft(answer)) throw new Error(answer.left.sentence);
};

/** The first records that a tail delivers, until one is the last. */
export const readUntil = async (
  log: EventLog,
  topic: Topic,
  isLast: (record: LogRecord, count: number) => boolean,
  where: Pick<TailReader, 'from' | 'otherwise'> = { from: new Map(), otherwise: 'beginning' },
): Promise<readonly LogRecord[]> => {
  const read: LogRecord[] = [];
  const done = Promise.withResolvers<void>();
  const tail = await log.tail({
    ...where,
    topic,
    onRecords: ({ records }) => {
      for (const each of records) {
        read.push(each);
        if (isLast(each, read.length)) done.resolve();
      }
    },
  });
  await Promise.race([done.promise, tail.ended.then((error) => Promise.reject(new Error(error?.sentence)))]);
  await tail.stop();
  return read;
};

export const readFromBeginning = (log: EventLog, topic: Topic, count: number): Promise<readonly LogRecord[]> =>
  readUntil(log, topic, (_, read) => read >= count);

export const readSome = (
  log: EventLog,
  where: Pick<TailReader, 'from' | 'otherwise'>,
  count: number,
): Promise<readonly LogRecord[]> => readUntil(log, 'vigil.telemetry', (_, read) => read >= count, where);

/** Joins, settles until `count` records were seen, stops. Answers what they said. */
export const consume = async (
  log: EventLog,
  group: string,
  count: number,
  topic: Topic = 'vigil.telemetry',
): Promise<readonly string[]> => {
  const seen: string[] = [];
  const done = Promise.withResolvers<void>();
  const subscription = await log.join({
    ...reader(group),
    topic,
    react: ({ records }) =>
      TE.right({
        outputs: [],
        settled: () => {
          seen.push(...records.map(text));
          if (seen.length >= count) done.resolve();
        },
      }),
  });
  await done.promise;
  await subscription.stop();
  return seen;
};

/** Joins a group that copies every record of telemetry to findings. */
export const copier = async (log: EventLog, group: string) => {
  const held = new Set<number>();
  let check = (): void => undefined;
  const subscription = await log.join({
    ...reader(group),
    assigned: async (partition) => {
      held.add(partition);
      check();
      return undefined;
    },
    revoked: (partition) => {
      held.delete(partition);
      check();
    },
    recordsPerBatchMax: 40,
    react: ({ records }) =>
      TE.right({
        outputs: records.map(({ key, value }) => ({ topic: 'vigil.findings', key, value }) as const),
        settled: () => undefined,
      }),
  });
  const now = (): readonly number[] => [...held].toSorted();
  return {
    held: now,
    holds: async (asWanted: (held: readonly number[]) => boolean): Promise<void> => {
      const reached = Promise.withResolvers<void>();
      check = () => (asWanted(now()) ? reached.resolve() : undefined);
      check();
      await reached.promise;
    },
    stop: subscription.stop,
  };
};

const TOLD_WITHIN_MS = 30_000;

/**
 * Resolves when a group's stored position is the end of that partition of telemetry. What was settled is safe, but a broker tells
 * of it a moment after it has answered: its coordinator writes the end of a transaction into the group's partition by itself.
 */
export const standsAtEnd = async (log: EventLog, group: string, partition: number): Promise<bigint> => {
  const { next } = (await log.extent('vigil.telemetry')).find((each) => each.partition === partition)!;
  for (const until = Date.now() + TOLD_WITHIN_MS; ; ) {
    const stored = (await log.positions(group, 'vigil.telemetry')).get(partition);
    if (stored === next) return next;
    if (Date.now() > until) throw new Error(`${group} stands at ${stored} of ${next} in partition ${partition}`);
    await new Promise((look) => setTimeout(look, 20));
  }
};

type Extent = Awaited<ReturnType<EventLog['extent']>>;
export const partitionsOf = (extent: Extent): readonly number[] => extent.map(({ partition }) => partition).toSorted();

/** Does something again and again until it was heard. */
export const repeatUntil = async <A>(heard: Promise<A>, again: () => Promise<void>): Promise<A> => {
  let over = false;
  heard.finally(() => {
    over = true;
  });
  while (!over) {
    await again();
    await new Promise(setImmediate);
  }
  return heard;
};

/** Waits until the clock shows a later time, so that the next record is younger. */
export const clockPasses = async (at: Moment): Promise<void> => {
  while (Date.now() * 1e3 <= at + 1e3) await new Promise(setImmediate);
};

/** Waits for a lease to run out, which nothing but waiting can do. */
export const outlive = (leaseMs: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, leaseMs * 1.5));

/** Another process that reads the same log; see event-log-child.ts. */
export const startChild = (
  underTest: LogUnderTest,
  place: string,
  role: 'holder' | 'copier' | 'appender',
  group: string,
) => {
  const program = fileURLToPath(new URL('./event-log-child.ts', import.meta.url));
  const child: ChildProcess = spawn(
    process.execPath,
    ['--disable-warning=ExperimentalWarning', program, underTest.module, place, role, group],
    { stdio: ['pipe', 'pipe', 'inherit'] },
  );
  const exited = once(child, 'exit');
  const lines: string[] = [];
  let check = (): void => undefined;
  createInterface({ input: child.stdout! }).on('line', (line) => {
    lines.push(line);
    check();
  });
  return {
    says: (line: string): Promise<void> => {
      const { promise, resolve, reject } = Promise.withResolvers<void>();
      check = () => (lines.includes(line) ? resolve() : undefined);
      check();
      exited.then(() => reject(new Error(`the other process ended without saying "${line}": ${lines.join(', ')}`)));
      return promise;
    },
    tell: (line: string): void => void child.stdin!.write(`${line}\n`),
    signal: (name: NodeJS.Signals): void => void child.kill(name),
    end: async (): Promise<void> => {
      child.kill('SIGKILL');
      await exited;
    },
  };
};
