import { type Topic, type TopicSettings, topics } from '../../schemas/topics.ts';

/**
 * Which partition of a topic a key belongs to: murmur2 of its UTF-8 bytes, as the Java client and kafkajs' default partitioner do
 * it, so that a bed has the same partition on both logs and a gateway that publishes straight to Kafka agrees with us.
 */
export const partitionOfKey = (topic: Topic, key: string, partitions: number): number => {
  if (partitions === 1) return 0;
  const { placedBy }: TopicSettings = topics[topic];
  return (murmur2(utf8.encode(placedBy?.(key) ?? key)) & 0x7fffffff) % partitions;
};

const utf8 = new TextEncoder();
const SEED = 0x9747b28c;
const MIX = 0x5bd1e995;

/** Murmur2 with Kafka's seed. Answers a signed 32-bit number. Source: org.apache.kafka.common.utils.Utils.murmur2. */
export const murmur2 = (bytes: Uint8Array): number => {
  const whole = bytes.length & ~3;
  let hash = SEED ^ bytes.length;
  for (let i = 0; i < whole; i += 4) {
    let word = bytes[i]! | (bytes[i + 1]! << 8) | (bytes[i + 2]! << 16) | (bytes[i + 3]! << 24);
    word = Math.imul(word, MIX);
    word ^= word >>> 24;
    hash = Math.imul(hash, MIX) ^ Math.imul(word, MIX);
  }
  const left = bytes.length - whole;
  if (left >= 3) hash ^= bytes[whole + 2]! << 16;
  if (left >= 2) hash ^= bytes[whole + 1]! << 8;
  if (left >= 1) hash = Math.imul(hash ^ bytes[whole]!, MIX);
  hash ^= hash >>> 13;
  hash = Math.imul(hash, MIX);
  return hash ^ (hash >>> 15);
};
