/**
 * Goal: wherever a stage dies, also while it starts, loads its checkpoints and replays, it loses, doubles and changes no word.
 * Method: `npm run crash-loop`, shorter: analysis and alarms are killed with SIGKILL at moments drawn from a seed, so close
 * together that many kills fall into a start; the log is compared byte for byte with the undisturbed run.
 */
import { afterAll, describe, expect, it } from 'vitest';
import { crashLoop } from '../disturbed/crash-loop.ts';
import { kafkaForTests } from '../servers/kafka.ts';

const kafka = await kafkaForTests();
const SEED = 3;

describe.skipIf('skipped' in kafka)(
  `analysis and alarms on Kafka${'skipped' in kafka ? ` (skipped: ${kafka.skipped})` : ''}`,
  () => {
    afterAll(async () => {
      if (!('skipped' in kafka)) await kafka.stop();
    });

    it(`say the same words although they are killed ten times (seed ${SEED})`, async () => {
      if ('skipped' in kafka) return;
      const { differences, findings, inputs, alarms, replays } = await crashLoop({
        ...{ brokers: kafka.brokers, kills: 10, beds: 8, seed: SEED },
      });
      expect(differences).toEqual([]);
      expect(Math.min(findings, inputs)).toBeGreaterThan(500);
      expect(alarms).toBeGreaterThan(10);
      expect(replays).toBeGreaterThan(0);
    });
  },
);
