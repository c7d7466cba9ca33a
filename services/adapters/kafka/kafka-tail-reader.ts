import type { Consumer } from 'kafkajs';
import type { LogError, LogRecord, TailReader } from '../../ports/event-log.ts';
import { sentenceOf } from '../../ports/log-error.ts';
import { type KafkaClient, kafkaErrorOf } from './kafka-client.ts';
import { consumerSettings, type EndingSubscription } from './kafka-group-reader.ts';
import { makeHearing } from './kafka-hearing.ts';
import { logRecord } from './kafka-messages.ts';

/** A tail that crashed on something that passes (a coordinator that moves, a broker that restarts) begins again so soon. */
const AGAIN_MS_FIRST = 100;
const AGAIN_MS_MAX = 2_000;
/** A tail that is behind does not linger. */
const FULL_BATCH = 500;
const LOOK_EVERY_MS = 1_000;
/** Who leaves waits so long at most for a join in flight: a broker that stands still answers none. */
const JOINING_MS_MAX = 2_000;

/**
 * Follows a topic without deciding anything. kafkajs cannot read without a group, so this makes one for itself alone,
 * commits nothing to it and deletes it afterwards; the offsets are ours. What passes is waited out: the tail goes on where
 * it was with a new group, and ends only by `stop`, an error that does not pass, or a reader that throws.
 */
export const followTail = async (client: KafkaClient, reader: TailReader): Promise<EndingSubscription> => {
  const nexts = new Map(await tailStart(client, reader));
  const ended = Promise.withResolvers<LogError | undefined>();
  let ending: Promise<void> | undefined;
  let againMs = AGAIN_MS_FIRST;
  let current: TailConsumer;
  const hearing = makeHearing();
  const looking = setInterval(hearing.look, LOOK_EVERY_MS).unref();

  const end = (because: LogError | undefined): Promise<void> => {
    clearInterval(looking);
    ending ??= current.leave().then(() => ended.resolve(because));
    return ending;
  };
  const crashed = async (error: LogError): Promise<void> => {
    if (ending !== undefined) return;
    if (!error.retriable) return end(error);
    await current.leave();
    await new Promise((resolve) => setTimeout(resolve, againMs));
    againMs = Math.min(againMs * 2, AGAIN_MS_MAX);
    if (ending !== undefined) return;
    await begin().catch((cause) => crashed(kafkaErrorOf(cause)));
  };
  const deliver = async (partition: number, records: readonly LogRecord[], next: bigint): Promise<void> => {
    if (ending !== undefined) return;
    try {
      await hearing.handingOver(async () => reader.onRecords({ topic: reader.topic, partition, records }));
    } catch (cause) {
      void end({
        tag: 'LogFailed',
        retriable: false,
        sentence: `a reader of the log failed: ${sentenceOf(cause)}`,
        cause,
      });
      return;
    }
    againMs = AGAIN_MS_FIRST;
    reached(partition, next);
  };
  const reached = (partition: number, next: bigint): void => {
    if (ending !== undefined) return;
    nexts.set(partition, next);
    reader.onPosition?.(partition, next);
  };
  for (const [partition, next] of nexts) reader.onPosition?.(partition, next);
  const begin = (): Promise<void> => {
    current = tailConsumer(client, reader, nexts, { deliver, reached, crashed: (error) => void crashed(error) });
    hearing.of(current.consumer);
    return current.run();
  };

  try {
    await begin();
  } catch (cause) {
    const error = kafkaErrorOf(cause);
    if (!error.retriable) {
      await end(undefined);
      throw error;
    }
    void crashed(error);
  }
  const deaf = (): string | undefined => (ending === undefined ? hearing.deaf() : undefined);
  return { ended: ended.promise, end, deaf, stop: () => end(undefined) };
};

interface TailConsumer {
  readonly consumer: Consumer;
  readonly run: () => Promise<void>;
  readonly leave: () => Promise<void>;
}

interface TailEvents {
  readonly deliver: (partition: number, records: readonly LogRecord[], next: bigint) => Promise<void>;
  /** There was nothing to deliver before `next`, only markers and what compaction left. */
  readonly reached: (partition: number, next: bigint) => void;
  readonly crashed: (error: LogError) => void;
}

/** One consumer in a group of its own, from where the tail has come to. */
const tailConsumer = (
  client: KafkaClient,
  { topic: ofTopic, lingerMs = 0 }: TailReader,
  nexts: ReadonlyMap<number, bigint>,
  events: TailEvents,
): TailConsumer => {
  const topic = client.topicName(ofTopic);
  const groupId = client.named(`${client.clientId}.tail.${crypto.randomUUID()}`);
  const consumer = client.kafka.consumer(consumerSettings(groupId));
  let left = false;
  consumer.on('consumer.group_join', () => {
    for (const [partition, next] of nexts) consumer.seek({ topic, partition, offset: String(next) });
  });
  consumer.on('consumer.crash', ({ payload }) => {
    if (!left) events.crashed(kafkaErrorOf(payload.error));
  });
  // kafkajs passes over a batch of nothing but markers by itself, and tells of it only here.
  consumer.on('consumer.end_batch_process', ({ payload }) => {
    if (!left && payload.batchSize === 0) events.reached(payload.partition, BigInt(payload.lastOffset) + 1n);
  });
  // All partitions of a fetch come at once, so that they linger together; they are handed over one after the other.
  let turn: Promise<void> = Promise.resolve();
  const inTurn = (work: () => Promise<void>): Promise<void> => {
    turn = turn.then(work);
    return turn;
  };
  const join = async (): Promise<void> => {
    await consumer.connect();
    await consumer.subscribe({ topics: [topic], fromBeginning: true });
    await consumer.run({
      autoCommit: false,
      eachBatchAutoResolve: false,
      partitionsConsumedConcurrently: Math.max(1, nexts.size),
      eachBatch: async ({ batch, resolveOffset, isRunning, isStale }) => {
        const began = performance.now();
        const { partition, messages } = batch;
        await inTurn(async () => {
          if (left || !isRunning() || isStale()) return;
          const records = messages.map((message) => logRecord(ofTopic, partition, message));
          await events.deliver(partition, records, BigInt(batch.lastOffset()) + 1n);
          resolveOffset(messages.at(-1)!.offset);
        });
        const leftMs = lingerMs - (performance.now() - began);
        if (!left && leftMs > 0 && messages.length < FULL_BATCH) await new Promise((over) => setTimeout(over, leftMs));
      },
    });
  };
  let joining: Promise<void> = Promise.resolve();
  return {
    consumer,
    run: () => {
      const joined = join();
      joining = joined.catch(() => undefined);
      return joined;
    },
    leave: async () => {
      left = true;
      // kafkajs forgets a member that is still joining when it disconnects, and the broker keeps it for a session.
      await Promise.race([joining, new Promise((over) => setTimeout(over, JOINING_MS_MAX).unref())]);
      await consumer.disconnect().catch(() => undefined); // gone already
      await client.ask((admin) => admin.deleteGroups([groupId])).catch(() => undefined); // the broker forgets an empty group by itself
    },
  };
};

const tailStart = async (
  { ask, topicName }: KafkaClient,
  { topic, from, otherwise }: TailReader,
): Promise<readonly (readonly [number, bigint])[]> => {
  const extents = await ask((admin) => admin.fetchTopicOffsets(topicName(topic)));
  const since =
    typeof otherwise === 'string'
      ? undefined
      : await ask((admin) => admin.fetchTopicOffsetsByTimestamp(topicName(topic), Math.floor(otherwise.since / 1e3)));
  return extents.map(({ partition, low, high }) => {
    const usual =
      since?.find((each) => each.partition === partition)?.offset ?? (otherwise === 'beginning' ? low : high);
    const wanted = from.get(partition) ?? BigInt(usual);
    return [partition, wanted < BigInt(low) ? BigInt(low) : wanted];
  });
};
