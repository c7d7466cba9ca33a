import { defineConfig } from 'vitest/config';

/** Tests that need a real Kafka, InfluxDB or Chromium: one file after the other. */
const needsServers = [
  'test/contracts/kafka*.test.ts',
  'test/contracts/influx*.test.ts',
  'test/kafka/**/*.test.ts',
  'test/influx/**/*.test.ts',
  'test/browser/**/*.test.ts',
  'test/containers/running.test.ts',
  'test/operations/kafka*.test.ts',
];

export default defineConfig({
  test: {
    globalSetup: ['test/servers/built-console.ts'],
    projects: [
      { test: { name: 'architecture', include: ['test/architecture.test.ts'] } },
      {
        test: {
          name: 'promises',
          include: ['test/**/*.test.ts'],
          exclude: ['test/architecture.test.ts', ...needsServers],
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      {
        test: {
          name: 'servers',
          globalSetup: ['test/servers/kafka-global-setup.ts'],
          include: needsServers,
          // Some play a minute of a ward, and a machine of CI may be three times as slow.
          testTimeout: 240_000,
          hookTimeout: 180_000,
          fileParallelism: false,
        },
      },
    ],
  },
});
