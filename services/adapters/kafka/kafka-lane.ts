import * as E from 'fp-ts/lib/Either.js';
import { type GroupReader, type LogError, type LogRecord, type Reaction, unfit } from '../../ports/event-log.ts';
import { sentenceOf } from '../../ports/log-error.ts';
import { pause } from '../pause.ts';
import { type KafkaClient, kafkaErrorOf } from './kafka-client.ts';
import type { Addressing } from './kafka-messages.ts';
import { openSettlements, type Settlements } from './kafka-settlements.ts';
import { openTransactions } from './kafka-transactions.ts';

/** A partition that the group gave to this reader. */
export interface Lane {
  /** Whether the reader has said where to begin, and the consumer was sent there. */
  readonly isReady: () => boolean;
  readonly ready: () => Promise<void>;
  /** Answers records and settles them. `again`: it failed and begins anew. `fenced`: somebody else has the partition. */
  readonly answer: (records: readonly LogRecord[]) => Promise<'settled' | 'again' | 'fenced'>;
  /** Lets records gather, unless the lane is let go meanwhile. */
  readonly linger: (ms: number) => Promise<void>;
  /** kafkajs has forgotten where it was, as it does at every rebalance: send it there once more. */
  readonly remind: () => void;
  /** No more waiting: the reader stops after the batch in flight. */
  readonly hurry: () => void;
  /** Lets the partition go. Resolves when the reader was told and the producer is closed. */
  readonly close: () => Promise<void>;
}

export interface LaneSettings {
  readonly client: KafkaClient;
  readonly address: Addressing;
  readonly reader: GroupReader;
  readonly partition: number;
  readonly seek: (offset: bigint) => void;
  readonly onTrouble: (sentence: string) => void;
}

/** Who is silent for so long is no longer in the group. */
export const SESSION_MS = 6_000;
const PAUSE_MS_MIN = 10;
const PAUSE_MS_MAX = 1_000;
const END_ASKED_TIMES = 3;

const madeAnew = (next: bigint, high: bigint): LogError => ({
  tag: 'LogUnavailable',
  retriable: true,
  sentence: `its topic, read up to ${next}, ends at ${high}: its end was lost, or the topic was made anew`,
});

/** @param before what had the partition before in this process; it is closed first. */
export const openLane = (settings: LaneSettings, before: Promise<void> | undefined): Lane => {
  const { client, address, reader, partition, seek, onTrouble } = settings;
  const topic = client.topicName(reader.topic);
  const group = client.named(reader.group);
  const over = new AbortController();
  let settlements: Settlements | undefined;
  let next: bigint | undefined;
  let pauseMs = PAUSE_MS_MIN;

  /**
   * Where the group stands. Beyond the end of the partition it would hear nothing until as many records had come as were lost: after
   * a power cut of a broker that has no second copy, or where the topic was made anew. What there is was answered as far as is known.
   */
  const position = async (): Promise<bigint | undefined> => {
    const stored = await storedPosition(client, group, topic, partition);
    if (stored === undefined) return undefined;
    for (let tries = 1; ; tries++) {
      const { high } = await extentOf(client, reader, partition);
      if (stored <= high) return stored;
      if (tries === END_ASKED_TIMES || over.signal.aborted) {
        onTrouble(
          `${reader.group} stood at ${stored} of ${reader.topic}/${partition}, which ends at ${high}: its end was lost, or the topic was made anew. It goes on from there`,
        );
        return high;
      }
      // A broker that leads a partition since just now may not know its end yet.
      await pause(PAUSE_MS_MAX, over.signal);
    }
  };

  /** The order matters: only when the reader before is fenced does the stored position stand still. */
  const begin = async (): Promise<void> => {
    next = undefined;
    await settlements?.close();
    settlements = undefined;
    const transactions = await openTransactions(client, address, `${group}/${topic}/${partition}`);
    const stored = await position().catch(async (cause) => {
      await transactions.close();
      throw cause;
    });
    const where = { group, topic, partition };
    const { positionEveryMs = 0 } = reader;
    settlements = openSettlements({ transactions, where, stored, positionEveryMs, onBroken });
    const asked = await reader.assigned(partition, stored);
    const { low, high } = await extentOf(client, reader, partition);
    const wanted = asked ?? stored ?? (reader.startAt === 'beginning' ? low : high);
    next = wanted;
    if (wanted < low) {
      onTrouble(`${reader.group} misses ${reader.topic}/${partition} from ${wanted} to ${low - 1n}: purged`);
      next = low;
    }
    if (!over.signal.aborted) seek(next);
  };

  const beginPatiently = async (): Promise<void> => {
    while (!over.signal.aborted) {
      try {
        return await begin();
      } catch (cause) {
        onTrouble(`${reader.group} cannot begin ${reader.topic}/${partition} yet: ${sentenceOf(cause)}`);
        await pauseAfterFailure();
      }
    }
  };
  const pauseAfterFailure = async (): Promise<void> => {
    await pause(pauseMs, over.signal);
    pauseMs = Math.min(pauseMs * 2, PAUSE_MS_MAX);
  };
  const beginAgain = (cause: unknown): void => {
    const where = settlements?.stored() ?? 'its start';
    onTrouble(`${reader.group} begins ${reader.topic}/${partition} again at ${where}: ${sentenceOf(cause)}`);
    next = undefined;
    preparing = pauseAfterFailure().then(beginPatiently);
  };
  /**
   * Who answers hears of it himself; where nothing comes any more the position would lie behind for ever. Who is fenced waits for
   * a session: by then the group has told him whether the partition is still his (his transaction may only have been too old).
   */
  const onBroken = async (cause: unknown): Promise<void> => {
    const broken = settlements;
    if (kafkaErrorOf(cause).tag === 'Fenced') await pause(SESSION_MS, over.signal);
    const isHeard = answering || next === undefined || settlements !== broken || over.signal.aborted;
    if (!isHeard) beginAgain(cause);
  };
  let answering = false;
  let preparing = (before ?? Promise.resolve()).then(beginPatiently);

  const settle = async (fetched: readonly LogRecord[]): Promise<void> => {
    // Who is sent back while a batch is in flight (the group joins again, and another broker's partition was faster) is
    // given that batch once more.
    const records = fetched.filter(({ offset }) => offset >= next!);
    if (records.length === 0) {
      const { high } = await extentOf(client, reader, partition);
      if (next! > high) throw madeAnew(next!, high);
      return;
    }
    const reaction: E.Either<unknown, Reaction> = await reader.react({ topic: reader.topic, partition, records })();
    if (E.isLeft(reaction)) throw reaction.left;
    const { outputs, settled } = reaction.right;
    const tooLarge = unfit(outputs);
    if (tooLarge !== undefined) throw tooLarge;
    const offset = records.at(-1)!.offset + 1n;
    await settlements!.settle(outputs, offset);
    next = offset;
    pauseMs = PAUSE_MS_MIN;
    settled();
  };

  return {
    isReady: () => next !== undefined,
    ready: () => preparing,
    linger: (ms) => pause(ms, over.signal),
    remind: () => {
      if (next !== undefined) seek(next);
    },
    answer: async (records) => {
      answering = true;
      try {
        await settle(records);
        return 'settled';
      } catch (cause) {
        if (kafkaErrorOf(cause).tag === 'Fenced') {
          onTrouble(`${reader.group} lost ${reader.topic}/${partition}: it went to another reader`);
          return 'fenced';
        }
        beginAgain(cause);
        return 'again';
      } finally {
        answering = false;
      }
    },
    hurry: () => over.abort(),
    close: async () => {
      over.abort();
      await preparing;
      await settlements?.close();
      reader.revoked(partition);
    },
  };
};

const storedPosition = async (
  { ask }: KafkaClient,
  group: string,
  topic: string,
  partition: number,
): Promise<bigint | undefined> => {
  const [found] = await ask((admin) => admin.fetchOffsets({ groupId: group, topics: [topic] }));
  const offset = BigInt(found?.partitions.find((each) => each.partition === partition)?.offset ?? -1);
  return offset < 0n ? undefined : offset;
};

const extentOf = async ({ ask, topicName }: KafkaClient, reader: GroupReader, partition: number) => {
  const offsets = await ask((admin) => admin.fetchTopicOffsets(topicName(reader.topic)));
  const found = offsets.find((each) => each.partition === partition);
  return { low: BigInt(found?.low ?? 0), high: BigInt(found?.high ?? 0) };
};
