import * as TE from 'fp-ts/lib/TaskEither.js';
import type { Topic } from '../../schemas/topics.ts';
import type { Moment } from '../../schemas/units.ts';

/** One record as the log holds it. Offsets grow within a topic's partition; they may have holes (Kafka's markers). */
export interface LogRecord {
  readonly topic: Topic;
  readonly partition: number;
  readonly offset: bigint;
  readonly key: string;
  readonly value: Uint8Array;
  /** The log's own clock when it took the record: the third of the three clocks. */
  readonly appendedAt: Moment;
}

export interface NewRecord {
  readonly topic: Topic;
  /** The bed, or the source of a rejected message. Records of one key keep their order. */
  readonly key: string;
  readonly value: Uint8Array;
  /** Where it must lie, beside what somebody else put there; absent: on the partition of its key. A log that nobody else writes to knows no other. */
  readonly partition?: number;
}

/** The largest record (key and value together, in bytes) that any log takes: Kafka's own default limit, rounded down. */
export const RECORD_BYTES_MAX = 1_000_000;

/** Appends that wait for a log hold at most about this many bytes; more are refused with `LogUnavailable`. */
export const WAITING_BYTES_MAX = 64 * 1024 * 1024;

/**
 * What the log could not do. `retriable` answers the caller's only question: may the same be asked again? `Fenced`: another reader
 * has the partition. `Closed`: this handle was closed.
 */
export interface LogError {
  readonly tag: 'LogUnavailable' | 'Fenced' | 'RecordTooLarge' | 'LogFailed' | 'Closed';
  readonly retriable: boolean;
  readonly sentence: string;
  readonly cause?: unknown;
}

/** What follows from a batch. The log stores the outputs and the reader's position together, or neither. */
export interface Reaction {
  readonly outputs: readonly NewRecord[];
  /** Called once outputs and position are stored. Until then the batch must count as never seen. */
  readonly settled: () => void;
}

export interface Batch {
  readonly topic: Topic;
  readonly partition: number;
  readonly records: readonly LogRecord[];
}

/** A reader that decides: a member of a group that shares the partitions of one topic. */
export interface GroupReader {
  readonly group: string;
  readonly topic: Topic;
  /** Where a group that has never settled anything starts. */
  readonly startAt: 'beginning' | 'end';
  readonly recordsPerBatchMax: number;
  /**
   * After a batch that was not full, wait this long for the next to fill: every batch costs a transaction, and a reader in
   * no hurry (the recorder) should not pay for each record. 0 or absent: no waiting.
   */
  readonly lingerMs?: number;
  /**
   * While batches have no outputs their position may lie so far behind, on a log where it costs a transaction; what lies between is
   * read and answered again after a crash. 0 or absent: it is stored with every batch.
   */
  readonly positionEveryMs?: number;
  /**
   * All partitions of this reader end their waiting at the same moments: what they do then shares transactions, and calls of networks.
   * Without it each waits for itself, and their work spreads over time.
   */
  readonly lingerTogether?: boolean;
  /**
   * A partition was given to this reader. Answers the offset to read from (silent replay before the stored position is
   * the runtime's affair); undefined means the stored position. `stored` is the next offset after the last settled
   * batch, undefined if none. A batch that lies before the stored position is settled without moving it back.
   */
  readonly assigned: (partition: number, stored: bigint | undefined) => Promise<bigint | undefined>;
  /** The partition went to another reader (or the reader stops): forget what was remembered for it. */
  readonly revoked: (partition: number) => void;
  /**
   * Answers a batch. Batches of one partition come one after the other; a Left or a rejection leaves outputs and position
   * unwritten and the batch comes again (from the last settled position, after `assigned` was asked again).
   */
  readonly react: (batch: Batch) => TE.TaskEither<unknown, Reaction>;
}

/** A reader without a group: a screen, a test, an export. It decides nothing and settles nothing. */
export interface TailReader {
  readonly topic: Topic;
  /** Per partition the first offset wanted; missing partitions follow `otherwise`. */
  readonly from: ReadonlyMap<number, bigint>;
  readonly otherwise: 'beginning' | 'end' | { readonly since: Moment };
  readonly onRecords: (batch: Batch) => void | Promise<void>;
  /** After records that were not a full batch, wait this long for the next to gather. 0 or absent: no waiting. A log that gathers by itself may ignore it. */
  readonly lingerMs?: number;
  /**
   * Where the tail stands: everything of the partition before `next` was handed over. Told of every partition before its
   * first record, after each batch, and when the log passes over what is never delivered (Kafka's markers).
   */
  readonly onPosition?: (partition: number, next: bigint) => void;
}

export interface Subscription {
  /** Resolves when the reader stopped by itself with an error it cannot mend (fenced, closed), or after `stop`. */
  readonly ended: Promise<LogError | undefined>;
  /** Why nothing is heard of the log now, in words, though the reader goes on trying; undefined: it answers. Absent: it always does. */
  readonly deaf?: () => string | undefined;
  /** Ends after the batch in flight. */
  readonly stop: () => Promise<void>;
}

/** The log of everything that happened. Promises reject with a LogError where the log is to blame; a TaskEither never rejects. */
export interface EventLog {
  readonly kind: 'embedded' | 'kafka';
  /** Resolves right only after the log keeps the records durably, all or none per topic-partition and in order. */
  readonly append: (records: readonly NewRecord[]) => TE.TaskEither<LogError, void>;
  readonly join: (reader: GroupReader) => Promise<Subscription>;
  readonly tail: (reader: TailReader) => Promise<Subscription>;
  /** Per partition: the first kept offset and the next offset to be written. */
  readonly extent: (topic: Topic) => Promise<readonly { partition: number; first: bigint; next: bigint }[]>;
  /** Per partition: the stored position of a group, which is the offset after its last settled record. None: never settled. */
  readonly positions: (group: string, topic: Topic) => Promise<ReadonlyMap<number, bigint>>;
  /** From 0 on; the same for all that share a log. */
  readonly partitionOf: (topic: Topic, key: string) => number;
  readonly close: () => Promise<void>;
}

const BEHIND: LogError = {
  tag: 'LogUnavailable',
  retriable: true,
  sentence: `the log is behind: more than ${WAITING_BYTES_MAX} bytes wait for it`,
};

/** Why some of these records cannot be appended to any log, undefined if they can. */
export const unfit = (records: readonly NewRecord[]): LogError | undefined => {
  // A UTF-16 unit of the key is at most three bytes of UTF-8.
  const large = records.find((record) => record.value.byteLength + record.key.length * 3 > RECORD_BYTES_MAX);
  if (large === undefined) return undefined;
  const sentence = `a record of ${large.value.byteLength} bytes for ${large.topic} (${large.key}) is over the limit of ${RECORD_BYTES_MAX} bytes`;
  return { tag: 'RecordTooLarge', retriable: false, sentence };
};

/**
 * Makes the `append` of a log that puts records by `put`: refuses what no log takes, and bounds what waits. The refused caller may try
 * again later, and must say so to whoever sends. `put` rejects with a LogError.
 */
export const appendBy = (put: (records: readonly NewRecord[]) => Promise<void>): EventLog['append'] => {
  let waitingBytes = 0;
  const bounded = async (records: readonly NewRecord[]): Promise<void> => {
    if (waitingBytes > WAITING_BYTES_MAX) throw BEHIND;
    const bytes = records.reduce((sum, { value }) => sum + value.byteLength, 0);
    waitingBytes += bytes;
    try {
      await put(records);
    } finally {
      waitingBytes -= bytes;
    }
  };
  return (records) => {
    const error = unfit(records);
    if (error !== undefined) return TE.left(error);
    return TE.tryCatch(
      () => bounded(records),
      (cause) => cause as LogError,
    );
  };
};
