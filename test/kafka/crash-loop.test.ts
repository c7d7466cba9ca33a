/**
 * Goal: wherever a stage dies, also while it starts, loads its checkpoints and replays, it loses, doubles and changes no word.
 * Method: `npm run crash-loop`, shorter: analysis and alarms are ended at moments drawn from a seed, so close together that
 * many fall into a start; the log is compared byte for byte with the undisturbed run.
 */
import { afterAll, describe, expect, it } from 'vitest';
import { crashLoop } from '../disturbed/crash-loop.ts';
import { kafkaForTests } from '../servers/kafka.ts';

const kafka = await kafkaForTests();
/** One process of each stage that is killed; and two of each, of which half are told to stop: a storm of rebalances. */
const storms = [
  { kills: 10, members: 1, gently: 0, seed: 3 },
  { kills: 10, members: 2, gently: 0.5, seed: 5 },
];

describe.skipIf('skipped' in kafka)(
  `analysis and alarms on Kafka${'skipped' in kafka ? ` (skipped: ${kafka.skipped})` : ''}`,
  () => {
    afterAll(async () => {
      if (!('skipped' in kafka)) await kafka.stop();
    });

    // Each on topics of its own, at the same time: most of a storm is waiting for the next blow.
    it.concurrent.each(storms)(
      'say the same words although they end ten times ($members of each, seed $seed)',
      async (storm) => {
        if ('skipped' in kafka) return;
        const { differences, findings, inputs, alarms, replays } = await crashLoop({
          ...{ brokers: kafka.brokers, beds: 8 },
          ...storm,
        });
        expect(differences).toEqual([]);
        expect(Math.min(findings, inputs)).toBeGreaterThan(500);
        expect(alarms).toBeGreaterThan(10);
        expect(replays).toBeGreaterThan(0);
      },
    );
  },
);
