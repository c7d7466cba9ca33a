import * as E from 'fp-ts/lib/Either.js';
import { topics } from '../../../schemas/topics.ts';
import { moment } from '../../../schemas/units.ts';
import {
  type Batch,
  type GroupReader,
  type LogError,
  type Reaction,
  type Subscription,
  type TailReader,
  unfit,
} from '../../ports/event-log.ts';
import { isLogError, sentenceOf } from '../../ports/log-error.ts';
import { pause } from '../pause.ts';
import { type LanePosition, type PackedBatch, packNew, valuesOf } from './log-thread-messages.ts';
import type { LogThread } from './sqlite-event-log-thread.ts';

const PAUSE_MS_MIN = 10;
const PAUSE_MS_MAX = 1_000;
const TAIL_RECORDS_MAX = 1_000;

/** A subscription that the log itself can end, saying why. */
export interface EndingSubscription extends Subscription {
  readonly end: (because: LogError | undefined) => Promise<void>;
}

/** A partition that this reader has for now. */
interface Holding {
  readonly epoch: number;
  /** Aborted when the partition is wanted back, was lost, or the reader stops. */
  readonly over: AbortController;
  readonly done: Promise<void>;
}

/** Joins a group: takes the partitions that the thread gives, answers their batches, hands them back when asked. */
export const joinGroup = async (
  thread: LogThread,
  id: number,
  reader: GroupReader,
  onTrouble: (sentence: string) => void,
): Promise<EndingSubscription> => {
  const holdings = new Map<number, Holding>();
  const ended = Promise.withResolvers<LogError | undefined>();
  const lingered = lingering(reader);
  let stopping: Promise<void> | undefined;

  thread.listen(id, (news) => {
    const { partition, epoch } = news;
    const holding = holdings.get(partition);
    if (news.told !== 'given') {
      if (holding?.epoch === epoch) holding.over.abort();
      return;
    }
    if (stopping !== undefined) return; // it is free again as soon as this reader has left
    holding?.over.abort();
    const over = new AbortController();
    const before = holding?.done ?? Promise.resolve();
    const done = before.then(() => keep(partition, epoch, news.stored, over.signal));
    holdings.set(partition, { epoch, over, done });
  });

  const keep = async (
    partition: number,
    epoch: number,
    stored: number | undefined,
    over: AbortSignal,
  ): Promise<void> => {
    await keepPartition({ thread, id, reader, partition, epoch, over, lingered, onTrouble }, stored);
    reader.revoked(partition);
    await thread.ask({ ask: 'release', reader: id, partition, epoch }).catch(() => undefined); // the log is closed
  };

  const stop = async (): Promise<void> => {
    for (const { over } of holdings.values()) over.abort();
    await Promise.all([...holdings.values()].map(({ done }) => done));
    thread.forget(id);
    await thread.ask({ ask: 'leave', reader: id }).catch(() => undefined); // the log is closed
  };
  thread.ended.then((error) => {
    for (const { over } of holdings.values()) over.abort();
    ended.resolve(error);
  });
  await thread.ask({ ask: 'join', reader: id, group: reader.group, topic: reader.topic });
  const end = (because: LogError | undefined): Promise<void> => {
    stopping ??= stop().then(() => ended.resolve(because));
    return stopping;
  };
  return { ended: ended.promise, end, stop: () => end(undefined) };
};

interface Keeping {
  readonly thread: LogThread;
  readonly id: number;
  readonly reader: GroupReader;
  readonly partition: number;
  readonly epoch: number;
  readonly over: AbortSignal;
  /** Resolves when the reader may go on after a batch that was not full. */
  readonly lingered: (over: AbortSignal) => Promise<void>;
  readonly onTrouble: (sentence: string) => void;
}

/** Answers one partition's batches until it is over. After a failure it begins again at the stored position. */
const keepPartition = async (keeping: Keeping, storedAtFirst: number | undefined): Promise<void> => {
  const { reader, partition, over, onTrouble } = keeping;
  let stored = storedAtFirst;
  let pauseMs = PAUSE_MS_MIN;
  const settled = (position: number): void => {
    stored = Math.max(stored ?? 0, position);
    pauseMs = PAUSE_MS_MIN;
  };
  while (!over.aborted) {
    try {
      const asked = await reader.assigned(partition, stored === undefined ? undefined : BigInt(stored));
      const from = asked === undefined ? (stored ?? (await startOf(keeping))) : Number(asked);
      await answerBatches(keeping, from, settled);
    } catch (cause) {
      if (over.aborted) return;
      if (isLogError(cause) && cause.tag === 'Fenced') return onTrouble(cause.sentence);
      onTrouble(
        `${reader.group} begins ${reader.topic}/${partition} again at ${stored ?? 'its start'}: ${sentenceOf(cause)}`,
      );
      await pause(pauseMs, over);
      pauseMs = Math.min(pauseMs * 2, PAUSE_MS_MAX);
    }
  }
};

const startOf = async ({ thread, reader, partition }: Keeping): Promise<number> => {
  const extent = (await thread.ask({ ask: 'extent', topic: reader.topic })).find((e) => e.partition === partition)!;
  return reader.startAt === 'beginning' ? extent.first : extent.next;
};

/** Rejects when a batch could not be answered or settled. */
const answerBatches = async (
  { thread, id, reader, partition, epoch, over, lingered, onTrouble }: Keeping,
  start: number,
  settled: (position: number) => void,
): Promise<void> => {
  let from = start;
  while (!over.aborted) {
    const lanes = [{ partition, from }];
    const question = { ask: 'fetch', topic: reader.topic, lanes, recordsMax: reader.recordsPerBatchMax } as const;
    const [packed] = await thread.fetch(question, over);
    if (packed === undefined || over.aborted) return;
    // The log itself leaves no holes: what is missing here was purged before this group came to read it.
    if (packed.offsets[0]! > from && topics[reader.topic].retention.kind === 'time') {
      onTrouble(
        `${reader.group} misses ${reader.topic}/${partition} from ${from} to ${packed.offsets[0]! - 1}: purged`,
      );
    }
    const reaction: E.Either<unknown, Reaction> = await reader.react(unpacked(packed))();
    if (E.isLeft(reaction)) throw reaction.left;
    const position = packed.offsets.at(-1)! + 1;
    const tooLarge = unfit(reaction.right.outputs);
    if (tooLarge !== undefined) throw tooLarge;
    const outputs = packNew(reaction.right.outputs);
    await thread.ask({ ask: 'settle', reader: id, partition, epoch, position, outputs });
    reaction.right.settled();
    settled(position);
    from = position;
    if (packed.offsets.length < reader.recordsPerBatchMax) await lingered(over);
  }
};

/** How the partitions of a reader wait for company. */
const lingering = ({ lingerMs = 0, lingerTogether = false }: GroupReader): Keeping['lingered'] => {
  if (lingerMs === 0) return () => Promise.resolve();
  if (!lingerTogether) return (over) => pause(lingerMs, over);
  let beat: Promise<void> | undefined;
  return () => {
    // At whole multiples of the time, so that nobody waits longer than it; who is to stop can wait for that, too.
    beat ??= new Promise<void>((resume) =>
      setTimeout(resume, Math.ceil(lingerMs - (performance.now() % lingerMs))),
    ).finally(() => {
      beat = undefined;
    });
    return beat;
  };
};

/** Follows a topic without a group: one batch after the other, all partitions. */
export const followTail = async (thread: LogThread, reader: TailReader): Promise<EndingSubscription> => {
  const ended = Promise.withResolvers<LogError | undefined>();
  const over = new AbortController();
  let lanes = await tailStart(thread, reader);
  for (const { partition, from } of lanes) reader.onPosition?.(partition, BigInt(from));

  const follow = async (): Promise<void> => {
    while (!over.signal.aborted) {
      const question = { ask: 'fetch', topic: reader.topic, lanes, recordsMax: TAIL_RECORDS_MAX } as const;
      const batches = await thread.fetch(question, over.signal);
      for (const packed of batches) {
        if (over.signal.aborted) return;
        await reader.onRecords(unpacked(packed));
        const from = packed.offsets.at(-1)! + 1;
        lanes = lanes.map((lane) => (lane.partition === packed.partition ? { ...lane, from } : lane));
        reader.onPosition?.(packed.partition, BigInt(from));
      }
      const isFull = batches.some(({ offsets }) => offsets.length >= TAIL_RECORDS_MAX);
      if (!isFull && reader.lingerMs) await pause(reader.lingerMs, over.signal);
    }
  };
  let reason: LogError | undefined;
  const done = follow().then(
    () => ended.resolve(reason),
    (cause: unknown) => ended.resolve(isLogError(cause) ? cause : failed(cause)),
  );
  const end = (because: LogError | undefined): Promise<void> => {
    reason ??= because;
    over.abort();
    return done;
  };
  return { ended: ended.promise, end, stop: () => end(undefined) };
};

const tailStart = async (
  thread: LogThread,
  { topic, from, otherwise }: TailReader,
): Promise<readonly LanePosition[]> => {
  const extents = await thread.ask({ ask: 'extent', topic });
  const since =
    typeof otherwise === 'string' ? undefined : await thread.ask({ ask: 'since', topic, since: otherwise.since });
  return extents.map(({ partition, first, next }) => {
    const usual =
      since?.find((lane) => lane.partition === partition)?.from ?? (otherwise === 'beginning' ? first : next);
    return { partition, from: Number(from.get(partition) ?? usual) };
  });
};

const unpacked = (packed: PackedBatch): Batch => {
  const { topic, partition } = packed;
  const records = valuesOf(packed).map((value, i) => ({
    topic,
    partition,
    offset: BigInt(packed.offsets[i]!),
    key: packed.keys[i]!,
    value,
    appendedAt: moment(packed.at[i]!),
  }));
  return { topic, partition, records };
};

const failed = (cause: unknown): LogError => ({
  tag: 'LogFailed',
  retriable: false,
  sentence: `a reader of the log failed: ${sentenceOf(cause)}`,
  cause,
});
