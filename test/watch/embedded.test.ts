/**
 * Goal: whatever breaks of a Vigil in one process shows in /healthz, in a metric and on a console within ten seconds, and
 * clears by itself.
 * Method: Vigil as its users start it, on its own files; another writer holds one of them, or a device is wished for that this
 * machine has not.
 */
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import * as E from 'fp-ts/lib/Either.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readConfig } from '../../services/config.ts';
import { runStages } from '../../services/start.ts';
import { vigil as commandLine } from '../cli/terminal.ts';
import { type StageProcess, stageProcess } from '../servers/stage-process.ts';
import {
  goneEverywhere,
  openWatcher,
  type Seen,
  sampleOf,
  seenEverywhere,
  stateOf,
  until,
  type Watcher,
} from './seen.ts';

const CLEARED_WITHIN_MS = 30_000;
let folder: string;
let vigil: StageProcess;
let watcher: Watcher;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'vigil-health-'));
  const env = {
    ...{ VIGIL_DATA_DIR: folder, VIGIL_PROVIDERS: 'cuda,cpu', VIGIL_LOG_LEVEL: 'warn' },
    // One: a second that finds no GPU either is a second onset.
    VIGIL_ANALYSIS_THREADS: '1',
  };
  vigil = await stageProcess({ words: ['start', '--simulate', '2'], env });
  await vigil.start();
  const { address } = vigil;
  await until('the screens have read the past', async () => (await stateOf(address, 'clock')) === 'ok', 30_000);
  watcher = await openWatcher(vigil.address);
}, 90_000);

afterAll(async () => {
  await watcher?.close();
  await vigil?.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** Another program that writes to a file of Vigil's and does not end. */
const holding = (file: string): (() => void) => {
  const other = new DatabaseSync(join(folder, file));
  other.exec('PRAGMA busy_timeout = 10000; BEGIN IMMEDIATE');
  return () => {
    other.exec('ROLLBACK');
    other.close();
  };
};

const tell = (what: string, seen: Seen, goneMs: number): void =>
  console.log(`${what}: ${JSON.stringify(seen)}, gone after ${goneMs} ms`);

describe('a Vigil in one process', () => {
  it('tells the figures of all its threads at one address', async () => {
    const { address } = vigil;
    for (const sample of [
      'vigil_frames_total{verdict="live"}',
      'vigil_stage_batches_total{stage="analysis"}',
      'vigil_stage_batches_total{stage="alarms"}',
      'vigil_series_points_total{kind="numerics"}',
      'vigil_inference_seconds_count',
    ])
      await until(sample, async () => ((await sampleOf(address, sample)) ?? 0) > 0, 30_000);
  });

  it('says that inference does not run on what was asked for, and who acknowledges it is signed', async () => {
    const sought = {
      ...{ address: vigil.address, watcher, condition: 'inference-fallback' },
      ...{ part: 'analysis+alarms-0/inference', states: ['degraded'] as const },
    };
    await seenEverywhere(sought);
    expect(watcher.alarm('inference-fallback')).toMatchObject({ priority: 'low', origin: 'technical', state: 'on' });
    expect(watcher.alarm('inference-fallback')?.text).toMatch(/cuda is not available/);
    expect(watcher.provider()).toBe('cpu (cuda not available)');
    watcher.acknowledge('inference-fallback', 'nurse R.');
    await until('it is acknowledged', () => watcher.alarm('inference-fallback')?.acknowledgedBy === 'nurse R.', 5_000);
  });

  it('says that the series store is held by another writer, and that it writes again', async () => {
    const sought = {
      ...{ address: vigil.address, watcher, condition: 'series-away' },
      ...{ part: 'recorder-0/series store', states: ['failed'] as const },
    };
    const release = holding('series.db');
    const seen = await seenEverywhere(sought).finally(release);
    tell('series store held', seen, await goneEverywhere(sought, CLEARED_WITHIN_MS));
  });

  it('says past its log that the log takes nothing, and keeps the outage in the history', async () => {
    const sought = {
      ...{ address: vigil.address, watcher, condition: 'log-away', part: 'log', states: ['failed'] as const },
    };
    const release = holding('log.db');
    const seen = await seenEverywhere(sought).finally(release);
    expect(watcher.alarm('log-away')).toBeUndefined();
    tell('log held', seen, await goneEverywhere(sought, CLEARED_WITHIN_MS));
    await until(
      'the outage is in the history',
      () => watcher.transitions().join().includes('log-away off → on,log-away on → off'),
      10_000,
    );
  });

  it('is asked from the command line: every part on a line, and an exit code', async () => {
    const well = await commandLine('health', '--url', `http://${vigil.address}`);
    expect(well.code).toBe(0);
    expect(well.out).toMatch(/^ok +front \/ log /m);
    expect(well.out).toMatch(/^degraded +analysis\+alarms-0 \/ inference .*cuda/m);
    expect(well.out).toMatch(/^ok +recorder-0 \/ series store /m);
    const own = await commandLine('health', '--own', '--url', `http://${vigil.address}`);
    expect(own.code).toBe(0);
    expect(own.out).not.toMatch(/recorder-0/);
    // One that takes connections and answers nothing: a health check must not wait longer than its container allows.
    const mute = createServer(() => undefined).listen(0, '127.0.0.1');
    await once(mute, 'listening');
    const { port } = mute.address() as AddressInfo;
    const began = performance.now();
    const hanging = await commandLine('health', '--url', `http://127.0.0.1:${port}`);
    expect(performance.now() - began).toBeLessThan(5_000);
    expect([hanging.code, hanging.side]).toEqual([1, expect.stringContaining('no answer for 3 s')]);
    mute.closeAllConnections();
    mute.close();
    const nobody = await commandLine('health', '--url', 'http://127.0.0.1:1');
    expect(nobody.code).toBe(1);
    expect(nobody.side).toMatch(/Nothing answers at http:\/\/127\.0\.0\.1:1\/healthz .* Is Vigil running there\?/);
  });

  it('names the setting to change when its port is taken', async () => {
    const { port } = new URL(`http://${vigil.address}`);
    const config = readConfig({ VIGIL_PORT: port, VIGIL_DATA_DIR: folder, VIGIL_LOG_LEVEL: 'silent' });
    if (E.isLeft(config)) throw new Error(config.left.join());
    await expect(runStages(config.right, ['recorder'], new AbortController().signal)).rejects.toThrow(
      /another program listens there\. Stages that share a machine need a port each\. Choose another VIGIL_PORT/,
    );
  });

  it('shares its beds among as many threads of analysis as are set', async () => {
    const place = mkdtempSync(join(tmpdir(), 'vigil-threads-'));
    const env = { VIGIL_DATA_DIR: place, VIGIL_ANALYSIS_THREADS: '2', VIGIL_LOG_LEVEL: 'warn' };
    const other = await stageProcess({ words: ['start', '--simulate', '8'], env });
    try {
      await other.start();
      for (const thread of ['analysis+alarms-0', 'analysis-2'])
        await until(thread, async () => (await stateOf(other.address, `${thread}/analysis stage`)) === 'ok', 30_000);
    } finally {
      await other.stop();
      rmSync(place, { recursive: true, force: true });
    }
  });
});
