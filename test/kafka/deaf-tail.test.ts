/**
 * Goal: screens that hear nothing of the log say so within seconds, though their reader goes on trying.
 * Method: a tail of a real broker, which is stopped (SIGSTOP: connections stand, nothing is answered) and goes on.
 */
import { afterAll, afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createTopics } from '../../services/adapters/kafka/create-topics.ts';
import { openKafkaEventLog } from '../../services/adapters/kafka/kafka-event-log.ts';
import type { EventLog, LogRecord } from '../../services/ports/event-log.ts';
import { type Following, followFrom } from '../../services/runtime/follow-topic.ts';
import { ownKafkaForTests } from '../servers/kafka.ts';

const kafka = await ownKafkaForTests();

describe.skipIf('skipped' in kafka)(
  `a tail of Kafka${'skipped' in kafka ? ` (skipped: ${kafka.skipped})` : ''}`,
  () => {
    if ('skipped' in kafka) {
      it('is asked', () => undefined);
      return;
    }
    let log: EventLog;
    let following: Following;
    const heard: LogRecord[] = [];
    beforeEach(async () => {
      const place = {
        brokers: kafka.brokers,
        prefix: `deaf-${crypto.randomUUID().slice(0, 8)}.`,
        clientId: 'vigil-test',
      };
      await createTopics(place);
      log = await openKafkaEventLog(place);
      following = await followFrom({
        ...{ log, topic: 'vigil.alarms', otherwise: 'beginning', patienceMs: 30_000 },
        onRecord: (record) => heard.push(record),
      });
      await following.caughtUp;
    });
    afterEach(async () => {
      kafka.resume();
      await following.stop();
      await log.close();
    });
    afterAll(kafka.stop);

    const until = (what: () => void) => vi.waitFor(what, { timeout: 60_000, interval: 200 });

    it('says that nothing is heard while the broker stands still, and hears on when it goes on', async () => {
      await until(() => expect(following.lost()).toBeUndefined());
      kafka.pause();
      const pausedAtMs = performance.now();
      await until(() => expect(following.lost()).toMatch(/^Kafka has not answered a reader for \d+ s$/));
      expect(performance.now() - pausedAtMs).toBeLessThan(20_000);
      kafka.resume();
      await until(() => expect(following.lost()).toBeUndefined());
      await log.append([{ topic: 'vigil.alarms', key: 'icu-01', value: new Uint8Array([1]) }])();
      await until(() => expect(heard).toHaveLength(1));
    });
  },
);
