/**
 * Goal: a position that waits for company and then cannot be stored is not forgotten where nothing comes any more: the group would
 * look as if it stood still, and a restart would read again what was settled long ago.
 * Method: on a real broker somebody else takes the reader's transactional id while its position waits, and goes away again, which
 * is what the broker itself does to a transaction that became too old. Other refusals: `test/adapters/kafka-settlements.test.ts`.
 */
import * as TE from 'fp-ts/lib/TaskEither.js';
import { afterAll, describe, expect, it } from 'vitest';
import { createTopics } from '../../services/adapters/kafka/create-topics.ts';
import { openKafkaEventLog } from '../../services/adapters/kafka/kafka-event-log.ts';
import { SESSION_MS } from '../../services/adapters/kafka/kafka-lane.ts';
import { Kafka, logLevel } from '../../services/adapters/kafka/kafkajs.ts';
import { append, reader, record } from '../contracts/event-log-story.ts';
import { kafkaForTests } from '../servers/kafka.ts';

const server = await kafkaForTests();
const group = 'lone';

const stories = (brokers: readonly string[]): void => {
  it('is stored a session later by the reader that the group still knows', async () => {
    const place = { brokers, clientId: 'vigil-test', prefix: `lone-${crypto.randomUUID()}.` };
    await createTopics(place, { partitions: 1 });
    const troubles: string[] = [];
    const log = await openKafkaEventLog({ ...place, onTrouble: (sentence) => troubles.push(sentence) });
    const stored = async () => (await log.positions(group, 'vigil.telemetry')).get(0);
    const settled = [Promise.withResolvers<void>(), Promise.withResolvers<void>()] as const;
    let count = 0;
    const subscription = await log.join({
      ...reader(group),
      positionEveryMs: 5_000,
      react: ({ records }) =>
        TE.of({
          outputs: [],
          settled: () => {
            for (const _ of records) settled[Math.min(count++, 1)]!.resolve();
          },
        }),
    });
    await append(log, [record('bed-1', 'the first, stored at once')]);
    await settled[0].promise;
    await append(log, [record('bed-1', 'the second, which waits')]);
    await settled[1].promise;
    const somebody = new Kafka({ brokers: [...brokers], clientId: 'somebody-else', logLevel: logLevel.NOTHING });
    const theirs = somebody.producer({
      ...{ idempotent: true, maxInFlightRequests: 1 },
      transactionalId: `${place.prefix}${group}/${place.prefix}vigil.telemetry/0`,
    });
    await theirs.connect();
    await (await theirs.transaction()).abort();
    await theirs.disconnect();
    expect(await stored()).toBe(1n);
    await expect.poll(stored, { timeout: 5_000 + SESSION_MS + 30_000, interval: 500 }).toBe(2n);
    expect(troubles.join()).toContain('begins vigil.telemetry/0 again at 1');
    await subscription.stop();
    await log.close();
  });
};

if ('skipped' in server) {
  describe.skip(`lone positions on Kafka (${server.skipped})`, () => it('are stored', () => undefined));
} else {
  afterAll(server.stop);
  describe('a position that waits on Kafka and is refused', () => stories(server.brokers));
}
