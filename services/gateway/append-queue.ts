import * as E from 'fp-ts/lib/Either.js';
import type { EventLog, LogError, NewRecord } from '../ports/event-log.ts';

/** What follows from a batch of entries, before the log has it. */
export interface Plan {
  readonly records: readonly NewRecord[];
  /** Called when the log keeps the records: memory may move on, senders may be answered. */
  readonly kept: () => void;
}

export interface AppendQueueOptions<Entry> {
  readonly log: EventLog;
  /** Turns entries into records. Called just before the append, so that a failed append leaves no trace in memory. */
  readonly plan: (entries: readonly Entry[]) => Plan;
  /** The log did not take the batch: nothing of it counts as heard. */
  readonly failed: (entries: readonly Entry[], error: LogError) => void;
  readonly bytesOf: (entry: Entry) => number;
  /** How long to wait for company before each append. 0: only until the present turn of the event loop is over. */
  readonly lingerMs: number;
  readonly entriesMax: number;
  readonly bytesMax: number;
  readonly entriesPerAppendMax: number;
  readonly appended: (seconds: number, records: number) => void;
}

export interface AppendQueue<Entry> {
  /** False: the queue is full, and the entry was not taken. */
  readonly offer: (entry: Entry) => boolean;
  readonly waiting: () => number;
  /** Resolves when everything offered so far was appended or failed. */
  readonly drained: () => Promise<void>;
}

/**
 * One append at a time; whatever comes meanwhile forms the next. So memory moves exactly with the log, and a log that
 * takes 10 ms still keeps 10,000 frames a second.
 */
export const makeAppendQueue = <Entry>(options: AppendQueueOptions<Entry>): AppendQueue<Entry> => {
  const { log, plan, failed, bytesOf, lingerMs } = options;
  const entries: Entry[] = [];
  let bytes = 0;
  let running: Promise<void> | undefined;

  const appendOnce = async (batch: readonly Entry[]): Promise<void> => {
    const planned = plan(batch);
    const began = performance.now();
    const result = planned.records.length === 0 ? E.right(undefined) : await log.append(planned.records)();
    options.appended((performance.now() - began) / 1_000, planned.records.length);
    if (E.isLeft(result)) failed(batch, result.left);
    else planned.kept();
  };

  const lingered = (): Promise<void> =>
    new Promise((resume) => (lingerMs === 0 ? setImmediate(resume) : setTimeout(resume, lingerMs)));

  const run = async (): Promise<void> => {
    for (;;) {
      // Also between appends: each costs the disk, and all who read the log, the same for two frames as for twenty.
      await lingered();
      const batch = entries.splice(0, options.entriesPerAppendMax);
      if (batch.length === 0) {
        // In the same turn as the look into the queue: an entry offered later must find nobody running.
        running = undefined;
        return;
      }
      for (const entry of batch) bytes -= bytesOf(entry);
      await appendOnce(batch);
    }
  };

  return {
    offer: (entry) => {
      const size = bytesOf(entry);
      if (entries.length >= options.entriesMax || bytes + size > options.bytesMax) return false;
      entries.push(entry);
      bytes += size;
      running ??= run();
      return true;
    },
    waiting: () => entries.length,
    drained: async () => {
      while (running !== undefined) await running;
    },
  };
};
