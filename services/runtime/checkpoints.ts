import { deserialize, serialize } from 'node:v8';
import { create } from '@bufbuild/protobuf';
import * as E from 'fp-ts/lib/Either.js';
import { crc32c } from '../../schemas/checksum.ts';
import { CheckpointSchema } from '../../schemas/generated/vigil/v1/log_pb.ts';
import { decodeCheckpoint, encodeCheckpoint } from '../../schemas/messages.ts';
import type { EventLog, NewRecord } from '../ports/event-log.ts';
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

interface CheckpointOf {
  readonly stage: string;
  readonly version: string;
  readonly partition: number;
}

const record = (of: CheckpointOf, bed: string, position: bigint, memory: Uint8Array): NewRecord => ({
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
    }),
  ),
});

/** A bed's memory after all its records before `position`. */
export const bedCheckpoint = (of: CheckpointOf, bed: string, position: bigint, memory: unknown): NewRecord =>
  record(of, bed, position, serialize(memory));

export const partitionCheckpoint = (of: CheckpointOf, lowWater: bigint): NewRecord =>
  record(of, PARTITION, lowWater, new Uint8Array());

/**
 * Loads what a stage remembered of a partition. A checkpoint of another version or with a wrong checksum counts as
 * absent and is told to `onDiscarded`: its bed starts from nothing.
 */
export const loadCheckpoints = async <Memory>(
  log: EventLog,
  of: CheckpointOf,
  onDiscarded: (bed: string, why: string) => void,
): Promise<Remembered<Memory> | undefined> => {
  let lowWater: bigint | undefined;
  const beds = new Map<string, { memory: Memory; position: bigint }>();
  await readToNow(log, 'vigil.checkpoints', ({ key, value }) => {
    if (!key.startsWith(`${of.stage}/${of.partition}/`)) return;
    const decoded = decodeCheckpoint(value);
    if (E.isLeft(decoded)) return onDiscarded(key, decoded.left.sentence);
    const { bed, version, position, memory, crc32c: checksum } = decoded.right;
    if (bed === PARTITION) {
      lowWater = BigInt(position);
      return;
    }
    beds.delete(bed);
    if (crc32c(memory) !== checksum) return onDiscarded(bed, 'its checkpoint was damaged');
    if (version !== of.version)
      return onDiscarded(
        bed,
        `its checkpoint is of version ${version}, this is ${of.version}; look at the monitor until its numbers and alarms are back`,
      );
    beds.set(bed, { memory: deserialize(memory) as Memory, position: BigInt(position) });
  });
  return lowWater === undefined ? undefined : { lowWater, beds };
};
