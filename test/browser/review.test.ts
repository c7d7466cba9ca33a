/**
 * Goal: who looks back measures what was there, by mouse and by keyboard, and gets from event to event.
 * Method: Vigil runs as its users start it; one monitor tells ten seconds of an ECG of which every sample is known, with an R wave of 1.2 mV every
 * 800 ms, and then a saturation that rings.
 */
import AxeBuilder from 'axe-core';
import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { MDC } from '../../schemas/codes.ts';
import { chromiumForTests } from '../servers/chromium.ts';
import { type Deployment, deployEmbedded } from '../servers/vigil.ts';

const found = await chromiumForTests();

const BED = 'icu-01';
const RATE = 250;
const STEP_US = 1e6 / RATE;
const APART = 200;
const GAIN = 0.005;
const SECONDS = 10;

/** A flat line with an R wave of one sample at every 200th. */
const samples = Int16Array.from({ length: SECONDS * RATE }, (_, i) => (i % APART === 0 ? 1.2 / GAIN : 0));

const tell = async (url: string, startUs: number): Promise<void> => {
  const deviceTimeUs = startUs + SECONDS * 1e6;
  const frame = {
    ...{ bed: BED, source: 'monitor-1', sequence: 1, deviceTimeUs },
    waveforms: [
      {
        ...{ code: MDC.ecgII, unit: 'mV', gain: GAIN, startUs, rateNumerator: RATE, rateDenominator: 1 },
        samples: Buffer.from(samples.buffer).toString('base64'),
      },
    ],
    numerics: [{ code: MDC.spo2, unit: '%', atUs: deviceTimeUs, value: 70 }],
  };
  const headers = { 'content-type': 'application/json' };
  const answer = await fetch(`http://${url}/v1/telemetry`, { method: 'POST', headers, body: JSON.stringify(frame) });
  if (!answer.ok) throw new Error(await answer.text());
};

describe.skipIf('skipped' in found)(
  `the review of a bed${'skipped' in found ? ` (skipped: ${found.skipped})` : ''}`,
  () => {
    let browser: Browser;
    let vigil: Deployment;
    let page: Page;
    let startUs = 0;

    beforeAll(async () => {
      if ('skipped' in found) return;
      browser = found.browser;
      vigil = await deployEmbedded();
      // A clock that is seconds wrong would be laid on the gateway's, and the waves with it.
      startUs = (Date.now() - SECONDS * 1e3) * 1e3;
      await tell(vigil.url, startUs);
      page = await browser.newPage({ viewport: { width: 1366, height: 768 } });
    });

    afterAll(async () => {
      await browser?.close();
      await vigil?.stop();
    });

    it('shows the waves of a moment, and the alarm that they ended with', async () => {
      const open = async (): Promise<string> => {
        await page.goto(`http://${vigil.url}/review.html#bed=${BED}&at=${startUs + 5e6}`);
        await page.reload();
        await page.locator('main[data-state="There"]').waitFor();
        return page.locator('body').innerText();
      };
      await expect.poll(open, { timeout: 30_000, interval: 500 }).toMatch(/\bII\b.*middle 0\.00 mV[\s\S]*SpO₂ 70/);
    });

    const caliper = (name: 'A' | 'B'): Locator => page.locator(`[data-caliper="${name}"]`);
    const usOf = async (name: 'A' | 'B'): Promise<number> => Number(await caliper(name).getAttribute('data-us'));
    /** Brings a line to a sample, as a reader does: near it by the mouse, onto it by the keys. */
    const bring = async (name: 'A' | 'B', sample: number): Promise<number> => {
      const wantedUs = startUs + sample * STEP_US;
      const grip = caliper(name).locator('span');
      const box = (await grip.boundingBox())!;
      const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
      const pxPerUs = (25 * 96) / 25.4 / 1e6;
      await page.mouse.move(x, y);
      await page.mouse.down();
      await page.mouse.move(x + (wantedUs - (await usOf(name))) * pxPerUs, y, { steps: 4 });
      await page.mouse.up();
      const missedBy = Math.round((wantedUs - (await usOf(name))) / STEP_US);
      for (let i = 0; i < Math.abs(missedBy); i++) await page.keyboard.press(missedBy > 0 ? 'ArrowRight' : 'ArrowLeft');
      return Math.abs(missedBy);
    };

    it('measures an interval of 800 ms as 800 ms, 75 a minute, and an R wave of 1.2 mV as 1.2 mV', async () => {
      // A pixel of the paper at 25 mm/s is two and a half samples.
      expect(await bring('A', 5 * APART)).toBeLessThanOrEqual(3);
      expect(await bring('B', 6 * APART)).toBeLessThanOrEqual(3);
      expect(await page.locator('[data-interval]').innerText()).toBe('800 ms');
      expect(await page.locator('[data-rate]').innerText()).toBe('75.0 /min');
      expect(await page.locator('[data-amplitude]').innerText()).toBe('II +0.000 mV');
      await caliper('B').press('ArrowLeft');
      expect(await page.locator('[data-interval]').innerText()).toBe('796 ms');
      expect(await page.locator('[data-amplitude]').innerText()).toBe('II −1.200 mV');
      await page.locator('.paper').evaluate((paper) => paper.scrollTo({ left: 0 }));
      expect(await usOf('A')).toBeGreaterThan(startUs);
      await page.getByRole('button', { name: 'Bring the calipers here' }).click();
      await expect.poll(() => usOf('A')).toBeLessThan(startUs);
    });

    it('shows what is newest by Vigil’s clock, on a computer whose own is days wrong too', async () => {
      const wrong = await browser.newPage();
      await wrong.clock.setSystemTime(Date.now() - 5 * 86_400e3);
      await wrong.goto(`http://${vigil.url}/review.html#bed=${BED}`);
      const lookedAt = wrong.locator('[data-looked-at]');
      await lookedAt.waitFor();
      expect(Number(await lookedAt.getAttribute('data-looked-at'))).toBeGreaterThan(startUs - 60e6);
      await wrong.close();
    });

    it('says that nothing is filtered, and that it is not live', async () => {
      expect(await page.locator('.readout').innerText()).toMatch(/25 mm\/s · 10 mm\/mV · as recorded, no filter/);
      expect(await page.locator('header').innerText()).toMatch(/not live/i);
    });

    it('goes to an event from the keyboard, and hides a kind that nobody wants', async () => {
      const before = await page.locator('[data-looked-at]').getAttribute('data-looked-at');
      await page.locator('[role="listbox"]').press('End');
      await expect.poll(() => page.locator('[data-looked-at]').getAttribute('data-looked-at')).not.toBe(before);
      await page.locator('main[data-state="There"]').waitFor();
      expect(await page.locator('[role="option"][aria-selected="true"]').count()).toBe(1);
      const kind = page.locator('[data-kind="alarm spo2-desaturation"]');
      await kind.uncheck();
      expect(await page.locator('[data-event="spo2-desaturation"]').count()).toBe(0);
      await kind.check();
      await page.goBack();
      await expect.poll(() => page.locator('[data-looked-at]').getAttribute('data-looked-at')).toBe(before);
    });

    it('looks over the day, and goes from there to a moment by press and by key', async () => {
      const day = page.locator('canvas[data-overview="There"]');
      await day.waitFor();
      const lookedAt = async (): Promise<number> =>
        Number(await page.locator('[data-looked-at]').getAttribute('data-looked-at'));
      const { width, height } = (await day.boundingBox())!;
      await day.click({ position: { x: width / 2, y: height / 2 } });
      await expect.poll(lookedAt).toBeLessThan(startUs - 11 * 3_600e6);
      const before = await lookedAt();
      await day.press('PageUp');
      await expect.poll(lookedAt).toBeCloseTo(before + 3_600e6, -3);
      await expect.poll(() => page.locator('.nothing').innerText()).toMatch(/No waves of this minute are kept/);
      // Where there is nothing to measure nothing is told as measured.
      expect(await page.locator('[data-measured]').count()).toBe(0);
      for (let steps = 0; steps < 2; steps++) await page.goBack();
      await expect.poll(lookedAt).toBe(startUs + 5e6);
    });

    it('is led to from an open bed, and has no accessibility fault that axe can find', async () => {
      await page.locator('main[data-state="There"] .paper').waitFor();
      await page.evaluate(AxeBuilder.source);
      const faults = await page.evaluate(async () => {
        const axe = (window as unknown as { axe: typeof AxeBuilder }).axe;
        const { violations } = await axe.run(document, { runOnly: ['wcag2a', 'wcag2aa'] });
        return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 120)).join(' | ')}`);
      });
      expect(faults).toEqual([]);
      await page.goto(`http://${vigil.url}/#bed=${BED}`);
      const link = page.locator(`main[data-open="${BED}"]`).getByRole('link', { name: 'Review' });
      expect(await link.getAttribute('href')).toBe(`review.html#bed=${BED}`);
    });
  },
);
