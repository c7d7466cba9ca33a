import * as E from 'fp-ts/lib/Either.js';
import * as TE from 'fp-ts/lib/TaskEither.js';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { topicNames } from '../../schemas/topics.ts';
import { createTopics } from '../../services/adapters/kafka/create-topics.ts';
import { connectKafka } from '../../services/adapters/kafka/kafka-client.ts';
import { keepCoordinators } from '../../services/adapters/kafka/kafka-coordinators.ts';
import { openKafkaEventLog } from '../../services/adapters/kafka/kafka-event-log.ts';
import { openLane } from '../../services/adapters/kafka/kafka-lane.ts';
import { Kafka, logLevel } from '../../services/adapters/kafka/kafkajs.ts';
import type { EventLog, LogRecord } from '../../services/ports/event-log.ts';
import { partitionOfKey } from '../../services/ports/key-partition.ts';
import { kafkaForTests } from '../servers/kafka.ts';
import { eventLogContract } from './event-log.contract.ts';
import { append, consume, copier, reader, readFromBeginning, record, text } from './event-log-story.ts';
import { underTestAt } from './kafka-log-under-test.ts';

const server = await kafkaForTests();

const kafkaOddities = (brokers: readonly string[]): void => {
  const underTest = underTestAt(brokers);
  const opened: EventLog[] = [];
  const openNew = async (): Promise<EventLog> => {
    const log = await underTest.openAt(await underTest.newPlace());
    opened.push(log);
    return log;
  };
  afterEach(async () => {
    for (const log of opened.splice(0)) await log.close();
  });
  const place = { brokers, clientId: 'vigil-test', prefix: '' };

  it('creates the topics of the table, leaves what is there alone, and says how it differs', async () => {
    const here = { ...place, prefix: `topics-${crypto.randomUUID()}.` };
    const names = topicNames.map((topic) => here.prefix + topic);
    expect(await createTopics(here, { partitions: 3 })).toEqual({ created: names, leftAlone: [], differences: [] });
    expect(await createTopics(here, { partitions: 3 })).toEqual({ created: [], leftAlone: names, differences: [] });
    const { differences } = await createTopics(here, { partitions: 5 });
    expect(differences).toContainEqual({
      topic: `${here.prefix}vigil.telemetry`,
      setting: 'partitions',
      wanted: '5',
      found: '3',
    });
    expect(differences.some(({ topic }) => topic.endsWith('vigil.rejected'))).toBe(false);
  });

  it('says which topics are missing and what to do', async () => {
    await expect(openKafkaEventLog({ ...place, prefix: 'nothing-here.' })).rejects.toMatchObject({
      tag: 'LogFailed',
      sentence: expect.stringContaining('nothing-here.vigil.telemetry'),
    });
  });

  it('says when no broker answers, and that it is worth trying again', async () => {
    await expect(openKafkaEventLog({ ...place, brokers: ['127.0.0.1:1'] })).rejects.toMatchObject({
      tag: 'LogUnavailable',
      retriable: true,
    });
  });

  it('puts a key where a gateway of another make would put it', async () => {
    const prefix = `gateway-${crypto.randomUUID()}.`;
    await createTopics({ ...place, prefix }, { partitions: 4 });
    const theirs = await openKafkaEventLog({ ...place, prefix });
    opened.push(theirs);
    const kafka = new Kafka({ brokers: [...brokers], clientId: 'gateway', logLevel: logLevel.NOTHING });
    const producer = kafka.producer();
    await producer.connect();
    const keys = Array.from({ length: 50 }, (_, i) => `Station 3/Bett ${i} ö`);
    await producer.send({
      topic: `${prefix}vigil.telemetry`,
      messages: keys.map((key) => ({ key, value: 'a frame' })),
    });
    await producer.disconnect();
    const read = await readFromBeginning(theirs, 'vigil.telemetry', keys.length);
    for (const { key, partition } of read) expect(partition).toBe(partitionOfKey('vigil.telemetry', key, 4));
    expect(theirs.partitionOf('vigil.telemetry', keys[0]!)).toBe(partitionOfKey('vigil.telemetry', keys[0]!, 4));
  });

  it('puts a record where somebody else put its key, when it is told to', async () => {
    const prefix = `apart-${crypto.randomUUID()}.`;
    await createTopics({ ...place, prefix }, { partitions: 4 });
    const log = await openKafkaEventLog({ ...place, prefix });
    opened.push(log);
    const partition = (log.partitionOf('vigil.telemetry', 'icu-01') + 1) % 4;
    const record = { topic: 'vigil.telemetry', key: 'icu-01', value: new Uint8Array([1]) } as const;
    expect(E.isRight(await log.append([{ ...record, partition }, record])())).toBe(true);
    const read = await readFromBeginning(log, 'vigil.telemetry', 2);
    expect(new Set(read.map((each) => each.partition))).toEqual(
      new Set([partition, log.partitionOf('vigil.telemetry', 'icu-01')]),
    );
  });

  it('answers a record once when the group joins again while its batch is in flight', async () => {
    const here = { ...place, prefix: `again-${crypto.randomUUID()}.` };
    await createTopics(here);
    const log = await openKafkaEventLog(here);
    opened.push(log);
    const keys = ['first', 'second', 'third'];
    await append(
      log,
      keys.map((said) => record('bed-1', said)),
    );
    const read = await readFromBeginning(log, 'vigil.telemetry', 3);
    const { partition } = read[0]!;
    const client = await connectKafka(here);
    const goOn = Promise.withResolvers<void>();
    const [answered, sentTo]: [string[], bigint[]] = [[], []];
    const lane = openLane(
      {
        ...{ client, partition, address: { topicName: client.topicName, partitionOf: log.partitionOf } },
        reader: {
          ...reader('again'),
          react: ({ records }) =>
            TE.fromTask(async () => {
              await goOn.promise;
              return {
                outputs: records.map(({ key, value }) => ({ topic: 'vigil.findings', key, value }) as const),
                settled: () => answered.push(...records.map(text)),
              };
            }),
        },
        seek: (offset) => sentTo.push(offset),
        onTrouble: (sentence) => answered.push(sentence),
      },
      undefined,
    );
    await lane.ready();
    const inFlight = lane.answer(read.slice(0, 2));
    lane.remind();
    goOn.resolve();
    await inFlight;
    // Sent back to where the batch began, kafkajs fetches it again.
    expect(sentTo).toEqual([0n, 0n]);
    await lane.answer(read);
    await lane.close();
    await client.disconnect();
    expect(answered).toEqual(keys);
    expect((await readFromBeginning(log, 'vigil.findings', 3)).map(text)).toEqual(keys);
    expect(await consume(log, 'count', 3, 'vigil.findings')).toEqual(keys);
  });

  it('goes on from the end of a partition that lost records which a group had answered, and says so', async () => {
    const here = { ...place, prefix: `lost-${crypto.randomUUID()}.` };
    await createTopics(here);
    const log = await openKafkaEventLog(here);
    opened.push(log);
    await append(log, [record('bed-1', 'answered')]);
    const [{ partition }] = (await readFromBeginning(log, 'vigil.telemetry', 1)) as [LogRecord];
    const client = await connectKafka(here);
    const topic = client.topicName('vigil.telemetry');
    await client.ask((admin) =>
      admin.setOffsets({ groupId: client.named('lost'), topic, partitions: [{ partition, offset: '40' }] }),
    );
    const [told, sentTo, assigned]: [string[], bigint[], unknown[]] = [[], [], []];
    const lane = openLane(
      {
        ...{ client, partition, address: { topicName: client.topicName, partitionOf: log.partitionOf } },
        reader: { ...reader('lost'), assigned: async (_, stored) => void assigned.push(stored) },
        seek: (offset) => sentTo.push(offset),
        onTrouble: (sentence) => told.push(sentence),
      },
      undefined,
    );
    await lane.ready();
    await lane.close();
    await client.disconnect();
    expect([sentTo, assigned]).toEqual([[1n], [1n]]);
    expect(told).toEqual([expect.stringContaining('lost stood at 40 of vigil.telemetry/')]);
  });

  it('asks for the coordinators of its transactions once a second, not four times a transaction', async () => {
    const prefix = `coordinators-${crypto.randomUUID()}.`;
    await createTopics({ ...place, prefix });
    const kafka = keepCoordinators(
      new Kafka({ brokers: [...brokers], clientId: 'counting', logLevel: logLevel.NOTHING }),
    );
    const producer = kafka.producer({
      ...{ idempotent: true, maxInFlightRequests: 1, transactionalId: `${prefix}counting` },
      retry: { initialRetryTime: 2, retries: 50 },
    });
    const asked: string[] = [];
    producer.on('producer.network.request', ({ payload }) => void asked.push(payload.apiName));
    await producer.connect();
    const began = performance.now();
    for (let i = 0; i < 50; i++) {
      const transaction = await producer.transaction();
      await transaction.send({ topic: `${prefix}vigil.findings`, messages: [{ key: 'bed-1', value: `${i}` }] });
      await transaction.sendOffsets({
        consumerGroupId: `${prefix}counting`,
        topics: [{ topic: `${prefix}vigil.telemetry`, partitions: [{ partition: 0, offset: `${i}` }] }],
      });
      await transaction.commit();
    }
    const tookS = (performance.now() - began) / 1e3;
    await producer.disconnect();
    expect(asked.filter((name) => name === 'EndTxn').length).toBeGreaterThanOrEqual(50);
    // Of the transactions and of the group; one more of each for the first second.
    expect(asked.filter((name) => name === 'GroupCoordinator').length).toBeLessThanOrEqual(2 * (tookS + 2));
  });

  it('delivers nothing that was aborted, however the transactions of several writers overlap', async () => {
    const here = { ...place, prefix: `aborted-${crypto.randomUUID()}.` };
    await createTopics(here, { partitions: 1 });
    const log = await openKafkaEventLog(here);
    opened.push(log);
    const kafka = new Kafka({ brokers: [...brokers], clientId: 'writers', logLevel: logLevel.NOTHING });
    const writers = ['first', 'second', 'third'].map((name) =>
      kafka.producer({ ...{ idempotent: true, maxInFlightRequests: 1 }, transactionalId: here.prefix + name }),
    );
    for (const writer of writers) await writer.connect();
    const begin = async (writer: number, said: string) => {
      const transaction = await writers[writer]!.transaction();
      await transaction.send({ topic: `${here.prefix}vigil.checkpoints`, messages: [{ key: 'bed-1', value: said }] });
      return transaction;
    };
    // The broker lists aborted transactions in the order of their ends: here not that of their beginnings.
    const long = await begin(0, 'never: of the transaction that begins first and ends last');
    const kept = await begin(2, 'kept');
    const short = await begin(1, 'never: of the one between');
    await short.abort();
    await kept.commit();
    await long.abort();
    for (const writer of [0, 1, 2]) await (await begin(writer, `${writer} goes on`)).commit();
    for (const writer of writers) await writer.disconnect();
    const read = await readFromBeginning(log, 'vigil.checkpoints', 4);
    expect(read.map(text)).toEqual(['kept', '0 goes on', '1 goes on', '2 goes on']);
    expect(await consume(log, 'reader', 4, 'vigil.checkpoints')).toEqual(read.map(text));
  });

  it('reads on over the markers that transactions leave, in groups and in tails', async () => {
    const log = await openNew();
    const reader = await copier(log, 'markers');
    for (let i = 0; i < 5; i++) {
      await append(log, [record('bed-1', `${i}`)]);
      await readFromBeginning(log, 'vigil.findings', i + 1); // so that each record has a transaction of its own
    }
    await reader.stop();
    const copied = await readFromBeginning(log, 'vigil.findings', 5);
    expect(copied.map(text)).toEqual(['0', '1', '2', '3', '4']);
    expect(copied.map(({ offset }) => offset)).not.toEqual([0n, 1n, 2n, 3n, 4n]);
    expect(await consume(log, 'second reader', 5, 'vigil.findings')).toEqual(['0', '1', '2', '3', '4']);
  });
};

if ('skipped' in server) {
  describe.skip(`Kafka (${server.skipped})`, () => it('keeps the event log contract', () => undefined));
} else {
  afterAll(server.stop);
  eventLogContract('Kafka', underTestAt(server.brokers));
  describe('the Kafka log', () => kafkaOddities(server.brokers));
}
