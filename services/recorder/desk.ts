import * as E from 'fp-ts/lib/Either.js';
import * as TE from 'fp-ts/lib/TaskEither.js';
import type { Topic } from '../../schemas/topics.ts';
import type { Batch, EventLog, GroupReader, LogRecord, NewRecord, Reaction } from '../ports/event-log.ts';
import { type CheckpointOf, loadCheckpoints, type Remembered } from '../runtime/checkpoints.ts';
import { type KeepOptions, keep, type Part, patiently, refusedRecord } from './keep.ts';
import type { Minutes } from './minutes.ts';
import type { RecorderState } from './notice.ts';
import type { Strips } from './strips.ts';

/** What the recorder's four readers share. */
export interface Desk extends KeepOptions {
  readonly log: EventLog;
  readonly strips: Strips;
  /** How long records may gather for one write. */
  readonly lingerMs: number;
  readonly count: { -readonly [K in keyof Omit<RecorderState, 'stripsOpen'>]: number };
}

/** A reaction that may reject, as the log wants it. */
export const answerWith =
  (desk: Desk, react: (batch: Batch) => Promise<Reaction>): GroupReader['react'] =>
  (batch) =>
    TE.tryCatch(
      async () => {
        const reaction = await react(batch);
        const { topic, partition, records } = batch;
        const settled = (): void => {
          reaction.settled();
          desk.onNotice({ tag: 'Settled', topic, partition, next: records.at(-1)!.offset + 1n });
        };
        return { ...reaction, settled };
      },
      (cause) => cause,
    );

/** How the readers of what beds say take from the log. */
export const READS_BEDS = {
  startAt: 'beginning',
  recordsPerBatchMax: 256,
  lingerMs: 200,
  positionEveryMs: 1_000,
} as const satisfies Partial<GroupReader>;

/**
 * What a reader remembers of a partition; undefined: no checkpoint is there. `known`: the beds of the checkpoint; undefined: it is
 * gone, or a bed's was not to be read.
 */
export const recall = async <Memory>(
  desk: Desk,
  of: CheckpointOf,
): Promise<{
  readonly remembered: Remembered<Memory> | undefined;
  readonly known: Iterable<string> | undefined;
}> => {
  let isAllRead = true;
  const remembered = await loadCheckpoints<Memory>(desk.log, of, (bed, why) => {
    isAllRead = false;
    desk.onNotice({ tag: 'MemoryDiscarded', bed, why });
  });
  return { remembered, known: isAllRead ? remembered?.beds.keys() : undefined };
};

/** A record that could not be read, and why. */
export interface Unreadable {
  readonly record: LogRecord;
  readonly code: string;
  readonly sentence: string;
  readonly where: string;
}

/**
 * Keeps what a batch says, and answers what goes to vigil.rejected: what could not be read, and what the store refuses for
 * good. Rejects while the store cannot keep it.
 */
export const keepBatch = async (
  desk: Desk,
  topic: Topic,
  parts: readonly Part[],
  unreadable: readonly Unreadable[],
): Promise<NewRecord[]> => {
  const kept = await keep(desk, topic, parts);
  if (E.isLeft(kept)) throw new Error(kept.left.sentence, { cause: kept.left });
  const refused = kept.right.map(({ record, error }) => ({
    ...{ record, code: 'store-refused', where: `offset ${record.offset}`, sentence: error.sentence },
  }));
  const gone = new Set(refused.map(({ record }) => record));
  for (const { record, write } of parts) {
    if (gone.has(record)) continue;
    desk.count.numerics += write.numerics.length;
    desk.count.findings += write.findings.length;
    desk.count.alarms += write.alarms.length;
    desk.count.blocks += write.strips.length;
    desk.count.engine += write.engine.length;
  }
  const rejected = [...unreadable, ...refused];
  desk.count.rejected += rejected.length;
  for (const { record, code, sentence } of rejected) {
    const { key, offset } = record;
    desk.onNotice({ tag: 'Rejected', topic, key, offset, code, sentence });
  }
  return rejected.map(({ record, ...why }) => refusedRecord(record, why));
};

/**
 * Rolls up the minutes that a batch closed. What is refused for good is told and left: the numbers themselves are kept.
 * Rejects while the store cannot do it.
 */
export const rollUpMinutes = async (
  desk: Desk,
  minutes: Minutes,
  { topic, records }: Batch,
  parts: readonly Part[],
): Promise<void> => {
  const now = records.at(-1)!.appendedAt;
  minutes.begin(records[0]!.appendedAt);
  for (const { write } of parts) minutes.touched(write.numerics);
  for (const { from, to, beds } of minutes.over(now)) {
    const asked = { from, to, ...(beds === undefined ? {} : { beds }) };
    const made = await patiently(desk, topic, desk.store.rollUp(asked));
    if (E.isRight(made)) continue;
    if (made.left.tag !== 'StoreRefused') throw new Error(made.left.sentence, { cause: made.left });
    desk.onNotice({ tag: 'RollUpRefused', topic, sentence: made.left.sentence });
  }
  minutes.done(now);
};

/** Where to read on: before the stored position only while something there is still to be read again. */
export const beforeStored = (next: bigint | undefined, stored: bigint | undefined): bigint | undefined =>
  next !== undefined && stored !== undefined && next < stored ? next : undefined;
