import { afterAll, describe, it } from 'vitest';
import { kafkaForTests } from '../servers/kafka.ts';
import { underTestAt } from './kafka-log-under-test.ts';
import { refusedContract } from './refused.contract.ts';

const server = await kafkaForTests();

if ('skipped' in server) {
  describe.skip(`Kafka (${server.skipped})`, () => it('gives back what was refused', () => undefined));
} else {
  afterAll(server.stop);
  refusedContract('Kafka', underTestAt(server.brokers));
}
