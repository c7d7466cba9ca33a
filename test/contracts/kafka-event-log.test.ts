import { Kafka, logLevel } from 'kafkajs';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { topicNames } from '../../schemas/topics.ts';
import { createTopics } from '../../services/adapters/kafka/create-topics.ts';
import { keepCoordinators } from '../../services/adapters/kafka/kafka-coordinators.ts';
import { openKafkaEventLog } from '../../services/adapters/kafka/kafka-event-log.ts';
import type { EventLog } from '../../services/ports/event-log.ts';
import { partitionOfKey } from '../../services/ports/key-partition.ts';
import { kafkaForTests } from '../servers/kafka.ts';
import { eventLogContract } from './event-log.contract.ts';
import { append, consume, copier, readFromBeginning, record, text } from './event-log-story.ts';
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
    for (const { key, partition } of read) expect(partition).toBe(partitionOfKey(key, 4));
    expect(theirs.partitionOf('vigil.telemetry', keys[0]!)).toBe(partitionOfKey(keys[0]!, 4));
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
