/**
 * Goal: a hospital's deployment keeps the same series as a laptop. Method: the same synthetic records are replayed through
 * the gateway once into the embedded log with everything in this process, and once into a real Kafka on which analysis,
 * alarms and the recorder are processes of their own, the recorder writing into a real InfluxDB; then everything that was
 * kept is read back, from InfluxDB in InfluxQL, and compared point for point.
 */

import type { ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { MDC, PRIVATE } from '../../schemas/codes.ts';
import { moment } from '../../schemas/units.ts';
import { openInfluxSeriesStore } from '../../services/adapters/influx/influx-series-store.ts';
import { createTopics } from '../../services/adapters/kafka/create-topics.ts';
import { openKafkaEventLog } from '../../services/adapters/kafka/kafka-event-log.ts';
import { systemClock } from '../../services/composition/clock.ts';
import { runEngine } from '../../services/composition/engine.ts';
import { openLog, openSeries } from '../../services/composition/open-adapters.ts';
import { readConfig } from '../../services/config.ts';
import { makeJournal } from '../../services/logging/journal.ts';
import { makeMeters } from '../../services/metrics/meters.ts';
import type { EventLog } from '../../services/ports/event-log.ts';
import type { SeriesStore } from '../../services/ports/series-store.ts';
import { replay } from '../../services/replay/engine.ts';
import { makeSelf } from '../../services/reports/self.ts';
import type { EpisodeKind } from '../../services/simulate/episodes.ts';
import { VERSION } from '../../services/version.ts';
import { put, temporaryFolder } from '../recordings/made-record.ts';
import { madeRhythm } from '../recordings/made-rhythms.ts';
import { right } from '../right.ts';
import { influxForTests } from '../servers/influx.ts';
import { kafkaForTests } from '../servers/kafka.ts';
import { runVigil, startVigil, stopAll } from '../servers/vigil.ts';

const LENGTH_S = 150;
const KINDS: readonly EpisodeKind[] = ['vt', 'vf', 'asystole', 'af'];
const NAMES = KINDS.map((kind) => `series-${kind}`);
/** Real ECG, where it is: 208 has many ventricular beats, 207 flutter. */
const RECORDINGS = process.env['VIGIL_RECORDINGS'];
const REAL = ['207', '208'];
const FOR_EVER = { VIGIL_KEEP_RAW_DAYS: '0', VIGIL_KEEP_MINUTES_DAYS: '0', VIGIL_KEEP_ALARMS_DAYS: '0' };
const kafka = await kafkaForTests();
const influx = await influxForTests();
const skipped = [kafka, influx].flatMap((server) => ('skipped' in server ? [server.skipped] : [])).join('; ');

const PREFIX = 'laid-';
const STAGES = ['analysis', 'alarms', 'recorder'] as const;

interface Recordings {
  readonly directory: string;
  readonly names: readonly string[];
}

const READERS = [
  ['vigil-recorder-telemetry', 'vigil.telemetry'],
  ['vigil-recorder-findings', 'vigil.findings'],
  ['vigil-recorder-alarms', 'vigil.alarms'],
] as const;

/** Until the recorder has settled what is on the log now. Kafka's last offset may be a marker that is never delivered. */
const recorded = async (log: EventLog): Promise<void> => {
  for (const [group, topic] of READERS) {
    const ends = (await log.extent(topic)).filter(({ first, next }) => next > first);
    const margin = log.kind === 'kafka' ? 1n : 0n;
    for (;;) {
      const positions = await log.positions(group, topic);
      if (ends.every(({ partition, next }) => (positions.get(partition) ?? 0n) >= next - margin)) break;
      await new Promise((done) => setTimeout(done, 50));
    }
  }
};

/** Everything that a store has of the replayed beds. */
const contentOf = async (store: SeriesStore, beds: readonly string[]) => {
  const all = { from: moment(0), to: moment(9e15) };
  const content: Record<string, readonly unknown[]> = {};
  for (const bed of beds) {
    for (const code of [MDC.ecgHeartRate, MDC.pvcRate, PRIVATE.rhythm]) {
      content[`${bed} numerics ${code}`] = right(await store.numerics({ ...all, bed, code })());
      content[`${bed} minutes ${code}`] = right(await store.minutes({ ...all, bed, code })());
    }
    const findings = right(await store.findings({ ...all, bed })()).map(({ finding }) => JSON.stringify(finding));
    content[`${bed} findings`] = findings.sort();
    content[`${bed} alarms`] = right(await store.alarms({ ...all, bed })());
    content[`${bed} waves`] = right(await store.waves({ ...all, bed })());
  }
  return content;
};

describe.skipIf(skipped !== '')(`a hospital's series${skipped === '' ? '' : ` (skipped: ${skipped})`}`, () => {
  const journal = makeJournal({ level: 'error' });
  const folders: Awaited<ReturnType<typeof temporaryFolder>>[] = [];
  const closers: (() => Promise<unknown>)[] = [];
  let records: string;
  let processes: ChildProcess[] = [];

  beforeAll(async () => {
    for (let i = 0; i < 2; i++) folders.push(await temporaryFolder());
    records = folders[0]!.path;
    for (const [i, kind] of KINDS.entries()) await put(records, madeRhythm(NAMES[i]!, kind, LENGTH_S, 700 + i));
  });
  afterAll(async () => {
    await stopAll(processes);
    for (const close of closers.reverse()) await close();
    for (const folder of folders) await folder[Symbol.asyncDispose]();
    for (const server of [kafka, influx]) if (!('skipped' in server)) await server.stop();
  });

  const play = async (log: EventLog, from: Recordings, out: string): Promise<void> => {
    const { failures } = await replay({
      ...{ directory: from.directory, records: from.names, out: join(folders[1]!.path, out), log, journal },
      ...{ bedPrefix: PREFIX, meters: makeMeters(), chunkMs: 1_000, sideBySide: from.names.length },
    });
    expect(failures).toEqual([]);
    await recorded(log);
  };

  /** All in this process, on files. */
  const onALaptop = async (from: Recordings): Promise<SeriesStore> => {
    const config = right(readConfig({ ...FOR_EVER, VIGIL_DATA_DIR: join(folders[1]!.path, `data-${from.names[0]}`) }));
    const log = await openLog(config, journal, 'test');
    const self = makeSelf({ stages: STAGES, version: VERSION, meters: makeMeters(), now: systemClock() });
    const engine = await runEngine(config, { names: STAGES, self, reports: false }, journal);
    await play(log, from, 'embedded');
    await engine.stop();
    await log.close();
    const file = await openSeries(config);
    closers.push(() => file.close());
    return file;
  };

  /** Each stage in a process of its own, between a real Kafka and a real InfluxDB. */
  const inAHospital = async (from: Recordings): Promise<SeriesStore> => {
    if ('skipped' in kafka || 'skipped' in influx) throw new Error(skipped);
    const database = `replayed-${from.names[0]}`;
    // Topics of its own: others use the broker at the same time.
    const cluster = { brokers: kafka.brokers, prefix: `${database}-${crypto.randomUUID().slice(0, 8)}.` };
    const place = {
      ...{ KAFKA_BROKERS: kafka.brokers.join(','), KAFKA_PREFIX: cluster.prefix },
      ...{ INFLUX_URL: influx.url, INFLUX_DATABASE: database },
    };
    await createTopics({ ...cluster, clientId: 'test' });
    await runVigil(['series'], { ...FOR_EVER, ...place });
    processes = STAGES.map((stage) => startVigil(stage, ['stage', stage], { ...place, VIGIL_PORT: '0' }));
    const log = await openKafkaEventLog({ ...cluster, clientId: 'test' });
    await play(log, from, 'kafka');
    await log.close();
    await stopAll(processes);
    const store = openInfluxSeriesStore({ url: influx.url, dialect: { version: 1, database } });
    closers.push(() => store.close());
    return store;
  };

  const expectTheSame = async (from: Recordings): Promise<void> => {
    const beds = from.names.map((name) => `${PREFIX}${name}`);
    const wanted = await contentOf(await onALaptop(from), beds);
    const kept = await contentOf(await inAHospital(from), beds);
    const must = [`numerics ${MDC.ecgHeartRate}`, `minutes ${PRIVATE.rhythm}`, 'findings', 'alarms'];
    for (const bed of beds)
      for (const what of must) expect(wanted[`${bed} ${what}`]?.length, `${bed} ${what}`).toBeGreaterThan(0);
    expect(wanted[`${beds[0]} waves`]?.length).toBeGreaterThan(0);
    for (const [what, points] of Object.entries(wanted)) expect(kept[what], what).toEqual(points);
  };

  it('are a laptop’s, point for point, through Kafka and InfluxDB with each stage in a process of its own', () =>
    expectTheSame({ directory: records, names: NAMES }));

  const why = RECORDINGS === undefined ? ' (skipped: VIGIL_RECORDINGS is not set)' : '';
  it.skipIf(why !== '' && !process.env['CI'])(`are a laptop’s for real ECG, too${why}`, () => {
    if (RECORDINGS === undefined) throw new Error('VIGIL_RECORDINGS is not set');
    return expectTheSame({ directory: join(RECORDINGS, 'mitdb-ds1'), names: REAL });
  });
});
