import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';
import { WaitingBesideComputing } from './test/order-of-files.ts';

/** Wards on Kafka at the pace of life, of which parts are killed or replaced: two at a time leave half of two cores idle. */
const atThePaceOfLife = [
  'test/kafka/engine-health.test.ts',
  'test/kafka/killed-stages.test.ts',
  'test/kafka/rolling-upgrade.test.ts',
];

/** Tests that hold something against the clock: one file after the other, when all others are done. */
const againstTime = [
  'test/browser/**/*.test.ts',
  'test/containers/running.test.ts',
  'test/influx/recorder-faults.test.ts',
  'test/kafka/graceful-stop.test.ts',
  'test/loop/**/*.test.ts',
  'test/screens/watch.test.ts',
  'test/stages/alert-storm.test.ts',
  'test/watch/embedded.test.ts',
];

/** Others that need a real Kafka or InfluxDB. Most of their time they wait for its sessions. */
const needsServers = [
  'test/contracts/kafka*.test.ts',
  'test/contracts/influx*.test.ts',
  'test/kafka/**/*.test.ts',
  'test/influx/**/*.test.ts',
  'test/operations/kafka*.test.ts',
];

/** Nothing here is a promise: a test that hangs ends some time. A machine of CI may be three times as slow as one of ours. */
const patience = { testTimeout: 240_000, hookTimeout: 180_000 };
const kafka = { globalSetup: ['test/servers/kafka-global-setup.ts'] };

export default defineConfig({
  test: {
    globalSetup: ['test/servers/built-console.ts'],
    // A machine of two cores would have one worker. Three are well there: one of them waits for servers most of the time.
    maxWorkers: Math.max(3, availableParallelism() - 1),
    sequence: { sequencer: WaitingBesideComputing },
    projects: [
      { test: { name: 'architecture', include: ['test/architecture.test.ts'] } },
      {
        test: {
          name: 'promises',
          include: ['test/**/*.test.ts'],
          exclude: ['test/architecture.test.ts', ...needsServers, ...atThePaceOfLife, ...againstTime],
          ...patience,
        },
      },
      {
        test: {
          name: 'servers',
          include: needsServers,
          exclude: [...atThePaceOfLife, ...againstTime],
          ...kafka,
          ...patience,
        },
      },
      {
        test: {
          name: 'wards',
          include: atThePaceOfLife,
          maxWorkers: 2,
          sequence: { groupOrder: 1 },
          ...kafka,
          ...patience,
        },
      },
      { test: { name: 'clock', include: againstTime, fileParallelism: false, ...kafka, ...patience } },
    ],
  },
});
