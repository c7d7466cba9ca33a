/**
 * Goal: a console that nobody looks at, or whose machine slept, rings and tells as one that is looked at.
 * Method: playwright's pages are never hidden, so what a browser does to the timers of a hidden page (Chromium: one beat a minute) is
 * done to them before the page begins; in the same way its wall clock goes on while the monotonic one stands still. Sound is what the page
 * asks of WebAudio. A bed whose first frame rings is sent when the page stands.
 */
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { MDC } from '../../schemas/codes.ts';
import { chromiumForTests } from '../servers/chromium.ts';
import { type Deployment, deployEmbedded } from '../servers/vigil.ts';
import { countTones, tones } from './tones.ts';

const WITHIN = { timeout: 10_000 };
const found = await chromiumForTests();

/** Runs in the page, before its own scripts. */
const slowDownTimers = (): void => {
  const { setInterval: usual } = window;
  const slow = (act: TimerHandler, ms?: number, ...given: unknown[]) => usual(act, Math.max(60_000, ms ?? 0), ...given);
  Object.assign(window, { setInterval: slow });
};

describe.skipIf('skipped' in found)(
  `a console left alone${'skipped' in found ? ` (skipped: ${found.skipped})` : ''}`,
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
    /** One frame for each value, sent together. */
    const saturation = async (bed: string, ...values: readonly number[]): Promise<void> => {
      const frames = values.map((value, i) => {
        const atUs = Date.now() * 1e3 + i;
        return {
          bed,
          source: bed,
          sequence: i + 1,
          deviceTimeUs: atUs,
          numerics: [{ code: MDC.spo2, unit: '%', atUs, value }],
        };
      });
      const headers = { 'content-type': 'application/x-ndjson' };
      const body = frames.map((frame) => JSON.stringify(frame)).join('\n');
      await fetch(`http://${vigil.url}/v1/telemetry`, { method: 'POST', headers, body });
    };
    const red = (bed: string): string => `[data-alarm-bed="${bed}"][data-condition="spo2-desaturation"]`;

    it('sounds a red alarm that was over at once, and lets the nurse hear that it can sound', async () => {
      // Before any other bed rings: five pulses and five for a red alarm, one for the test.
      const page = await leftAlone((one) => one.addInitScript(slowDownTimers));
      expect(await tones(page)).toBe(1);
      await page.getByRole('button', { name: /sound on.*hear a test tone/i }).click();
      await expect.poll(() => tones(page), WITHIN).toBe(2);
      await saturation('icu-00', 70, 97);
      await page.locator(`${red('icu-00')}[data-state="latched"]`).waitFor(WITHIN);
      expect(await tones(page)).toBeGreaterThanOrEqual(12);
      await page.close();
    });

    it('rings for a bed whose first frame is beyond a red limit, however slow the page’s timers are', async () => {
      const page = await leftAlone((one) => one.addInitScript(slowDownTimers));
      await saturation('icu-01', 70);
      await page.locator(red('icu-01')).waitFor(WITHIN);
      await expect.poll(() => tones(page), WITHIN).toBeGreaterThan(0);
      await page.close();
    });

    it('rings by the page’s own timers where the worker that keeps the pace does not come', async () => {
      const page = await leftAlone((one) => one.route('**/pace-worker*', (route) => route.abort()));
      await saturation('icu-02', 70);
      await page.locator(red('icu-02')).waitFor(WITHIN);
      await expect.poll(() => tones(page), WITHIN).toBeGreaterThan(0);
      await page.close();
    });

    // These three at the same time, each with a page of its own: most of it is waiting.
    it.concurrent('asks for its sound again when something took it away', async ({ expect }) => {
      const keepContexts = (): void => {
        const { createPeriodicWave } = AudioContext.prototype;
        AudioContext.prototype.createPeriodicWave = function (this: AudioContext, ...given) {
          Object.assign(window, { kept: this });
          return createPeriodicWave.apply(this, given);
        };
      };
      const page = await leftAlone((one) => one.addInitScript(keepContexts));
      const state = (): Promise<string> =>
        page.evaluate(() => (window as unknown as { kept: AudioContext }).kept.state);
      // As a tablet does that is locked, or a call that comes in.
      await page.evaluate(() => (window as unknown as { kept: AudioContext }).kept.suspend());
      await expect.poll(state, WITHIN).toBe('running');
      await page.getByText('Sound on').waitFor(WITHIN);
      await page.close();
    });

    it.concurrent('begins its line anew when the machine has slept', async () => {
      const page = await leftAlone(async () => undefined);
      const anew = page.waitForEvent('websocket');
      await page.evaluate(() => {
        const { now } = Date;
        Date.now = () => now() + 8 * 3_600e3;
      });
      await anew;
      await page.locator('[data-link="Live"]').first().waitFor(WITHIN);
      await page.close();
    });

    it.concurrent('says so when the page itself fails, and begins anew', async ({ expect }) => {
      let breaks = false;
      const page = await leftAlone((one) =>
        one.routeWebSocket('**/v1/live', (ws) => {
          const server = ws.connectToServer();
          server.onMessage((message) => {
            const text = String(message);
            ws.send(
              breaks && text.startsWith('{"type":"bed"')
                ? text.replace(/"numerics":\[/, '"numerics":null,"x":[')
                : message,
            );
          });
        }),
      );
      breaks = true;
      // Vigil is away meanwhile: the browser's own page for that must not take the place of what is said.
      const isPage = ({ pathname }: URL): boolean => pathname === '/';
      await page.route(isPage, (route) => route.abort());
      const asked = page.waitForEvent('requestfailed', WITHIN);
      await saturation('icu-03', 97);
      await page.getByText('THIS SCREEN HAS FAILED').waitFor(WITHIN);
      breaks = false;
      await asked;
      expect(await page.getByText('THIS SCREEN HAS FAILED').count()).toBe(1);
      await page.unroute(isPage);
      await page.locator('[data-bed="icu-03"]').waitFor(WITHIN);
      expect(await page.getByText('THIS SCREEN HAS FAILED').count()).toBe(0);
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
