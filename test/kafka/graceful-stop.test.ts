/**
 * Goal: an orchestrator that stops a part is obeyed within five seconds, whatever the part is doing and however the broker is,
 * and the next process says nothing twice and loses nothing.
 * Method: parts are stopped at moments from the first tenth of a second on; while a broker of their own stands still, and while
 * it limps; with one SIGTERM and with several. Who ended by itself must have left its group. What was said is compared
 * with the undisturbed run.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { createTopics } from '../../services/adapters/kafka/create-topics.ts';
import { Kafka, logLevel } from '../../services/adapters/kafka/kafkajs.ts';
import { bedNames, framesIn, playLoad } from '../bench/load.ts';
import { startAll, stopAll } from '../disturbed/disturbances.ts';
import { startStage } from '../disturbed/stage-process.ts';
import { audit, comeToRest, discharge, openWard, partNames, parts } from '../disturbed/ward.ts';
import { ownKafkaForTests } from '../servers/kafka.ts';

const kafka = await ownKafkaForTests();
const ENDS_WITHIN_MS = 5_000;
/** From before anything is heard to after the partitions are there. */
const STOPPED_AFTER_MS = [100, 500, 900, 1_300, 2_500];
const BEDS = 8;
const LENGTH_S = 40;

const pause = (ms: number): Promise<void> => new Promise((over) => setTimeout(over, ms));

/** The groups of these topics that still have members. */
const groupsWithMembers = async (brokers: readonly string[], prefix: string): Promise<readonly string[]> => {
  const admin = new Kafka({ brokers: [...brokers], clientId: 'vigil-test', logLevel: logLevel.NOTHING }).admin();
  await admin.connect();
  const own = (await admin.listGroups()).groups.map(({ groupId }) => groupId).filter((id) => id.startsWith(prefix));
  const { groups } = await admin.describeGroups(own);
  await admin.disconnect();
  return groups.filter(({ members }) => members.length > 0).map(({ groupId }) => groupId);
};

describe.skipIf('skipped' in kafka)(
  `a part that is told to stop${'skipped' in kafka ? ` (skipped: ${kafka.skipped})` : ''}`,
  () => {
    if ('skipped' in kafka) {
      it('ends', () => undefined);
      return;
    }
    afterAll(kafka.stop);

    it.each(partNames)(
      'ends within five seconds of SIGTERM however soon it comes, and leaves its groups (%s)',
      async (part) => {
        const prefix = `stop-${crypto.randomUUID().slice(0, 8)}.`;
        await createTopics({ brokers: kafka.brokers, prefix, clientId: 'vigil-test' });
        const folder = await mkdtemp(join(tmpdir(), 'vigil-stop-'));
        const env = {
          ...{ KAFKA_BROKERS: kafka.brokers.join(','), KAFKA_PREFIX: prefix },
          ...{ VIGIL_PORT: '0', VIGIL_DATA_DIR: folder },
        };
        for (const ms of STOPPED_AFTER_MS) {
          const process = startStage(parts[part], env);
          await pause(ms);
          const ended = await process.stop();
          expect(ended.tookMs, `after ${ms} ms`).toBeLessThan(ENDS_WITHIN_MS);
          // A process that has not come to hear signals dies of them (143: as the first of a container would), and has joined nothing yet.
          expect([0, 143, 'SIGTERM'], `after ${ms} ms`).toContain(ended.code ?? ended.signal);
          expect(await groupsWithMembers(kafka.brokers, prefix), `after ${ms} ms`).toEqual([]);
        }
        await rm(folder, { recursive: true, force: true });
      },
    );

    it('ends within five seconds while the broker stands still or limps, and nothing is lost or said twice', async () => {
      const ward = await openWard(kafka.brokers);
      try {
        const load = playLoad(BEDS, LENGTH_S, `ws://${ward.address}`);
        await pause(6_000);
        kafka.pause();
        const still = await stopAll(ward);
        kafka.resume();
        await startAll(ward);
        await pause(4_000);
        // Nine tenths of the time it stands still.
        const limping = setInterval(() => {
          kafka.pause();
          setTimeout(kafka.resume, 180);
        }, 200);
        await pause(1_000);
        for (const part of partNames) ward.current(part).send('SIGTERM');
        await pause(50);
        const limped = await stopAll(ward);
        clearInterval(limping);
        await pause(200);
        kafka.resume();
        await startAll(ward);
        for (const { tookMs } of [...still, ...limped]) expect(tookMs).toBeLessThan(ENDS_WITHIN_MS);
        await load.finished;
        await discharge(ward, BEDS);
        await comeToRest(ward);
        const found = await audit(
          ward,
          bedNames(BEDS).map((bed) => ({ bed, frames: framesIn(LENGTH_S) })),
        );
        expect(found).toMatchObject({
          frames: [],
          findings: [],
          inputs: [],
          alarms: [],
          console: { lost: [], extra: [] },
        });
        expect(found.counts.findings).toBeGreaterThan(BEDS * LENGTH_S);
      } finally {
        kafka.resume();
        await ward.close();
      }
    });
  },
);
