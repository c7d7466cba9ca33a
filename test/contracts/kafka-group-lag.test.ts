import { afterAll, describe, it } from 'vitest';
import { kafkaForTests } from '../servers/kafka.ts';
import { groupLagContract } from './group-lag.contract.ts';
import { underTestAt } from './kafka-log-under-test.ts';

const server = await kafkaForTests();

if ('skipped' in server) {
  describe.skip(`Kafka (${server.skipped})`, () => it('tells where groups stand', () => undefined));
} else {
  afterAll(server.stop);
  groupLagContract('Kafka', underTestAt(server.brokers));
}
