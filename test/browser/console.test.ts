/**
 * Goal: what a nurse sees of an alarm is true, in a real browser on a real Vigil.
 * Method: Vigil runs as its users start it; one simulated bed is played through the public gateway in real time and its SpO₂
 * falls when the test says so. The page is watched from inside (a MutationObserver), on the same clock as the sender.
 */
import AxeBuilder from 'axe-core';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { MDC } from '../../schemas/codes.ts';
import { encodeTelemetry } from '../../schemas/telemetry.ts';
import { moment } from '../../schemas/units.ts';
import { type FrameSender, makeFrameSender } from '../../services/sender/frame-sender.ts';
import { simulatedBed } from '../../services/simulate/simulated-bed.ts';
import { simulatedWard } from '../../services/simulate/ward.ts';
import { chromiumForTests } from '../servers/chromium.ts';
import { type Deployment, deployEmbedded } from '../servers/vigil.ts';
import { answer, ask } from './question.ts';

const FRAME_MS = 250;
const found = await chromiumForTests();

interface PlayedBed {
  readonly bed: string;
  /** From the next frame on. Resolves with the moment (ms) at which that decisive frame was sent. */
  readonly spo2: (percent: number) => Promise<number>;
  readonly stop: () => void;
}

/** One quiet bed in real time; its saturation is the test's to choose. */
const playBed = (url: string): PlayedBed => {
  const [settings] = simulatedWard({
    beds: 1,
    seed: 3,
    start: moment(Date.now() * 1e3),
    frameMs: FRAME_MS,
    episodes: false,
  });
  const { start, step } = simulatedBed({ ...settings!, bed: 'icu-01', source: 'monitor-1' });
  const sender: FrameSender = makeFrameSender({ url });
  let [memory, percent] = [start, 97];
  let told: ((sentMs: number) => void) | undefined;
  const timer = setInterval(() => {
    const [after, frames] = step(memory, moment(Date.now() * 1e3));
    memory = after;
    for (const { telemetry } of frames) {
      if (telemetry === undefined) continue;
      const others = telemetry.numerics.filter(({ code }) => code !== MDC.spo2);
      const atUs = telemetry.deviceTimeUs - FRAME_MS * 1e3;
      const reading = { case: 'value' as const, value: percent };
      const numerics = [
        ...others,
        { $typeName: 'vigil.v1.Numeric' as const, code: MDC.spo2, unit: '%', atUs, reading },
      ];
      sender.send(encodeTelemetry({ ...telemetry, numerics }));
      told?.(Date.now());
      told = undefined;
    }
  }, 10);
  return {
    bed: 'icu-01',
    spo2: (value) => {
      percent = value;
      const { promise, resolve } = Promise.withResolvers<number>();
      told = resolve;
      return promise;
    },
    stop: () => {
      clearInterval(timer);
      sender.close();
    },
  };
};

/** Notes in the page when something first matches a selector; survives no reload. */
const noteFirst = (page: Page, selector: string): Promise<void> =>
  page.evaluate((wanted) => {
    const notes = window as unknown as { firstSeenMs?: number };
    const look = (): void => {
      if (notes.firstSeenMs === undefined && document.querySelector(wanted) !== null) notes.firstSeenMs = Date.now();
    };
    new MutationObserver(look).observe(document.body, { subtree: true, childList: true, attributes: true });
    look();
  }, selector);

const DESATURATION = '[data-alarm*="/spo2-desaturation/"]';

describe.skipIf('skipped' in found)(
  `the console in a real browser${'skipped' in found ? ` (skipped: ${found.skipped})` : ''}`,
  () => {
    let browser: Browser;
    let vigil: Deployment;
    let played: PlayedBed;
    let page: Page;

    beforeAll(async () => {
      if ('skipped' in found) return;
      browser = found.browser;
      vigil = await deployEmbedded({ VIGIL_GRAFANA_URL: 'http://grafana.example:3000/' });
      played = playBed(`ws://${vigil.url}`);
      page = await browser.newPage({ viewport: { width: 1366, height: 768 } });
      await page.goto(`http://${vigil.url}/`);
      await page.locator('[data-bed="icu-01"]').waitFor();
    });

    afterAll(async () => {
      played?.stop();
      await browser?.close();
      await vigil?.stop();
    });

    const tick = () =>
      page
        .locator('[data-bed="icu-01"]')
        .getByRole('button', { name: /acknowledge/i })
        .first();

    it('shows the bed living, with its numbers and what the page is not', async () => {
      const tile = page.locator('[data-bed="icu-01"]');
      await expect.poll(() => tile.innerText(), { timeout: 20_000 }).toMatch(/97/);
      await expect.poll(() => tile.innerText(), { timeout: 20_000 }).toMatch(/HR\s+(now\s+)?\d{2}/i);
      expect(await page.locator('body').innerText()).toMatch(/Not a cleared medical device/);
    });

    it('shows an alarm at most a second after its decisive frame, latched when it ended unseen, and still after a reload', async () => {
      await noteFirst(page, `${DESATURATION}[data-state="on"]`);
      const sentMs = await played.spo2(70);
      await page.locator(`${DESATURATION}[data-state="on"]`).waitFor();
      const seenMs = await page.evaluate(() => (window as unknown as { firstSeenMs: number }).firstSeenMs);
      expect(seenMs - sentMs).toBeLessThanOrEqual(1_000);
      await played.spo2(97);
      await page.locator(`${DESATURATION}[data-state="latched"]`).waitFor();
      await page.reload();
      await page.locator(`${DESATURATION}[data-state="latched"]`).waitFor();
      await ask(tick());
      await page.locator('input[name="nurse"]').fill('Nurse Test');
      await answer(page.locator('dialog'));
      await page.locator(DESATURATION).waitFor({ state: 'detached' });
    });

    it('keeps an acknowledged alarm in sight while its condition lasts, also over a reload', async () => {
      await played.spo2(68);
      await page.locator(`${DESATURATION}[data-state="on"]`).waitFor();
      await ask(tick());
      await answer(page.locator('dialog'));
      await page.locator(`${DESATURATION}[data-state="acknowledged"]`).waitFor();
      await page.reload();
      await page.locator(`${DESATURATION}[data-state="acknowledged"]`).waitFor();
      await played.spo2(97);
      await page.locator(DESATURATION).waitFor({ state: 'detached' });
    });

    it('is not acknowledged by the key that opened the question and was held too long', async () => {
      await played.spo2(68);
      await page.locator(`${DESATURATION}[data-state="on"]`).waitFor();
      await tick().focus();
      await page.keyboard.down('Enter');
      const confirm = page.locator('dialog').getByRole('button', { name: 'Acknowledge' });
      await confirm.waitFor();
      for (let repeats = 0; repeats < 5; repeats++) await page.keyboard.down('Enter');
      await page.keyboard.up('Enter');
      expect(await confirm.isVisible()).toBe(true);
      await page.keyboard.press('Enter');
      await page.locator(`${DESATURATION}[data-state="acknowledged"]`).waitFor();
      await played.spo2(97);
      await page.locator(DESATURATION).waitFor({ state: 'detached' });
    });

    it('does not acknowledge what came back while the question stood open, and says so', async () => {
      const confirm = page.locator('dialog').getByRole('button', { name: 'Acknowledge' });
      const on = page.locator(`${DESATURATION}[data-state="on"]`);
      await played.spo2(68);
      await on.waitFor();
      await ask(tick());
      await confirm.waitFor();
      await played.spo2(97);
      await page.locator(`${DESATURATION}[data-state="latched"]`).waitFor();
      await played.spo2(68);
      await on.waitFor();
      await answer(page.locator('dialog'));
      await page
        .locator('.notice[data-good="false"]')
        .getByText(/come back since.*look again/i)
        .waitFor();
      expect(await on.count()).toBe(1);
      await page.locator('.notice').getByRole('button').first().click();
      await ask(tick());
      await answer(page.locator('dialog'));
      await page.locator(`${DESATURATION}[data-state="acknowledged"]`).waitFor();
      await page.locator('[data-bed="icu-01"] .tile-name').click();
      const history = page.locator('main[data-open="icu-01"] .history');
      expect(await history.innerText()).toMatch(/still active\s+Nurse Test\s+not acknowledged, it has come back since/);
      await played.spo2(97);
      await page.locator(DESATURATION).waitFor({ state: 'detached' });
    });

    it('does not silence a red alarm that came while the question for a pause stood open', async () => {
      const open = page.locator('main[data-open="icu-01"]');
      await ask(open.getByRole('button', { name: 'Pause audio' }));
      await page.locator('dialog[data-ask="pause-audio"]').waitFor();
      await played.spo2(68);
      await page.locator(`${DESATURATION}[data-state="on"]`).waitFor();
      await answer(page.locator('dialog'));
      await open.getByRole('button', { name: /resume audio/i }).waitFor();
      expect(await page.locator(`${DESATURATION}[data-state="on"]`).count()).toBe(1);
      await ask(open.getByRole('button', { name: /resume audio/i }));
      await answer(page.locator('dialog'));
      await open.getByRole('button', { name: 'Pause audio' }).waitFor();
      await ask(page.locator('[data-bed-alarm]').getByRole('button', { name: 'Acknowledge' }).first());
      await answer(page.locator('dialog'));
      await played.spo2(97);
      await page.locator(DESATURATION).waitFor({ state: 'detached' });
      await page.keyboard.press('Escape');
    });

    it('has no accessibility fault that axe can find', async () => {
      await page.evaluate(AxeBuilder.source);
      const faults = await page.evaluate(async () => {
        const axe = (window as unknown as { axe: typeof AxeBuilder }).axe;
        const { violations } = await axe.run(document, { runOnly: ['wcag2a', 'wcag2aa'] });
        return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 120)).join(' | ')}`);
      });
      expect(faults).toEqual([]);
    });

    it('leads from an open bed to its history in Grafana', async () => {
      const bed = await browser.newPage();
      await bed.goto(`http://${vigil.url}/#bed=icu-01`);
      const link = bed.locator('main[data-open="icu-01"]').getByRole('link', { name: 'History' });
      expect(await link.getAttribute('href')).toBe('http://grafana.example:3000/d/vigil-patient?var-bed=icu-01');
      await bed.close();
    });

    it('says by itself that it hears nothing when the bed falls silent', async () => {
      played.stop();
      await expect.poll(() => page.locator('[data-bed="icu-01"]').innerText(), { timeout: 10_000 }).toMatch(/no data/i);
    });
  },
);
