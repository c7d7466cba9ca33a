import { describe, expect, it } from 'vitest';
import { murmur2, partitionOfKey } from '../../services/ports/key-partition.ts';

describe('the partition of a key', () => {
  // Expected values: Apache Kafka, clients/src/test/java/org/apache/kafka/common/utils/UtilsTest.java, testMurmur2.
  it.each([
    ['21', -973932308],
    ['foobar', -790332482],
    ['a-little-bit-long-string', -985981536],
    ['a-little-bit-longer-string', -1486304829],
    ['lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8', -58897971],
    ['abc', 479470107],
  ])('comes from the hash that Kafka uses (%s)', (key, hash) => {
    expect(murmur2(new TextEncoder().encode(key))).toBe(hash);
  });

  it('is a partition that exists, and spreads a ward over all of them', () => {
    const partitions = Array.from({ length: 200 }, (_, i) => partitionOfKey('vigil.telemetry', `bed-${i}`, 4));
    expect(new Set(partitions)).toEqual(new Set([0, 1, 2, 3]));
  });
});
