import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { serialize } from 'node:v8';
import { create } from '@bufbuild/protobuf';
import * as E from 'fp-ts/lib/Either.js';
import { afterEach, describe, expect, it } from 'vitest';
import { crc32c } from '../../schemas/checksum.ts';
import { CheckpointSchema } from '../../schemas/generated/vigil/v1/log_pb.ts';
import { encodeCheckpoint } from '../../schemas/messages.ts';
import { openSqliteEventLog } from '../../services/adapters/embedded/sqlite-event-log.ts';
import type { EventLog, NewRecord } from '../../services/ports/event-log.ts';
import { bedCheckpoint, loadCheckpoints, partitionCheckpoint } from '../../services/runtime/checkpoints.ts';

const of = { stage: 'analysis', version: '1', partition: 0 };

/** A bed's memory with so many samples of a wave. */
const memoryWith = (samples: number) => ({
  bed: 'icu-07',
  waves: Int16Array.from({ length: samples }, (_, i) => Math.round(200 * Math.sin(i / 20) + 5 * Math.sin(7 * i * i))),
  heardTo: 1e15 + samples,
});

const opened: { readonly log: EventLog; readonly folder: string }[] = [];
const logOf = async (records: readonly NewRecord[]): Promise<EventLog> => {
  const folder = await mkdtemp(join(tmpdir(), 'vigil-checkpoints-'));
  const log = await openSqliteEventLog({ path: join(folder, 'log.db') });
  opened.push({ log, folder });
  const kept = await log.append(records)();
  if (E.isLeft(kept)) throw new Error(kept.left.sentence);
  return log;
};
afterEach(async () => {
  for (const { log, folder } of opened.splice(0)) {
    await log.close();
    await rm(folder, { recursive: true });
  }
});

const remembered = async (records: readonly NewRecord[]) => {
  const discarded: string[] = [];
  const found = await loadCheckpoints<unknown>(await logOf([...records, partitionCheckpoint(of, 7n)]), of, (bed, why) =>
    discarded.push(`${bed}: ${why}`),
  );
  return { beds: found?.beds, discarded };
};

describe('a checkpoint', () => {
  it.each([0, 10, 5_000, 100_000])('gives back the memory of a bed with %i samples of waves', async (samples) => {
    const memory = memoryWith(samples);
    const { beds, discarded } = await remembered([bedCheckpoint(of, 'icu-07', 7n, memory)]);
    expect(beds?.get('icu-07')).toEqual({ memory, position: 7n });
    expect(discarded).toEqual([]);
  });

  it('of many waves lies on the log at two thirds of its size or less', () => {
    const memory = memoryWith(30_000);
    expect(bedCheckpoint(of, 'icu-07', 7n, memory).value.length).toBeLessThan((2 / 3) * serialize(memory).length);
  });

  it('that an older release wrote uncompressed is read as it lies there', async () => {
    const [made, memory] = [bedCheckpoint(of, 'icu-07', 7n, 'newer'), memoryWith(5_000)];
    const plain = serialize(memory);
    const older = encodeCheckpoint(
      create(CheckpointSchema, { ...of, bed: 'icu-07', position: '7', memory: plain, crc32c: crc32c(plain) }),
    );
    const { beds } = await remembered([{ ...made, value: older }]);
    expect(beds?.get('icu-07')).toEqual({ memory, position: 7n });
  });

  it('that a later Node wrote in its own way keeps no other bed from its memory', async () => {
    const [good, made] = [bedCheckpoint(of, 'icu-08', 7n, 'known'), bedCheckpoint(of, 'icu-07', 7n, 'unknown')];
    const later = serialize('unknown');
    later[1] = 99;
    const value = encodeCheckpoint(
      create(CheckpointSchema, { ...of, bed: 'icu-07', position: '7', memory: later, crc32c: crc32c(later) }),
    );
    const { beds, discarded } = await remembered([good, { ...made, value }]);
    expect([...(beds?.keys() ?? [])]).toEqual(['icu-08']);
    expect(discarded.length).toBe(1);
  });

  it('that was damaged is not believed, compressed or not: its bed begins anew and that is said', async () => {
    for (const samples of [10, 5_000]) {
      const made = bedCheckpoint(of, 'icu-07', 7n, memoryWith(samples));
      const value = made.value.slice();
      value[value.length >> 1]! ^= 1;
      const { beds, discarded } = await remembered([{ ...made, value }]);
      expect(beds?.size, `${samples} samples`).toBe(0);
      expect(discarded.length).toBe(1);
    }
  });
});
