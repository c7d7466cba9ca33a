/**
 * Goal: the log does not change what is said, and losing the analysis process loses and repeats nothing.
 * Method: the same synthetic records are replayed through the embedded log and through a real Kafka, where analysis and
 * alarms are processes of their own; in the second Kafka run the analysis process is killed with SIGKILL while it works
 * and another takes over from checkpoint and position. All files are compared byte for byte.
 */
import type { ChildProcess } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTopics } from '../../services/adapters/kafka/create-topics.ts';
import { openKafkaEventLog } from '../../services/adapters/kafka/kafka-event-log.ts';
import { makeJournal } from '../../services/logging/journal.ts';
import { makeMeters } from '../../services/metrics/meters.ts';
import type { EventLog } from '../../services/ports/event-log.ts';
import { replay } from '../../services/replay/engine.ts';
import type { EpisodeKind } from '../../services/simulate/episodes.ts';
import { vigil } from '../cli/terminal.ts';
import { put, temporaryFolder } from '../recordings/made-record.ts';
import { madeRhythm } from '../recordings/made-rhythms.ts';
import { kafkaForTests } from '../servers/kafka.ts';
import { startVigil } from '../servers/vigil.ts';

const LENGTH_S = 300;
const CHUNK_MS = 1_000;
const kinds: readonly EpisodeKind[] = ['vt', 'vf', 'asystole', 'af', 'extreme-brady', 'bigeminy'];
const names = kinds.map((kind) => `made-${kind}`);
const kafka = await kafkaForTests();
/** Topics of its own: others use the broker at the same time. */
const prefix = `replay-${crypto.randomUUID().slice(0, 8)}.`;

const filesIn = async (folder: string): Promise<Record<string, string>> => {
  const files = (await readdir(folder)).sort();
  const texts = await Promise.all(files.map((name) => readFile(join(folder, name), 'latin1')));
  return Object.fromEntries(files.map((name, i) => [name, texts[i]!]));
};

const startStage = (name: string, brokers: readonly string[]): ChildProcess =>
  startVigil(name, ['stage', name], {
    KAFKA_BROKERS: brokers.join(','),
    KAFKA_PREFIX: prefix,
    VIGIL_PORT: '0',
    VIGIL_LOG_LEVEL: 'error',
  });

/** Frames of this run that analysis has settled, by its group's positions. Kafka's own markers count too. */
const settled = async (log: EventLog): Promise<bigint> => {
  let sum = 0n;
  for (const position of (await log.positions('vigil-analysis', 'vigil.telemetry')).values()) sum += position;
  return sum;
};

describe.skipIf('skipped' in kafka)(
  `a replay through Kafka${'skipped' in kafka ? ` (skipped: ${kafka.skipped})` : ''}`,
  () => {
    let brokers: readonly string[];
    let log: EventLog;
    let data: Awaited<ReturnType<typeof temporaryFolder>>;
    let outs: Awaited<ReturnType<typeof temporaryFolder>>;
    let embedded: Record<string, string>;
    let stages: ChildProcess[] = [];

    beforeAll(async () => {
      if ('skipped' in kafka) return;
      brokers = kafka.brokers;
      [data, outs] = [await temporaryFolder(), await temporaryFolder()];
      for (const [i, kind] of kinds.entries()) await put(data.path, madeRhythm(names[i]!, kind, LENGTH_S, 200 + i));
      const told = await vigil('replay', '--wfdb', data.path, '--out', join(outs.path, 'embedded'));
      expect(told.code).toBe(0);
      embedded = await filesIn(join(outs.path, 'embedded'));
      await createTopics({ brokers, prefix, clientId: 'vigil-test' });
      log = await openKafkaEventLog({ brokers, prefix, clientId: 'vigil-test' });
    });

    afterAll(async () => {
      for (const stage of stages) stage.kill('SIGKILL');
      await log?.close();
      if (!('skipped' in kafka)) await kafka.stop();
      await data?.[Symbol.asyncDispose]();
      await outs?.[Symbol.asyncDispose]();
    });

    const replayed = async (out: string, bedPrefix: string): Promise<Record<string, string>> => {
      const { failures } = await replay({
        ...{ directory: data.path, records: names, out: join(outs.path, out), log, bedPrefix },
        ...{ meters: makeMeters(), journal: makeJournal({ level: 'error' }), chunkMs: CHUNK_MS, sideBySide: 8 },
        stalledMs: 60_000,
      });
      expect(failures).toEqual([]);
      return filesIn(join(outs.path, out));
    };

    it('says byte for byte what the embedded log says', async () => {
      stages = [startStage('analysis', brokers), startStage('alarms', brokers)];
      const said = await replayed('kafka', 'calm-');
      expect(Object.keys(said)).toHaveLength(2 * names.length);
      expect(said).toEqual(embedded);
    });

    it('says the same when the analysis process is killed in the middle', async () => {
      const before = await settled(log);
      const frames = BigInt(names.length * LENGTH_S);
      let killedAt: bigint | undefined;
      const watching = setInterval(async () => {
        const done = (await settled(log)) - before;
        if (killedAt !== undefined || done < frames / 10n) return;
        killedAt = done;
        stages[0]!.kill('SIGKILL');
        stages[0] = startStage('analysis', brokers);
      }, 20);
      const said = await replayed('killed', 'stormy-').finally(() => clearInterval(watching));
      expect(said).toEqual(embedded);
      expect(killedAt).toBeDefined();
      expect(killedAt).toBeLessThan(frames);
    });
  },
);
