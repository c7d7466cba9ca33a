import type { Topic } from '../../../schemas/topics.ts';
import { partitionOfKey } from '../../ports/key-partition.ts';
import type { LogFile } from './log-thread-file.ts';
import {
  joined,
  type LaneExtent,
  type LanePosition,
  type PackedBatch,
  type PackedRecords,
  valuesOf,
} from './log-thread-messages.ts';

/** A batch that is read holds at most about this many bytes of values, and at least one record. */
const BATCH_BYTES_MAX = 4 * 1024 * 1024;

/** Within a write transaction: puts records at the ends of their partitions. Adds the lanes that grew, with their next offsets. */
export const putRecords = (file: LogFile, records: PackedRecords, at_us: number, grown: Map<number, number>): void => {
  const next = new Map<number, number>();
  const values = valuesOf(records);
  for (let i = 0; i < values.length; i++) {
    const topic = records.topics[i]!;
    const key = records.keys[i]!;
    const lane = file.lane(topic, partitionOfKey(topic, key, file.partitions.get(topic) ?? 1));
    const offset = next.get(lane) ?? nextOf(file, lane);
    file.statement(`INSERT INTO lane_${lane} VALUES (?, ?, ?, ?)`).run(offset, at_us, key, values[i]!);
    next.set(lane, offset + 1);
  }
  for (const [lane, offset] of next) {
    file.statement('UPDATE lanes SET next = ? WHERE lane = ?').run(offset, lane);
    grown.set(lane, offset);
  }
};

const nextOf = (file: LogFile, lane: number): number =>
  (file.statement('SELECT next FROM lanes WHERE lane = ?').get(lane) as { next: number }).next;

/** The records of one partition from an offset on, undefined if there are none yet. */
export const readRecords = (
  file: LogFile,
  topic: Topic,
  position: LanePosition,
  recordsMax: number,
): PackedBatch | undefined => {
  const lane = file.lane(topic, position.partition);
  // No LIMIT ?: SQLite plans a statement anew whenever its limit is bound.
  const select = file.statement(`SELECT offset, at_us, key, value FROM lane_${lane} WHERE offset >= ? ORDER BY offset`);
  const offsets: number[] = [];
  const at: number[] = [];
  const keys: string[] = [];
  const values: Uint8Array[] = [];
  let bytes = 0;
  for (const row of select.iterate(position.from)) {
    const value = row['value'] as Uint8Array;
    if (values.length > 0 && bytes + value.byteLength > BATCH_BYTES_MAX) break;
    bytes += value.byteLength;
    offsets.push(row['offset'] as number);
    at.push(row['at_us'] as number);
    keys.push(row['key'] as string);
    values.push(value);
    if (values.length >= recordsMax) break;
  }
  if (values.length === 0) return undefined;
  const lengths = Uint32Array.from(values, (value) => value.byteLength);
  return {
    topic,
    partition: position.partition,
    keys,
    offsets: Float64Array.from(offsets),
    at: Float64Array.from(at),
    bytes: joined(values, lengths),
    lengths,
  };
};

const partitionsOf = (file: LogFile, topic: Topic): readonly number[] =>
  Array.from({ length: file.partitions.get(topic) ?? 0 }, (_, partition) => partition);

/** Per partition of a topic the first offset that is kept and the next to be written. */
export const extentOf = (file: LogFile, topic: Topic): readonly LaneExtent[] =>
  partitionsOf(file, topic).map((partition) => {
    const lane = file.lane(topic, partition);
    const { first, next } = file
      .statement(`SELECT (SELECT min(offset) FROM lane_${lane}) AS first, next FROM lanes WHERE lane = ?`)
      .get(lane) as { first: number | null; next: number };
    return { partition, first: first ?? next, next };
  });

/** Per partition the first offset taken at or after a time. Where the log's clock stepped, as wrong as the step was large. */
export const positionsSince = (file: LogFile, topic: Topic, since_us: number): readonly LanePosition[] =>
  extentOf(file, topic).map(({ partition, first, next }) => {
    const atFrom = file.statement(
      `SELECT offset, at_us FROM lane_${file.lane(topic, partition)} WHERE offset >= ? ORDER BY offset LIMIT 1`,
    );
    let low = first;
    let high = next;
    while (low < high) {
      const middle = Math.floor((low + high) / 2);
      const found = atFrom.get(middle) as { offset: number; at_us: number } | undefined;
      if (found === undefined || found.at_us >= since_us) high = middle;
      else low = found.offset + 1;
    }
    return { partition, from: low };
  });
