/**
 * npm run bench:paint -- [--beds N] [--seconds S] [--sizes 1920x1080,1280x800] [--starts K] [--trace FILE.json]
 *
 * What a nurse's screen does with a whole ward: a simulated ward in real time, Vigil and a real Chromium, headless and
 * without a GPU, so that every pixel is drawn by the CPU, on the same cores. Frames: callbacks of requestAnimationFrame in
 * the page, each of which paints what has come of all traces. Starts: from the begin of the navigation, in a browser that
 * runs but has nothing of the page kept, until the first text or picture (first contentful paint), until every bed has its
 * tile, until the first trace moves. `--trace` also writes what Chromium's profiler saw of the first size.
 */
import { availableParallelism, cpus } from 'node:os';
import { parseArgs } from 'node:util';
import type { Browser, Page } from 'playwright-core';
import { machineUse } from '../bench/cpu-share.ts';
import { chromiumForTests } from '../servers/chromium.ts';
import { deployEmbedded, startVigil, stopAll, usageOf } from '../servers/vigil.ts';
import { frameFigures, median, type StartFigures, watchStart } from './paint-figures.ts';

const { values } = parseArgs({
  options: {
    beds: { type: 'string', default: '32' },
    seconds: { type: 'string', default: '20' },
    sizes: { type: 'string', default: '1920x1080,1280x800' },
    starts: { type: 'string', default: '5' },
    trace: { type: 'string' },
  },
});
const [beds, lengthS, starts] = [Number(values.beds), Number(values.seconds), Number(values.starts)];
const sizes = values.sizes.split(',').map((size) => {
  const [width, height] = size.split('x').map(Number);
  return { width: width ?? 0, height: height ?? 0 };
});
const isCount = (count: number): boolean => Number.isInteger(count) && count > 0;
if (![beds, lengthS, starts, ...sizes.flatMap(({ width, height }) => [width, height])].every(isCount)) {
  console.error(
    'usage: npm run bench:paint -- [--beds N] [--seconds S] [--sizes WIDTHxHEIGHT,…] [--starts K] [--trace FILE.json]',
  );
  process.exit(2);
}

/** Promised of 32 beds on a plain PC. */
const PROMISED = { framesPerS: 30, startMs: 2_000 };
/** For filters, networks, the browser's compiler, and NEWS2, which is said once a minute. */
const WARM_UP_MS = 20_000;
const SETTLE_MS = 5_000;

/** Printed at the end, together: the simulator tells how it does in between. */
const table: string[] = [];
const row = (name: string, value: string): void => void table.push(`${name.padEnd(46)}${value}`);

/** CPU seconds of the browser's processes by kind, since each began. */
const cpuOf = async (browser: Browser): Promise<ReadonlyMap<string, number>> => {
  const session = await browser.newBrowserCDPSession();
  const { processInfo } = await session.send('SystemInfo.getProcessInfo');
  await session.detach();
  const sums = new Map<string, number>();
  for (const { type, cpuTime } of processInfo) sums.set(type, (sums.get(type) ?? 0) + cpuTime);
  return sums;
};

const openWard = async (browser: Browser, url: string, size: { width: number; height: number }): Promise<Page> => {
  const page = await browser.newPage({ viewport: size });
  await page.goto(url);
  await page.waitForFunction((wanted) => document.querySelectorAll('.tile [data-strip]').length >= wanted, beds, {
    timeout: 120_000,
  });
  return page;
};

/** Moments (ms) of the page's animation frames for so long. */
const framesOf = (page: Page, lengthMs: number): Promise<number[]> =>
  page.evaluate(
    (wantedMs) =>
      new Promise<number[]>((done) => {
        const atMs: number[] = [];
        const look = (nowMs: number): void => {
          atMs.push(nowMs);
          if (nowMs - atMs[0]! < wantedMs) requestAnimationFrame(look);
          else done(atMs);
        };
        requestAnimationFrame(look);
      }),
    lengthMs,
  );

const startOf = async (browser: Browser, url: string): Promise<StartFigures> => {
  const context = await browser.newContext({ viewport: sizes[0]! });
  const page = await context.newPage();
  await page.addInitScript(watchStart, beds);
  await page.goto(url);
  await page.waitForFunction(() => window.startFigures?.movesMs !== undefined, undefined, { timeout: 120_000 });
  const figures = await page.evaluate(() => ({
    tilesMs: window.startFigures!.tilesMs,
    movesMs: window.startFigures!.movesMs!,
    paintMs: performance.getEntriesByName('first-contentful-paint')[0]!.startTime,
  }));
  await context.close();
  return figures;
};

const found = await chromiumForTests();
if ('skipped' in found) throw new Error(found.skipped);
const { browser } = found;
const vigil = await deployEmbedded();
const ward = startVigil('ward', ['simulate', '--beds', String(beds), '--url', `ws://${vigil.url}`], {});
const url = `http://${vigil.url}/`;
try {
  row('machine', `${availableParallelism()} x ${cpus()[0]?.model ?? 'unknown'}, Node ${process.versions.node}`);
  row('browser', `Chromium ${browser.version()}, headless, no GPU`);
  const first = await openWard(browser, url, sizes[0]!);
  await first.waitForTimeout(WARM_UP_MS);
  await first.close();
  for (const [i, size] of sizes.entries()) {
    const page = await openWard(browser, url, size);
    await page.waitForTimeout(SETTLE_MS);
    if (i === 0 && values.trace !== undefined) await browser.startTracing(page, { path: values.trace });
    const [cpuBefore, machineBefore, beganMs] = [await cpuOf(browser), machineUse(), Date.now()];
    const vigilBefore = usageOf(vigil.processes[0]!.pid).cpuS + usageOf(ward.pid!).cpuS;
    const figures = frameFigures(await framesOf(page, lengthS * 1e3));
    const spentS = (Date.now() - beganMs) / 1e3;
    const vigilS = usageOf(vigil.processes[0]!.pid).cpuS + usageOf(ward.pid!).cpuS - vigilBefore;
    const [cpuAfter, machine] = [await cpuOf(browser), machineUse()];
    if (i === 0 && values.trace !== undefined) await browser.stopTracing();
    const shown = await page.evaluate(() => ({
      traces: document.querySelectorAll('.tile [data-strip]').length,
      numbers: document.querySelectorAll('.tile [data-reading][data-live="true"]').length,
      alarms: document.querySelectorAll('.panel [data-alarm]').length,
    }));
    const cores = (kind: string): string =>
      (((cpuAfter.get(kind) ?? 0) - (cpuBefore.get(kind) ?? 0)) / spentS).toFixed(2);
    table.push('', `${beds} beds at ${size.width} x ${size.height}, ${lengthS} s`);
    row('  traces, live numbers, alarms shown', `${shown.traces}, ${shown.numbers}, ${shown.alarms}`);
    row(`  frames/s, mean (promised >= ${PROMISED.framesPerS})`, figures.perS.toFixed(1));
    row(
      '  gap p50 / p99 / longest, ms',
      [figures.gapP50Ms, figures.gapP99Ms, figures.gapMaxMs].map(Math.round).join(' / '),
    );
    row(
      `  seconds with less than ${PROMISED.framesPerS} frames`,
      `${figures.inSecond.filter((count) => count < PROMISED.framesPerS).length} of ${figures.inSecond.length}, fewest ${Math.min(...figures.inSecond)}`,
    );
    row('  cores: page, drawing process, browser', `${cores('renderer')}, ${cores('GPU')}, ${cores('browser')}`);
    row('  cores: Vigil and the simulator', (vigilS / spentS).toFixed(2));
    const allS = machine.allS - machineBefore.allS;
    const share = (s: number): string => `${Math.round((100 * s) / allS)} %`;
    row(
      '  machine idle, stolen',
      `${share(machine.idleS - machineBefore.idleS)}, ${share(machine.stolenS - machineBefore.stolenS)}`,
    );
    await page.close();
  }
  const begun: StartFigures[] = [];
  for (let i = 0; i < starts; i++) begun.push(await startOf(browser, url));
  table.push(
    '',
    `cold starts of the page at ${sizes[0]!.width} x ${sizes[0]!.height}, median of ${starts} (longest), ms`,
  );
  const startRow = (name: string, of: (figures: StartFigures) => number): void => {
    const all = begun.map(of);
    row(name, `${Math.round(median(all))} (${Math.round(Math.max(...all))})`);
  };
  startRow(`  first contentful paint (promised < ${PROMISED.startMs})`, ({ paintMs }) => paintMs);
  startRow('  every bed has its tile', ({ tilesMs }) => tilesMs);
  startRow('  first trace moves', ({ movesMs }) => movesMs);
} finally {
  await browser.close();
  await stopAll([ward]);
  await vigil.stop();
}
console.log(table.join('\n'));
