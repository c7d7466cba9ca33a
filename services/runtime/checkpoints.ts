import { deserialize, serialize } from 'node:v8';
import { brotliCompressSync, brotliDecompressSync, constants } from 'node:zlib';
import { create } from '@bufbuild/protobuf';
import * as E from 'fp-ts/lib/Either.js';
import { crc32c } from '../../schemas/checksum.ts';
import { type Checkpoint, CheckpointSchema } from '../../schemas/generated/vigil/v1/log_pb.ts';
import { decodeCheckpoint, encodeCheckpoint } from '../../schemas/messages.ts';
import type { EventLog, LogRecord, NewRecord } from '../ports/event-log.ts';
import { readToNow } from './read-to-now.ts';

/** What a stage remembers of one partition, as far as checkpoints tell. */
export interface Remembered<Memory> {
  /** Every record before this offset is in its bed's checkpoint. */
  readonly lowWater: bigint;
  /** Per bed: its memory, and the offset of the first record that is not in it. */
  readonly beds: ReadonlyMap<string, { readonly memory: Memory; readonly position: bigint }>;
}

/** The bed name under which a partition's low water is kept; no bed may be called so (names are never empty). */
const PARTITION = '';

const keyOf = (stage: string, partition: number, bed: string): string => `${stage}/${partition}/${bed}`;

export interface CheckpointOf {
  readonly stage: string;
  readonly version: string;
  readonly partition: number;
}

/**
 * The memory of a bed is mostly its last waves, which halve at the lowest quality in half a millisecond (97 → 51 KB); the topic is
 * read whole at every start. What is small is left as it is.
 */
const COMPRESSED_FROM_BYTES = 4_096;
const QUALITY = { params: { [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MIN_QUALITY + 1 } };
/** No memory comes near it: what claims to be larger is damaged. */
const MEMORY_BYTES_MAX = 64 * 1024 * 1024;

const record = (of: CheckpointOf, bed: string, position: bigint, plain: Uint8Array): NewRecord => {
  const brotli = plain.length >= COMPRESSED_FROM_BYTES;
  const memory = brotli ? brotliCompressSync(plain, QUALITY) : plain;
  return {
    topic: 'vigil.checkpoints',
    key: keyOf(of.stage, of.partition, bed),
    value: encodeCheckpoint(
      create(CheckpointSchema, {
        stage: of.stage,
        version: of.version,
        partition: of.partition,
        bed,
        position: position.toString(),
        memory,
        crc32c: crc32c(memory),
        brotli,
      }),
    ),
  };
};

/** -1 if it cannot be read. */
const positionIn = ({ value }: LogRecord): bigint => {
  const decoded = decodeCheckpoint(value);
  return E.isLeft(decoded) ? -1n : BigInt(decoded.right.position);
};

const memoryIn = ({ memory, brotli }: Checkpoint): unknown =>
  deserialize(brotli ? brotliDecompressSync(memory, { maxOutputLength: MEMORY_BYTES_MAX }) : memory);

/** A bed's memory after all its records before `position`. */
export const bedCheckpoint = (of: CheckpointOf, bed: string, position: bigint, memory: unknown): NewRecord =>
  record(of, bed, position, serialize(memory));

/** The low water of a partition: every record before it is in the checkpoint of its bed. */
export const partitionCheckpoint = (of: CheckpointOf, lowWater: bigint): NewRecord =>
  record(of, PARTITION, lowWater, new Uint8Array());

/** Partitions are given to a stage at nearly the same moment; whoever asks so soon after the first shares its reading. */
const GATHER_MS = 25;

interface Reading {
  readonly onRecord: (record: LogRecord) => void;
  readonly done: () => void;
  readonly failed: (cause: unknown) => void;
}

const readings = new WeakMap<EventLog, Reading[]>();

/**
 * Reads all of vigil.checkpoints. The topic holds the memory of every bed and stage, several times over until it is compacted:
 * who asks while others have not begun reads together with them; who asks later needs a reading that begins later.
 */
const readCheckpoints = (log: EventLog, onRecord: (record: LogRecord) => void): Promise<void> => {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const reading = { onRecord, done: resolve, failed: reject };
  const gathering = readings.get(log);
  if (gathering !== undefined) {
    gathering.push(reading);
    return promise;
  }
  const together = [reading];
  readings.set(log, together);
  setTimeout(() => {
    readings.delete(log);
    readToNow(log, 'vigil.checkpoints', (record) => {
      for (const each of together) each.onRecord(record);
    }).then(
      () => {
        for (const each of together) each.done();
      },
      (cause: unknown) => {
        for (const each of together) each.failed(cause);
      },
    );
  }, GATHER_MS);
  return promise;
};

/**
 * Loads what a stage remembered of a partition. A checkpoint of another version, with a wrong checksum, or written by a later Node
 * than this counts as absent: its bed starts from nothing, and `onDiscarded` hears of it. `rescue`: what of a memory of another version holds good.
 */
export const loadCheckpoints = async <Memory>(
  log: EventLog,
  of: CheckpointOf,
  onDiscarded: (bed: string, why: string) => void,
  rescue?: (bed: string, memory: unknown) => Memory | undefined,
): Promise<Remembered<Memory> | undefined> => {
  // Of each bed only the newest checkpoint counts, and the others are not even decoded.
  const newest = new Map<string, LogRecord>();
  await readCheckpoints(log, (found) => {
    const { key, partition } = found;
    if (!key.startsWith(keyOf(of.stage, of.partition, ''))) return;
    const known = newest.get(key);
    // A checkpoint was once placed by its whole key: what still lies there must not replace what came after.
    if (known !== undefined && known.partition !== partition && positionIn(found) <= positionIn(known)) return;
    newest.set(key, found);
  });
  let lowWater: bigint | undefined;
  const beds = new Map<string, { memory: Memory; position: bigint }>();
  for (const [key, { value }] of newest) {
    const decoded = decodeCheckpoint(value);
    if (E.isLeft(decoded)) {
      onDiscarded(key, decoded.left.sentence);
      continue;
    }
    const { bed, version, position, memory, crc32c: checksum } = decoded.right;
    if (bed === PARTITION) lowWater = BigInt(position);
    else if (crc32c(memory) !== checksum) onDiscarded(bed, 'its checkpoint was damaged');
    else if (version !== of.version) {
      onDiscarded(
        bed,
        `its checkpoint is of version ${version}, this is ${of.version}; look at the monitor until its numbers and alarms are back`,
      );
      const kept = E.tryCatch(() => rescue?.(bed, memoryIn(decoded.right)), String);
      // From there on what was settled is read again: an act of a nurse may be in it.
      if (E.isRight(kept) && kept.right !== undefined)
        beds.set(bed, { memory: kept.right, position: BigInt(position) });
    } else {
      const read = E.tryCatch(() => memoryIn(decoded.right) as Memory, String);
      if (E.isRight(read)) beds.set(bed, { memory: read.right, position: BigInt(position) });
      else
        onDiscarded(
          bed,
          `its checkpoint cannot be read (${read.left}); look at the monitor until its numbers and alarms are back`,
        );
    }
  }
  return lowWater === undefined ? undefined : { lowWater, beds };
};
