/** A sender that writes to Kafka itself and parts beds by the rule that librdkafka has by default: CRC-32 of the key. */
import CRC32 from 'crc-32';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { encodeTelemetry } from '../../schemas/telemetry.ts';
import { screensHealth } from '../../services/http/health.ts';
import type { EventLog, LogRecord } from '../../services/ports/event-log.ts';
import { partitionOfKey } from '../../services/ports/key-partition.ts';
import { at, frame } from '../gateway/frames.ts';
import { type LogInAFolder, logInAFolder } from '../gateway/log-in-a-folder.ts';
import { startVigil, type VigilUnderTest } from './vigil-under-test.ts';

const PARTITIONS = 4;
const BEDS = Array.from({ length: 16 }, (_, i) => `icu-${i + 1}`);
const byMurmur2 = (bed: string): number => partitionOfKey('vigil.telemetry', bed, PARTITIONS);
const byCrc32 = (bed: string): number => (CRC32.str(bed) >>> 0) % PARTITIONS;

let place: LogInAFolder;
let vigil: VigilUnderTest;
let lines: { readonly msg: string; readonly bed?: string; readonly partition?: number; readonly sentence?: string }[];
/** A frame of the bed's monitor, or of the register. */
let come: (bed: string, partition: number, sequence: number, source?: 'adt') => void;

beforeEach(async () => {
  place = await logInAFolder();
  let hear: (record: LogRecord) => void = () => undefined;
  const log: EventLog = {
    ...place.log,
    partitionOf: (topic, key) => partitionOfKey(topic, key, PARTITIONS),
    tail: (reader) => {
      if (reader.topic === 'vigil.telemetry')
        hear = (record) =>
          void reader.onRecords({ topic: record.topic, partition: record.partition, records: [record] });
      return place.log.tail(reader);
    },
  };
  lines = [];
  vigil = await startVigil(log, { lines: (line) => lines.push(JSON.parse(line)) });
  come = (bed, partition, sequence, source) => {
    const said = source === undefined ? { hr: 70 } : { source, patient: 'p1' };
    const value = encodeTelemetry({
      ...frame({ bed, sequence, device: sequence, ...said }),
      gatewayTimeUs: at(sequence),
    });
    hear({ topic: 'vigil.telemetry', partition, offset: BigInt(sequence), key: bed, value, appendedAt: at(sequence) });
  };
});
afterEach(async () => {
  await vigil.close();
  await place.discard();
});

const part = () => screensHealth(vigil.screens).find(({ name }) => name === 'partitions');
const counted = async () => /^vigil_frames_misplaced_total (\d+)$/m.exec(await vigil.meters.text())?.[1];

it('is told by name at its first frame, once a bed, with what to set', async () => {
  const apart = BEDS.filter((bed) => byCrc32(bed) !== byMurmur2(bed));
  expect(apart.length).toBeGreaterThan(BEDS.length / 2);
  for (const bed of BEDS) for (const sequence of [1, 2, 3]) come(bed, byCrc32(bed), sequence);
  const told = lines.filter(({ msg }) => msg.includes('another partition'));
  expect(told.map(({ bed, partition }) => [bed, partition])).toEqual(apart.map((bed) => [bed, byCrc32(bed)]));
  for (const { bed, sentence } of told) {
    expect(sentence).toContain(`${byMurmur2(bed!)} is the partition of its name`);
    expect(sentence).toContain('partitioner=murmur2_random');
  }
  expect(await counted()).toBe(`${3 * apart.length}`);
  expect(part()).toMatchObject({ state: 'degraded', sentence: expect.stringContaining(`${apart.length} beds`) });
});

it('is not told of a register whose word of the bed was put there, but of one that puts it elsewhere', async () => {
  const [bed] = BEDS.filter((each) => byCrc32(each) !== byMurmur2(each));
  come(bed!, byCrc32(bed!), 1);
  const before = lines.length;
  come(bed!, byCrc32(bed!), 2, 'adt');
  expect(lines.length).toBe(before);
  come(
    bed!,
    (byCrc32(bed!) + 1) % PARTITIONS === byMurmur2(bed!)
      ? (byCrc32(bed!) + 2) % PARTITIONS
      : (byCrc32(bed!) + 1) % PARTITIONS,
    3,
    'adt',
  );
  expect(lines.slice(before)).toMatchObject([{ bed, source: 'adt' }]);
});

it('is no trouble any more once it parts beds as Vigil does', async () => {
  const [bed] = BEDS.filter((each) => byCrc32(each) !== byMurmur2(each));
  come(bed!, byCrc32(bed!), 1);
  expect(part()).toBeDefined();
  come(bed!, byMurmur2(bed!), 2);
  expect(part()).toBeUndefined();
  expect(lines.at(-1)?.msg).toContain('again');
});

it('is not told of frames that lie where their names say', async () => {
  for (const bed of BEDS) come(bed, byMurmur2(bed), 1);
  expect(lines.filter(({ msg }) => msg.includes('partition'))).toEqual([]);
  expect([part(), await counted()]).toEqual([undefined, '0']);
});
