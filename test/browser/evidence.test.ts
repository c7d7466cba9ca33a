/**
 * Goal: at a red rhythm alarm the nurse reads what the other signals say of it, and the alarm rings whatever they say.
 * Method: one bed in real time on a real Vigil, with the plethysmogram of a simulated bed; its ECG goes still when the test says
 * so, while the pulse goes on. Then the monitor raises an alarm of its own.
 */
import { create } from '@bufbuild/protobuf';
import AxeBuilder from 'axe-core';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isEcgLead } from '../../schemas/codes.ts';
import { type DeviceAlert, DeviceAlertSchema } from '../../schemas/generated/vigil/v1/telemetry_pb.ts';
import { encodeTelemetry } from '../../schemas/telemetry.ts';
import { moment } from '../../schemas/units.ts';
import { makeFrameSender } from '../../services/sender/frame-sender.ts';
import { simulatedBed } from '../../services/simulate/simulated-bed.ts';
import { simulatedWard } from '../../services/simulate/ward.ts';
import { chromiumForTests } from '../servers/chromium.ts';
import { type Deployment, deployEmbedded } from '../servers/vigil.ts';

const FRAME_MS = 250;
const found = await chromiumForTests();

interface PlayedBed {
  /** From the next frame on. */
  readonly ecgStill: (still: boolean) => void;
  readonly monitorSays: (text: string, present: boolean) => void;
  /** Resolves when so many seconds have been sent. */
  readonly sent: (seconds: number) => Promise<void>;
  readonly stop: () => void;
}

const playBed = (url: string): PlayedBed => {
  const start = moment(Date.now() * 1e3);
  const [settings] = simulatedWard({ beds: 1, seed: 3, start, frameMs: FRAME_MS, episodes: false });
  const bed = simulatedBed({ ...settings!, bed: 'icu-01', source: 'monitor-1' });
  const sender = makeFrameSender({ url });
  let memory = bed.start;
  let still = false;
  let alerts: DeviceAlert[] = [];
  let frames = 0;
  let waiting: { readonly frames: number; readonly done: () => void } | undefined;
  const timer = setInterval(() => {
    const [after, stepped] = bed.step(memory, moment(Date.now() * 1e3));
    memory = after;
    for (const { telemetry } of stepped) {
      if (telemetry === undefined) continue;
      const waveforms = telemetry.waveforms.map((wave) =>
        still && isEcgLead(wave.code) ? { ...wave, samples: new Uint8Array(wave.samples.length) } : wave,
      );
      const deviceAlerts = alerts.map((alert) => ({ ...alert, atUs: telemetry.deviceTimeUs }));
      alerts = [];
      frames++;
      if (waiting !== undefined && frames >= waiting.frames) waiting.done();
      sender.send(encodeTelemetry({ ...telemetry, waveforms, deviceAlerts }));
    }
  }, 10);
  return {
    ecgStill: (now) => {
      still = now;
    },
    monitorSays: (text, present) => {
      alerts = [create(DeviceAlertSchema, { text, present })];
    },
    sent: (seconds) => {
      const { promise, resolve } = Promise.withResolvers<void>();
      waiting = { frames: (seconds * 1e3) / FRAME_MS, done: resolve };
      return promise;
    },
    stop: () => {
      clearInterval(timer);
      sender.close();
    },
  };
};

const ASYSTOLE = '[data-alarm*="/asystole/"]';

describe.skipIf('skipped' in found)(
  `what the signals say, at the alarm${'skipped' in found ? ` (skipped: ${found.skipped})` : ''}`,
  () => {
    let browser: Browser;
    let vigil: Deployment;
    let played: PlayedBed;
    let page: Page;

    beforeAll(async () => {
      if ('skipped' in found) return;
      browser = found.browser;
      vigil = await deployEmbedded({});
      played = playBed(`ws://${vigil.url}`);
      page = await browser.newPage({ viewport: { width: 1366, height: 768 } });
      await page.goto(`http://${vigil.url}/#bed=icu-01`);
      await page.locator('main[data-open="icu-01"]').waitFor();
      // The bed's own beats and pulses have to be known.
      await played.sent(16);
    });

    afterAll(async () => {
      played?.stop();
      await browser?.close();
      await vigil?.stop();
    });

    it('an asystole that the pulse denies rings red, and says: look at the lead', async () => {
      played.ecgStill(true);
      const alarm = page.locator(`${ASYSTOLE}[data-state="on"]`);
      await alarm.waitFor({ timeout: 15_000 });
      const evidence = alarm.locator('.evidence');
      await evidence.waitFor({ timeout: 2_000 });
      expect(await evidence.innerText()).toMatch(
        /pulse goes on \(PLETH.*\): look at the lead\s+judged (now|\d+ s ago)/,
      );
      expect(await evidence.getAttribute('data-verdict')).toBe('refuted');
      expect(await alarm.getAttribute('data-priority')).toBe('high');
      expect(await alarm.getAttribute('data-flashing')).toBe('true');
      const inBed = page.locator('main[data-open="icu-01"] [data-bed-alarm*="/asystole/"] .evidence');
      expect(await inBed.innerText()).toMatch(/PLETH against/);
    });

    it('an alarm of the monitor gets its verdict in the open bed, until the monitor takes it back', async () => {
      played.monitorSays('***ASYSTOLE', true);
      const alarm = page.locator('[data-monitor-alarm="***ASYSTOLE"]');
      await alarm.waitFor({ timeout: 5_000 });
      expect(await alarm.locator('.evidence').innerText()).toMatch(/pulse goes on/);
      await page.reload();
      await alarm.waitFor({ timeout: 10_000 });
      played.monitorSays('***ASYSTOLE', false);
      await alarm.waitFor({ state: 'detached', timeout: 5_000 });
    });

    it('has no number for the risk of sepsis before an hour is over, and says what is missing', async () => {
      const risk = page.locator('main[data-open="icu-01"] [data-risk="sepsis"]');
      await expect
        .poll(() => risk.innerText())
        .toMatch(/Sepsis within 6 h[\s\S]*—\s+Insufficient data: a whole hour of vital signs/);
      expect(await risk.getAttribute('data-live')).toBe('false');
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
  },
);
