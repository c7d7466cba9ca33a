import type { EachBatchPayload } from 'kafkajs';
import type { GroupReader, LogError, Subscription } from '../../ports/event-log.ts';
import { dismissPredecessors } from './dismiss-predecessors.ts';
import { type KafkaClient, kafkaErrorOf } from './kafka-client.ts';
import { type Lane, openLane, SESSION_MS } from './kafka-lane.ts';
import { type Addressing, logRecord } from './kafka-messages.ts';
import { KafkaJSError } from './kafkajs.ts';

/** A subscription that the log itself can end, saying why. */
export interface EndingSubscription extends Subscription {
  readonly end: (because: LogError | undefined) => Promise<void>;
}

const HEARTBEAT_MS = 1_500;
/** A reader that is behind takes much at a time; one that is not gets what there is. */
const FETCH_BYTES_MAX = 4 * 1024 * 1024;
/** The broker answers at once when there is something; a reader that stops, or is given a partition, waits this long at most. */
const FETCH_WAIT_MS = 100;

export interface GroupSettings {
  readonly client: KafkaClient;
  readonly address: Addressing;
  readonly reader: GroupReader;
  readonly partitions: number;
  readonly onTrouble: (sentence: string) => void;
}

/**
 * Joins a group. kafkajs gives the membership and fetches; where each partition stands, who may write for it and what
 * to do after a failure is decided in the lanes.
 */
export const joinGroup = async (settings: GroupSettings): Promise<EndingSubscription> => {
  const { client, reader, onTrouble } = settings;
  const topic = client.topicName(reader.topic);
  const group = client.named(reader.group);
  const consumer = client.kafka.consumer(consumerSettings(group));
  const lanes = new Map<number, Lane>();
  const closing = new Map<number, Promise<void>>();
  const ended = Promise.withResolvers<LogError | undefined>();

  const drop = (partition: number): void => {
    const lane = lanes.get(partition);
    if (lane === undefined) return;
    lanes.delete(partition);
    closing.set(partition, lane.close());
  };
  consumer.on('consumer.group_join', ({ payload }) => {
    const given = new Set(payload.memberAssignment[topic] ?? []);
    for (const partition of [...lanes.keys()]) if (!given.has(partition)) drop(partition);
    for (const partition of given) {
      const seek = (offset: bigint): void => consumer.seek({ topic, partition, offset: String(offset) });
      const known = lanes.get(partition);
      if (known !== undefined) known.remind();
      else lanes.set(partition, openLane({ ...settings, partition, seek }, closing.get(partition)));
    }
  });

  let ending: Promise<void> | undefined;
  const end = (because: LogError | undefined): Promise<void> => {
    ending ??= leave().then(() => ended.resolve(because));
    return ending;
  };
  const leave = async (): Promise<void> => {
    for (const lane of lanes.values()) lane.hurry();
    await consumer
      .disconnect()
      .catch((cause) => onTrouble(`${reader.group} left untidily: ${kafkaErrorOf(cause).sentence}`));
    for (const partition of [...lanes.keys()]) drop(partition);
    await Promise.all(closing.values());
  };
  consumer.on('consumer.crash', ({ payload }) => void end(kafkaErrorOf(payload.error)));

  try {
    await dismissPredecessors(client, group).catch((cause) =>
      onTrouble(`${reader.group} waits for the session of whoever was here before: ${kafkaErrorOf(cause).sentence}`),
    );
    await consumer.connect();
    await consumer.subscribe({ topics: [topic], fromBeginning: reader.startAt === 'beginning' });
    await consumer.run({
      autoCommit: false,
      eachBatchAutoResolve: false,
      partitionsConsumedConcurrently: settings.partitions,
      eachBatch: (payload) => answerBatch(payload, reader, lanes.get(payload.batch.partition), drop),
    });
  } catch (cause) {
    await end(undefined);
    throw kafkaErrorOf(cause);
  }
  return { ended: ended.promise, end, stop: () => end(undefined) };
};

/** How every consumer of Vigil joins a group; only the runtime restarts a stage, and a topic that is missing is said, not made. */
export const consumerSettings = (groupId: string): Parameters<KafkaClient['kafka']['consumer']>[0] => ({
  groupId,
  sessionTimeout: SESSION_MS,
  heartbeatInterval: HEARTBEAT_MS,
  rebalanceTimeout: 30_000,
  maxWaitTimeInMs: FETCH_WAIT_MS,
  maxBytesPerPartition: FETCH_BYTES_MAX,
  allowAutoTopicCreation: false,
  // Only our runtime restarts a stage: two who restart it would take its partitions from each other.
  retry: { initialRetryTime: 50, maxRetryTime: 2_000, retries: 8, restartOnFailure: async () => false },
});

/** Answers what kafkajs fetched, in pieces no larger than the reader wants, with heartbeats however long it takes. */
const answerBatch = async (
  { batch, resolveOffset, heartbeat, isRunning, isStale }: EachBatchPayload,
  reader: GroupReader,
  lane: Lane | undefined,
  drop: (partition: number) => void,
): Promise<void> => {
  if (lane === undefined) return;
  const rebalances = Promise.withResolvers<void>();
  let rejoin = false;
  const beat = setInterval(
    () =>
      heartbeat().catch(() => {
        // The group changes: finish the piece in hand, then let kafkajs join again.
        rejoin = true;
        rebalances.resolve();
      }),
    HEARTBEAT_MS / 2,
  );
  try {
    if (!lane.isReady()) {
      await Promise.race([lane.ready(), rebalances.promise]);
      return; // this was fetched before the reader said where to begin
    }
    const { messages, partition } = batch;
    const began = performance.now();
    for (let start = 0; start < messages.length; start += reader.recordsPerBatchMax) {
      if (!isRunning() || isStale() || rejoin) return;
      const piece = messages.slice(start, start + reader.recordsPerBatchMax);
      const outcome = await lane.answer(piece.map((message) => logRecord(reader.topic, partition, message)));
      if (outcome === 'again') {
        await Promise.race([lane.ready(), rebalances.promise]);
        return;
      }
      if (outcome === 'fenced') {
        drop(partition);
        throw joinAgain();
      }
      resolveOffset(piece.at(-1)!.offset);
    }
    const leftMs = (reader.lingerMs ?? 0) - (performance.now() - began);
    if (messages.length < reader.recordsPerBatchMax && leftMs > 0) await lane.linger(leftMs);
  } finally {
    clearInterval(beat);
  }
};

/** Whoever is fenced asks the group anew what is his: kafkajs joins again when it hears this error. */
const joinAgain = (): Error =>
  Object.assign(new KafkaJSError('fenced: joining again'), { type: 'REBALANCE_IN_PROGRESS' });
