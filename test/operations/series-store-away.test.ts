/**
 * Goal: while the series store is away alarms ring as ever, the recorder says so once, and afterwards nothing is missing.
 * Method: the embedded Vigil with a store that is taken away for as long as it takes an alarm to come, then given back.
 */
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import * as E from 'fp-ts/lib/Either.js';
import { describe, expect, it } from 'vitest';
import { MDC } from '../../schemas/codes.ts';
import { moment } from '../../schemas/units.ts';
import { openSqliteSeriesStore } from '../../services/adapters/embedded/sqlite-series-store.ts';
import { temporaryFolder } from '../recordings/made-record.ts';
import { answerHeartbeats, openConsole } from '../screens/console.ts';
import { freePort } from '../servers/free-port.ts';
import { influxQl, ownInfluxForTests } from '../servers/influx.ts';
import { FRAME_MS, MONITOR, monitor } from './monitor.ts';
import { runVigil, startVigil, type VigilProcess } from './vigil-process.ts';

const AWAY = 'the series store does not take writes; they are tried again, the log keeps them, and alarms do not wait';
/** Each kind of record is read by a reader of its own. */
const READERS = 4;

interface Store {
  readonly env: Readonly<Record<string, string>>;
  /** Which store it is, in the words of the message. */
  readonly called: string;
  readonly takeAway: () => Promise<void>;
  readonly giveBack: () => Promise<void>;
  /** Numbers of the monitor's saturation that it has. */
  readonly count: () => Promise<number>;
  readonly discard: () => Promise<void>;
}

const file = async (folder: string): Promise<Store> => {
  const path = join(folder, 'series.db');
  let other: DatabaseSync | undefined;
  return {
    env: {},
    called: `${path}: it is held by another writer`,
    takeAway: async () => {
      other = new DatabaseSync(path);
      other.exec('BEGIN IMMEDIATE');
    },
    giveBack: async () => other?.close(),
    count: async () => {
      const store = await openSqliteSeriesStore({ path });
      const range = { from: moment(0), to: moment(Date.now() * 1e3 + 3600e6) };
      const found = await store.numerics({ bed: MONITOR.bed, code: MDC.spo2, ...range })();
      await store.close();
      return E.isRight(found) ? found.right.filter(({ source }) => source === MONITOR.source).length : 0;
    },
    discard: async () => undefined,
  };
};

const influx = async (): Promise<Store | { readonly skipped: string }> => {
  const server = await ownInfluxForTests();
  if ('skipped' in server) return server;
  const env = { INFLUX_URL: server.url, INFLUX_DATABASE: 'vigil' };
  const made = await runVigil(['series'], env);
  if (made.code !== 0) throw new Error(made.said);
  return {
    env,
    called: new URL(server.url).host,
    takeAway: server.kill,
    giveBack: server.start,
    count: async () => {
      const asked = `SELECT count("value") FROM "raw"."numeric" WHERE "bed" = '${MONITOR.bed}' AND "code" = '${MDC.spo2}'`;
      const [series] = await influxQl(server.url, 'vigil', asked);
      return Number(series?.values[0]?.[1] ?? 0);
    },
    discard: server.stop,
  };
};

/** Sends at the pace of life until it is stopped. Answers how many frames the log has. */
const sendSteadily = (port: number): (() => Promise<number>) => {
  const send = monitor(port);
  let stopped = false;
  const sending = (async () => {
    let sequence = 0;
    while (!stopped) {
      const [{ status }] = await Promise.all([send(sequence + 1), new Promise((r) => setTimeout(r, FRAME_MS))]);
      if (status === 200) sequence++;
    }
    return sequence;
  })();
  return () => {
    stopped = true;
    return sending;
  };
};

const hearsAlarm = async (port: number): Promise<string> => {
  const nurse = await openConsole(`127.0.0.1:${port}/v1/live`);
  nurse.say({ type: 'hello' });
  void answerHeartbeats(nurse);
  const { bed } = await nurse.hears('alarms', ({ alarms }) =>
    alarms.some(({ condition }) => condition === 'spo2-desaturation'),
  );
  await nurse.close();
  return bed;
};

describe.each([
  { name: 'its file is held by another writer', open: file },
  { name: 'InfluxDB is dead', open: influx },
])('a series store that is away: $name', ({ open }) => {
  it('does not delay an alarm, is told once, and has everything when it is back', async ({ skip }) => {
    await using folder = await temporaryFolder();
    const store = await open(folder.path);
    if ('skipped' in store) return skip(store.skipped);
    const port = await freePort();
    const env = { VIGIL_DATA_DIR: folder.path, VIGIL_PORT: String(port), ...store.env };
    let vigil: VigilProcess | undefined;
    try {
      vigil = startVigil(['start', '--no-simulate'], env);
      await vigil.says(/Vigil is at/);
      await store.takeAway();
      const stopSending = sendSteadily(port);
      expect(await hearsAlarm(port)).toBe(MONITOR.bed);
      await vigil.says(new RegExp(AWAY));
      const told = vigil.troubles(AWAY);
      expect(told.length).toBeLessThanOrEqual(READERS);
      for (const { sentence } of told) expect(sentence).toContain(store.called);

      await store.giveBack();
      await vigil.says(/the series store takes writes again/);
      const kept = await stopSending();
      await expect.poll(store.count, { timeout: 30_000 }).toBe(kept);
      expect(vigil.troubles(AWAY).length).toBeLessThanOrEqual(READERS);
      expect(await vigil.stop()).toBe(0);
    } finally {
      await vigil?.stop();
      await store.discard();
    }
  });
});
