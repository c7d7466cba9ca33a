/**
 * Goal: what a stage says does not depend on which of its checkpoints a successor can see. A transaction of somebody else that is
 * still open (he was killed, and his session is not over) hides all that was committed behind it in that partition of
 * vigil.checkpoints, and in no other.
 * Method: a stage that counts runs three times on a real Kafka; after the first run a foreign transaction is held open in one
 * partition of vigil.checkpoints, each in turn. Whoever forgets a record counts wrong ever after.
 */
import * as E from 'fp-ts/lib/Either.js';
import { afterAll, describe, expect, it } from 'vitest';
import { milliseconds } from '../../schemas/units.ts';
import { createTopics } from '../../services/adapters/kafka/create-topics.ts';
import { openKafkaEventLog } from '../../services/adapters/kafka/kafka-event-log.ts';
import { Kafka, logLevel } from '../../services/adapters/kafka/kafkajs.ts';
import type { EventLog, NewRecord } from '../../services/ports/event-log.ts';
import { bedCheckpoint, loadCheckpoints, partitionCheckpoint } from '../../services/runtime/checkpoints.ts';
import { runStage } from '../../services/runtime/run-stage.ts';
import type { Stage } from '../../services/runtime/stage.ts';
import { append, record, text } from '../contracts/event-log-story.ts';
import { recordsOf } from '../disturbed/ward.ts';
import { kafkaForTests } from '../servers/kafka.ts';

const kafka = await kafkaForTests();
const PARTITIONS = 4;
const beds = Array.from({ length: 12 }, (_, i) => `bed-${i}`);

/** Says after every record of a bed how many there were. */
const counting: Stage<number> = {
  name: 'counting',
  reads: 'vigil.telemetry',
  writes: ['vigil.findings'],
  version: '1',
  start: () => 0,
  step: async (batches) =>
    batches.map(({ bed, memory, records }) => ({
      memory: memory + records.length,
      outputs: records.map((_, i): NewRecord => record(bed, `${memory + i + 1}`, 'vigil.findings')),
    })),
};

/** Runs the stage until so many records were settled, in as many batches as there are, each with its checkpoints. */
const runUntilSettled = async (log: EventLog, wanted: number): Promise<void> => {
  let settled = 0;
  const done = Promise.withResolvers<void>();
  const running = await runStage(counting, {
    log,
    recordsPerBatchMax: 5,
    checkpointEvery: milliseconds(1),
    onNotice: (notice) => {
      if (notice.tag === 'Settled') settled += notice.records;
      if (settled >= wanted) done.resolve();
    },
  });
  const ended = await Promise.race([done.promise, running.ended]);
  await running.stop();
  if (ended !== undefined) throw new Error(ended.sentence);
};

const stories = (brokers: readonly string[]): void => {
  const opened: EventLog[] = [];
  const openWith = async (prefix: string): Promise<EventLog> => {
    const place = { brokers, prefix, clientId: 'vigil-test' };
    await createTopics(place, { partitions: PARTITIONS });
    const log = await openKafkaEventLog(place);
    opened.push(log);
    return log;
  };
  afterAll(async () => {
    for (const log of opened) await log.close();
  });
  const client = new Kafka({ brokers: [...brokers], clientId: 'somebody-else', logLevel: logLevel.NOTHING });

  it.each([0, 1, 2, 3])('says the same while a transaction of somebody else is open in partition %i', async (held) => {
    const prefix = `held-${crypto.randomUUID()}.`;
    const log = await openWith(prefix);
    const ROUNDS = 4;
    const round = beds.flatMap((bed) => Array.from({ length: ROUNDS }, () => record(bed, 'a frame')));
    await append(log, round);
    await runUntilSettled(log, round.length);
    const producer = client.producer({
      ...{ transactionalId: `${prefix}held`, idempotent: true, maxInFlightRequests: 1, transactionTimeout: 60_000 },
    });
    await producer.connect();
    const open = await producer.transaction();
    await open.send({
      topic: `${prefix}vigil.checkpoints`,
      messages: [{ key: 'somebody-else/0/a bed', value: 'not committed', partition: held }],
    });
    for (let run = 0; run < 2; run++) {
      await append(log, round);
      await runUntilSettled(log, round.length);
    }
    await open.abort();
    await producer.disconnect();
    const said = Map.groupBy(await recordsOf(log, 'vigil.findings'), ({ key }) => key);
    const wanted = Array.from({ length: 3 * ROUNDS }, (_, i) => `${i + 1}`);
    for (const bed of beds) expect(said.get(bed)?.map(text), bed).toEqual(wanted);
  });

  it('believes of two places where a checkpoint lies the one that is further on', async () => {
    const prefix = `places-${crypto.randomUUID()}.`;
    const log = await openWith(prefix);
    const of = { stage: 'counting', version: '1', partition: 2 };
    const newest = [bedCheckpoint(of, 'bed-1', 9n, 'newest'), partitionCheckpoint(of, 9n)];
    const older = [bedCheckpoint(of, 'bed-1', 4n, 'older'), partitionCheckpoint(of, 3n)];
    const producer = client.producer();
    await producer.connect();
    const write = (partition: number, records: readonly NewRecord[]) =>
      producer.send({
        topic: `${prefix}vigil.checkpoints`,
        messages: records.map(({ key, value }) => ({ key, value: Buffer.from(value), partition })),
      });
    const own = log.partitionOf('vigil.checkpoints', newest[0]!.key);
    const kept = await log.append(newest)();
    expect(E.isRight(kept)).toBe(true);
    for (let partition = 0; partition < PARTITIONS; partition++) if (partition !== own) await write(partition, older);
    await producer.disconnect();
    expect(await loadCheckpoints(log, of, () => undefined)).toEqual({
      lowWater: 9n,
      beds: new Map([['bed-1', { memory: 'newest', position: 9n }]]),
    });
  });
};

if ('skipped' in kafka) {
  describe.skip(`checkpoints on Kafka (${kafka.skipped})`, () => it('are seen together', () => undefined));
} else {
  afterAll(kafka.stop);
  describe('a stage on Kafka', () => stories(kafka.brokers));
}
