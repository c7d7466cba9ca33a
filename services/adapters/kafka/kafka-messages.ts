import type { KafkaMessage, Message, TopicMessages } from 'kafkajs';
import type { Topic } from '../../../schemas/topics.ts';
import { moment } from '../../../schemas/units.ts';
import type { LogRecord, NewRecord } from '../../ports/event-log.ts';

/** What names and places records for Kafka. */
export interface Addressing {
  readonly topicName: (topic: Topic) => string;
  readonly partitionOf: (topic: Topic, key: string) => number;
}

/** A broker takes at most 1 MiB per partition and request, and refuses the whole otherwise. */
const LANE_BYTES_MAX = 1_020_000;
/** Length fields and the like that Kafka adds to a record, at most. */
const RECORD_OVERHEAD_BYTES = 30;

/** Groups of records that go to the brokers together. None is cut: it has its place in one request as a whole. */
export interface Parcel {
  readonly records: readonly NewRecord[];
}

/** Whether one request can hold these records. */
export const fitsOneRequest = (records: readonly NewRecord[], address: Addressing): boolean =>
  Math.max(0, ...laneBytes(records, address).values()) <= LANE_BYTES_MAX;

/** The fewest requests, in order, that hold these parcels without cutting one that fits into a request. */
export const requestsOf = <P extends Parcel>(parcels: readonly P[], address: Addressing): readonly (readonly P[])[] => {
  const requests: P[][] = [];
  let lanes = new Map<string, number>();
  for (const parcel of parcels) {
    const bytes = laneBytes(parcel.records, address);
    const fits = [...bytes].every(([lane, more]) => (lanes.get(lane) ?? 0) + more <= LANE_BYTES_MAX);
    if (!fits || requests.length === 0) {
      requests.push([]);
      lanes = new Map();
    }
    requests.at(-1)!.push(parcel);
    for (const [lane, more] of bytes) lanes.set(lane, (lanes.get(lane) ?? 0) + more);
  }
  return requests;
};

const partitionFor = ({ topic, key, partition }: NewRecord, { partitionOf }: Addressing): number =>
  partition ?? partitionOf(topic, key);

const laneBytes = (records: readonly NewRecord[], address: Addressing): ReadonlyMap<string, number> => {
  const bytes = new Map<string, number>();
  for (const record of records) {
    const { topic, key, value } = record;
    const lane = `${topic}/${partitionFor(record, address)}`;
    const size = value.byteLength + Buffer.byteLength(key) + RECORD_OVERHEAD_BYTES;
    bytes.set(lane, (bytes.get(lane) ?? 0) + size);
  }
  return bytes;
};

/** The records as kafkajs sends them, in order. The partition is ours, so that both logs agree on it. */
export const topicMessages = (records: readonly NewRecord[], address: Addressing): TopicMessages[] => {
  const byTopic = new Map<Topic, Message[]>();
  for (const record of records) {
    const { topic, key, value } = record;
    const message = {
      key,
      value: Buffer.from(value.buffer, value.byteOffset, value.byteLength),
      partition: partitionFor(record, address),
    };
    const messages = byTopic.get(topic);
    if (messages === undefined) byTopic.set(topic, [message]);
    else messages.push(message);
  }
  return [...byTopic].map(([topic, messages]) => ({ topic: address.topicName(topic), messages }));
};

const NOTHING = new Uint8Array(0);

/** A message of kafkajs as a record of the log; a key or value that is null becomes empty. */
export const logRecord = (topic: Topic, partition: number, message: KafkaMessage): LogRecord => ({
  topic,
  partition,
  offset: BigInt(message.offset),
  key: message.key === null ? '' : message.key.toString('utf8'),
  value: message.value ?? NOTHING,
  appendedAt: moment(Number(message.timestamp) * 1e3),
});
