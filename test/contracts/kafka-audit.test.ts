import { afterAll, describe, it } from 'vitest';
import { kafkaForTests } from '../servers/kafka.ts';
import { auditContract } from './audit.contract.ts';
import { underTestAt } from './kafka-log-under-test.ts';

const server = await kafkaForTests();

if ('skipped' in server) {
  describe.skip(`Kafka (${server.skipped})`, () => it('keeps the audit', () => undefined));
} else {
  afterAll(server.stop);
  auditContract('Kafka', underTestAt(server.brokers));
}
