import type { Topic } from '../../../schemas/topics.ts';
import type { LogError, NewRecord } from '../../ports/event-log.ts';

/** Everything that the log's thread must know before it opens the file. */
export interface LogThreadSettings {
  readonly path: string;
  /** Undefined: as the file has it, or `schemas/topics.ts` for a new file. */
  readonly partitions: number | undefined;
  /** A reader that was not heard for this long loses its partitions. */
  readonly leaseMs: number;
  /** Telemetry and what was refused are purged, oldest first, when the file holds more than this. */
  readonly bytesMax: number;
  readonly auditKeptMs: number;
  readonly housekeepingMs: number;
}

/** Records in one piece, so that they cross to the other thread without being copied one by one. */
export interface PackedRecords {
  readonly topics: readonly Topic[];
  readonly keys: readonly string[];
  /** Values one after the other. */
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly lengths: Uint32Array<ArrayBuffer>;
}

/** Records of one partition as read. */
export interface PackedBatch {
  readonly topic: Topic;
  readonly partition: number;
  readonly keys: readonly string[];
  readonly offsets: Float64Array<ArrayBuffer>;
  /** When the log took each record, microseconds since 1970. */
  readonly at: Float64Array<ArrayBuffer>;
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly lengths: Uint32Array<ArrayBuffer>;
}

export interface LanePosition {
  readonly partition: number;
  readonly from: number;
}

/** What the handle asks its thread. Every `id` gets one answer. */
export type Ask =
  | { readonly ask: 'append'; readonly id: number; readonly records: PackedRecords }
  /** Waits until one of the partitions has a record. Answers at most one batch per partition. */
  | {
      readonly ask: 'fetch';
      readonly id: number;
      readonly topic: Topic;
      readonly lanes: readonly LanePosition[];
      readonly recordsMax: number;
    }
  /** A waiting fetch answers at once with nothing. */
  | { readonly ask: 'cancel'; readonly id: number; readonly fetch: number }
  | {
      readonly ask: 'join';
      readonly id: number;
      readonly reader: number;
      readonly group: string;
      readonly topic: Topic;
    }
  | {
      readonly ask: 'settle';
      readonly id: number;
      readonly reader: number;
      readonly partition: number;
      readonly epoch: number;
      readonly position: number;
      readonly outputs: PackedRecords;
    }
  | {
      readonly ask: 'release';
      readonly id: number;
      readonly reader: number;
      readonly partition: number;
      readonly epoch: number;
    }
  | { readonly ask: 'leave'; readonly id: number; readonly reader: number }
  | { readonly ask: 'extent'; readonly id: number; readonly topic: Topic }
  | { readonly ask: 'since'; readonly id: number; readonly topic: Topic; readonly since: number }
  | { readonly ask: 'positions'; readonly id: number; readonly group: string; readonly topic: Topic }
  | { readonly ask: 'tidy'; readonly id: number }
  | { readonly ask: 'close'; readonly id: number };

export interface LaneExtent {
  readonly partition: number;
  readonly first: number;
  readonly next: number;
}

/** What each question is answered with. */
export interface Answers {
  append: undefined;
  fetch: readonly PackedBatch[];
  cancel: undefined;
  join: undefined;
  settle: undefined;
  release: undefined;
  leave: undefined;
  extent: readonly LaneExtent[];
  since: readonly LanePosition[];
  positions: readonly LanePosition[];
  tidy: undefined;
  close: undefined;
}

/** What the thread says by itself. */
export type Told =
  | { readonly told: 'opened'; readonly partitions: ReadonlyMap<Topic, number> }
  | { readonly told: 'refused'; readonly error: LogError }
  | { readonly told: 'answer'; readonly id: number; readonly value: Answers[keyof Answers] }
  | { readonly told: 'failed'; readonly id: number; readonly error: LogError }
  | {
      readonly told: 'given';
      readonly reader: number;
      readonly partition: number;
      readonly epoch: number;
      readonly stored: number | undefined;
    }
  /** Another member should have the partition: finish the batch in flight and release it. */
  | { readonly told: 'asked-back'; readonly reader: number; readonly partition: number; readonly epoch: number }
  /** The lease ran out and someone else took the partition. */
  | { readonly told: 'lost'; readonly reader: number; readonly partition: number; readonly epoch: number }
  | { readonly told: 'trouble'; readonly sentence: string };

/** Records to be appended as one message to the thread: their values in one buffer, which is handed over and not copied. */
export const packNew = (records: readonly NewRecord[]): PackedRecords => {
  const lengths = Uint32Array.from(records, (record) => record.value.byteLength);
  return {
    topics: records.map((record) => record.topic),
    keys: records.map((record) => record.key),
    bytes: joined(
      records.map((record) => record.value),
      lengths,
    ),
    lengths,
  };
};

/** The values of packed records as views into their one buffer. */
export const valuesOf = (packed: { readonly bytes: Uint8Array; readonly lengths: Uint32Array }): Uint8Array[] => {
  const values = new Array<Uint8Array>(packed.lengths.length);
  let start = 0;
  for (let i = 0; i < values.length; i++) {
    values[i] = packed.bytes.subarray(start, start + packed.lengths[i]!);
    start += packed.lengths[i]!;
  }
  return values;
};

/** All values one after the other in one buffer; `lengths` are theirs, in bytes. */
export const joined = (values: readonly Uint8Array[], lengths: Uint32Array): Uint8Array<ArrayBuffer> => {
  let total = 0;
  for (let i = 0; i < lengths.length; i++) total += lengths[i]!;
  const bytes = new Uint8Array(total);
  let start = 0;
  for (const value of values) {
    bytes.set(value, start);
    start += value.byteLength;
  }
  return bytes;
};
