import { kafkaForTests } from './kafka.ts';

/** One broker for all files of a test run: they find it in VIGIL_TEST_KAFKA. Without one, each says why it is skipped. */
export default async (): Promise<(() => Promise<void>) | undefined> => {
  const server = await kafkaForTests();
  if ('skipped' in server) return undefined;
  process.env['VIGIL_TEST_KAFKA'] = server.brokers.join(',');
  return server.stop;
};
