import type { Producer } from 'kafkajs';
import type { LogError, NewRecord } from '../../ports/event-log.ts';
import { CLOSED, type KafkaClient, kafkaErrorOf } from './kafka-client.ts';
import { type Addressing, fitsOneRequest, requestsOf, topicMessages } from './kafka-messages.ts';
import { openTransactions, type Transactions } from './kafka-transactions.ts';
import { Partitioners } from './kafkajs.ts';

interface Waiting {
  readonly records: readonly NewRecord[];
  readonly answer: (error: LogError | undefined) => void;
}

export interface Appender {
  /** Rejects with a LogError. */
  readonly append: (records: readonly NewRecord[]) => Promise<void>;
  readonly close: () => Promise<void>;
}

/**
 * Plain appends: one idempotent producer, one request at a time, in which everything goes that has gathered meanwhile.
 * An append too large for one request would be cut, so it goes in a transaction.
 */
export const openAppender = (client: KafkaClient, address: Addressing): Appender => {
  let waiting: Waiting[] = [];
  let producer: Promise<Producer> | undefined;
  let transactions: Promise<Transactions> | undefined;
  let closed = false;
  let working: Promise<void> | undefined;

  const work = async (): Promise<void> => {
    await new Promise(setImmediate); // what is appended in the same breath goes in the same request
    while (waiting.length > 0) {
      const taken = waiting;
      waiting = [];
      for (const request of requestsOf(taken, address)) await answered(request);
    }
    working = undefined;
  };

  const answered = async (request: readonly Waiting[]): Promise<void> => {
    let error: LogError | undefined;
    try {
      await send(request.flatMap(({ records }) => records));
    } catch (cause) {
      error = kafkaErrorOf(cause);
    }
    for (const { answer } of request) answer(error);
  };

  const send = async (records: readonly NewRecord[]): Promise<void> => {
    if (!fitsOneRequest(records, address)) return sendWhole(records);
    try {
      producer ??= connectProducer(client);
      await (await producer).sendBatch({ topicMessages: topicMessages(records, address), acks: -1 });
    } catch (cause) {
      // Its sequence numbers may have a hole now: the next append gets a new one.
      await producer?.then((broken) => broken.disconnect()).catch(() => undefined);
      producer = undefined;
      throw cause;
    }
  };

  const sendWhole = async (records: readonly NewRecord[]): Promise<void> => {
    try {
      transactions ??= openTransactions(
        client,
        address,
        client.named(`${client.clientId}.append.${crypto.randomUUID()}`),
      );
      await (await transactions).store(records, undefined);
    } catch (cause) {
      await transactions?.then((broken) => broken.close()).catch(() => undefined);
      transactions = undefined;
      throw cause;
    }
  };

  return {
    append: (records) => {
      if (closed) return Promise.reject(CLOSED);
      if (records.length === 0) return Promise.resolve();
      const { promise, resolve, reject } = Promise.withResolvers<void>();
      waiting.push({ records, answer: (error) => (error === undefined ? resolve() : reject(error)) });
      working ??= work();
      return promise;
    },
    close: async () => {
      closed = true;
      await working;
      await producer?.then((open) => open.disconnect()).catch(() => undefined);
      await transactions?.then((open) => open.close()).catch(() => undefined);
    },
  };
};

const connectProducer = async ({ kafka }: KafkaClient): Promise<Producer> => {
  const producer = kafka.producer({
    createPartitioner: Partitioners.DefaultPartitioner,
    idempotent: true,
    maxInFlightRequests: 1,
    allowAutoTopicCreation: false,
    retry: { initialRetryTime: 20, maxRetryTime: 2_000, retries: 8 },
  });
  await producer.connect();
  return producer;
};
