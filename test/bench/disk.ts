/**
 * How much disk a bed needs: a simulated ward plays at the pace of life through the stages of a hospital (a real Kafka, and
 * InfluxDB with `--influx`) and then through the embedded Vigil, and what they keep is weighed.
 * `node test/bench/disk.ts --beds 8 --seconds 180 [--influx]`. Figures of minutes, told for a day.
 */
import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { topicNames } from '../../schemas/topics.ts';
import { startBroker } from '../containers/broker.ts';
import { composeFile } from '../containers/compose-file.ts';
import { runVigil, startVigil, type VigilProcess } from '../operations/vigil-process.ts';
import { freePort } from '../servers/free-port.ts';
import { startInflux } from '../servers/influx.ts';

const { values } = parseArgs({
  options: {
    beds: { type: 'string', default: '8' },
    seconds: { type: 'string', default: '180' },
    influx: { type: 'boolean', default: false },
  },
});
const beds = Number(values.beds);
const seconds = Number(values.seconds);
const DAY_S = 86_400;
const MB = 1e6;

const sizeOf = async (folder: string, which: (path: string) => boolean): Promise<number> => {
  const files = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = files.filter((each) => each.isFile()).map((each) => join(each.parentPath, each.name));
  const sizes = await Promise.all(paths.filter(which).map(async (path) => (await stat(path)).size));
  return sizes.reduce((sum, size) => sum + size, 0);
};

const tell = (what: string, bytes: number): void => {
  const perBedAndDay = (bytes / beds / seconds) * DAY_S;
  console.log(`| ${what} | ${(bytes / MB).toFixed(2)} MB | ${(perBedAndDay / MB).toFixed(1)} MB |`);
};

const play = async (port: number): Promise<void> => {
  const words = ['simulate', '--beds', String(beds), '--for', String(seconds), '--url', `ws://127.0.0.1:${port}`];
  const { code, said } = await runVigil(words, {});
  if (code !== 0) throw new Error(said);
};

const distributed = async (): Promise<void> => {
  const broker = await startBroker(composeFile().services['kafka']!);
  // What lies in memory is written out after seconds instead of minutes, so that it can be weighed.
  const data = ['cache-snapshot-write-cold-duration = "5s"'];
  const influxFolder = await mkdtemp(join(tmpdir(), 'vigil-disk-influx-'));
  const influx = values.influx ? await startInflux({ folder: influxFolder, data }) : undefined;
  const folder = await mkdtemp(join(tmpdir(), 'vigil-disk-'));
  const port = await freePort();
  const series = influx === undefined ? {} : { INFLUX_URL: influx.url, INFLUX_DATABASE: 'vigil' };
  const env = { KAFKA_BROKERS: broker.address, VIGIL_DATA_DIR: folder, VIGIL_LOG_LEVEL: 'warn', ...series };
  const running: VigilProcess[] = [];
  try {
    for (const words of influx === undefined ? [['topics']] : [['topics'], ['series']]) {
      const { code, said } = await runVigil(words, env);
      if (code !== 0) throw new Error(said);
    }
    for (const [stages, at] of [
      ['gateway screens', port],
      ['analysis', 0],
      ['alarms', 0],
      ['recorder', 0],
    ] as const) {
      const words = ['stage', ...stages.split(' ')];
      running.push(startVigil(words, { ...env, VIGIL_PORT: String(at === 0 ? await freePort() : at) }));
    }
    await Promise.all(running.map((each) => each.says(/Running: /)));
    await play(port);
    await Promise.all(running.map((each) => each.stop()));
    for (const topic of topicNames)
      tell(`Kafka ${topic}`, await sizeOf(broker.data, (path) => path.includes(`/${topic}-`) && path.endsWith('.log')));
    if (influx === undefined) return;
    await new Promise((resolve) => setTimeout(resolve, 30_000));
    for (const tier of ['raw', 'minutes', 'alarms'])
      tell(`InfluxDB vigil/${tier}`, await sizeOf(influxFolder, (path) => path.includes(`/vigil/${tier}/`)));
  } finally {
    for (const each of running) await each.stop();
    await influx?.stop();
    await broker.stop();
    for (const each of [folder, influxFolder]) await rm(each, { recursive: true, force: true });
  }
};

const embedded = async (): Promise<void> => {
  const folder = await mkdtemp(join(tmpdir(), 'vigil-disk-'));
  const port = await freePort();
  const env = { VIGIL_DATA_DIR: folder, VIGIL_PORT: String(port), VIGIL_LOG_LEVEL: 'warn' };
  const vigil = startVigil(['start', '--no-simulate'], env);
  try {
    await vigil.says(/Vigil is at/);
    await play(port);
    await vigil.stop();
    for (const name of ['log.db', 'series.db'])
      tell(`SQLite ${name}`, await sizeOf(folder, (path) => path.includes(`/${name}`)));
  } finally {
    await vigil.stop();
    await rm(folder, { recursive: true, force: true });
  }
};

console.log(`${beds} beds, ${seconds} s\n\n| what | kept | per bed and day |\n|---|---|---|`);
await distributed();
await embedded();
