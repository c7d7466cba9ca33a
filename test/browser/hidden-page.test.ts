/**
 * Goal: a console that nobody looks at rings as soon as one that is looked at.
 * Method: playwright's pages are never hidden, so what a browser does to the timers of a hidden page (Chromium: one beat a minute) is
 * done to them before the page begins. Sound is what the page asks of WebAudio. A bed whose first frame rings is sent when the page stands.
 */
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { MDC } from '../../schemas/codes.ts';
import { chromiumForTests } from '../servers/chromium.ts';
import { type Deployment, deployEmbedded } from '../servers/vigil.ts';

const WITHIN = { timeout: 10_000 };
const found = await chromiumForTests();

/** Runs in the page, before its own scripts. */
const slowDownTimers = (): void => {
  const { setInterval: usual } = window;
  const slow = (act: TimerHandler, ms?: number, ...given: unknown[]) => usual(act, Math.max(60_000, ms ?? 0), ...given);
  Object.assign(window, { setInterval: slow });
};
const countTones = (): void => {
  const { createOscillator } = AudioContext.prototype;
  Object.assign(window, { tones: 0 });
  AudioContext.prototype.createOscillator = function (this: AudioContext) {
    (window as unknown as { tones: number }).tones += 1;
    return createOscillator.call(this);
  };
};
const tones = (page: Page): Promise<number> => page.evaluate(() => (window as unknown as { tones: number }).tones);

describe.skipIf('skipped' in found)(
  `a console behind another tab${'skipped' in found ? ` (skipped: ${found.skipped})` : ''}`,
  () => {
    let browser: Browser;
    let vigil: Deployment;

    beforeAll(async () => {
      if ('skipped' in found) return;
      browser = found.browser;
      vigil = await deployEmbedded();
    });
    afterAll(async () => {
      await browser?.close();
      await vigil?.stop();
    });

    /** A page with its sound enabled, as a nurse leaves it. */
    const leftAlone = async (prepare: (page: Page) => Promise<unknown>): Promise<Page> => {
      const page = await browser.newPage();
      await page.addInitScript(countTones);
      await prepare(page);
      await page.goto(`http://${vigil.url}/`);
      await page.getByRole('button', { name: /sound is off/i }).click();
      await page.getByText('Sound on').waitFor();
      return page;
    };
    const desaturate = async (bed: string): Promise<void> => {
      const now = Date.now() * 1e3;
      const numerics = [{ code: MDC.spo2, unit: '%', atUs: now, value: 70 }];
      const frame = { bed, source: bed, sequence: 1, deviceTimeUs: now, numerics };
      const headers = { 'content-type': 'application/json' };
      await fetch(`http://${vigil.url}/v1/telemetry`, { method: 'POST', headers, body: JSON.stringify(frame) });
    };
    const red = (bed: string): string => `[data-alarm-bed="${bed}"][data-condition="spo2-desaturation"]`;

    it('rings for a bed whose first frame is beyond a red limit, however slow the page’s timers are', async () => {
      const page = await leftAlone((one) => one.addInitScript(slowDownTimers));
      await desaturate('icu-01');
      await page.locator(red('icu-01')).waitFor(WITHIN);
      await expect.poll(() => tones(page), WITHIN).toBeGreaterThan(0);
      await page.close();
    });

    it('rings by the page’s own timers where the worker that keeps the pace does not come', async () => {
      const page = await leftAlone((one) => one.route('**/pace-worker*', (route) => route.abort()));
      await desaturate('icu-02');
      await page.locator(red('icu-02')).waitFor(WITHIN);
      await expect.poll(() => tones(page), WITHIN).toBeGreaterThan(0);
      await page.close();
    });

    it('says, and sounds, that the line is lost', async () => {
      const page = await leftAlone((one) => one.addInitScript(slowDownTimers));
      await vigil.stop();
      await page.locator('[data-banner="lost"]').waitFor(WITHIN);
      const before = await tones(page);
      await expect.poll(() => tones(page), WITHIN).toBeGreaterThan(before);
    });
  },
);
