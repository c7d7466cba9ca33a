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
import { isGiven, type StageProcess, startStage } from '../disturbed/stage-process.ts';
import { audit, comeToRest, discharge, openWard, type Part, partNames, parts } from '../disturbed/ward.ts';
import { ownKafkaForTests } from '../servers/kafka.ts';

const kafka = await ownKafkaForTests();
const ENDS_WITHIN_MS = 5_000;
/** From before anything is heard on. The last moment is when it has worked for a second, however slow the machine. */
const STOPPED_AFTER_MS = [100, 500, 900, 1_300];
const WORKED_MS = 1_000;
const BEDS = 8;
const LENGTH_S = 34;

const pause = (ms: number): Promise<void> => new Promise((over) => setTimeout(over, ms));

/** Its partitions are there; a front runs. */
const hasBegun = (part: Part, process: StageProcess): Promise<unknown> =>
  part === 'front' ? process.running() : process.says(isGiven(part));

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

    const endsHoweverSoon = async (part: Part): Promise<void> => {
      const prefix = `stop-${crypto.randomUUID().slice(0, 8)}.`;
      await createTopics({ brokers: kafka.brokers, prefix, clientId: 'vigil-test' });
      const folder = await mkdtemp(join(tmpdir(), 'vigil-stop-'));
      const env = {
        ...{ KAFKA_BROKERS: kafka.brokers.join(','), KAFKA_PREFIX: prefix },
        ...{ VIGIL_PORT: '0', VIGIL_DATA_DIR: folder },
      };
      for (const ms of [...STOPPED_AFTER_MS, undefined]) {
        const process = startStage(parts[part], env);
        if (ms === undefined) await hasBegun(part, process);
        await pause(ms ?? WORKED_MS);
        const ended = await process.stop();
        const when = `${part} after ${ms ?? 'its start and 1000'} ms`;
        expect(ended.tookMs, when).toBeLessThan(ENDS_WITHIN_MS);
        // A process that has not come to hear signals dies of them (143: as the first of a container would), and has joined nothing yet.
        expect([0, 143, 'SIGTERM'], when).toContain(ended.code ?? ended.signal);
        expect(await groupsWithMembers(kafka.brokers, prefix), when).toEqual([]);
      }
      await rm(folder, { recursive: true, force: true });
    };

    // Two at a time, each on topics of its own: a core for each.
    it.each([
      ['front', 'recorder'],
      ['analysis', 'alarms'],
    ] as const)(
      'ends within five seconds of SIGTERM however soon it comes, and leaves its groups (%s, %s)',
      async (...both) => void (await Promise.all(both.map(endsHoweverSoon))),
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
