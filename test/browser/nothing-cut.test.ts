/**
 * Goal: on no screen is anything cut off that could then be read as something else, or not be reached.
 * Method: forty beds with long ages, a long bed name and the longest alarm are looked at in the sizes of a wall, a desk, a tablet, a
 * phone and a page at 200 %; the page itself says which of the named parts reach beyond what clips them.
 */
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { MDC } from '../../schemas/codes.ts';
import { chromiumForTests } from '../servers/chromium.ts';
import { type Deployment, deployEmbedded } from '../servers/vigil.ts';

const BEDS = 40;
const LONG = 'Intensivstation-Nord-Zimmer-12-Fensterplatz';
const LONG_TOO = 'Intensivstation-Nord-Zimmer-12-Türseite';
const bedOf = (i: number): string => [LONG, LONG_TOO][i] ?? `sim-${i + 10}`;
const found = await chromiumForTests();

const numbers = [
  [MDC.ecgHeartRate, '/min', 188],
  [MDC.spo2, '%', 70],
  [MDC.respRate, '/min', 45],
  [MDC.nibpSystolic, 'mm[Hg]', 225],
  [MDC.nibpDiastolic, 'mm[Hg]', 130],
  [MDC.nibpMean, 'mm[Hg]', 165],
  [MDC.temperature, 'Cel', 41.3],
] as const;

/** Why a monitor has no number. Every fourth bed has none, for one of these reasons. */
const REASONS = ['INVALID', 'SENSOR_OFF', 'OUT_OF_RANGE', 'NOT_MEASURED', 'SENTINEL'] as const;
const readingOf = (i: number, value: number) =>
  i % 4 === 3 ? { missing: `MISSING_REASON_${REASONS[((i - 3) / 4) % REASONS.length]}` } : { value };

/** One frame of every bed, with numbers of eleven seconds ago, and every other bed with some that are too old to be shown. */
const tell = async (url: string, sequence: number): Promise<void> => {
  const deviceTimeUs = Date.now() * 1e3;
  const frames = Array.from({ length: BEDS }, (_, i) => ({
    ...{ bed: bedOf(i), source: 'm', sequence, deviceTimeUs },
    assignment: {
      patient: i === 0 ? `Mustermann-${'x'.repeat(60)}` : `Wollschläger-Mustermann, Maximiliane Anna ${i}`,
      population: 'adult',
      fromUs: 1,
    },
    numerics: numbers.map(([code, unit, value]) => ({
      ...{ code, unit, ...readingOf(i, value), atUs: deviceTimeUs - (i % 2 === 0 ? 11e6 : 25e6) },
    })),
  }));
  const headers = { 'content-type': 'application/json' };
  await fetch(`http://${url}/v1/telemetry`, { method: 'POST', headers, body: JSON.stringify(frames) });
};

/** Texts of what matches and reaches beyond itself, beyond a box about it that clips, or beyond the page. */
const cutOff = (page: Page, selector: string): Promise<readonly string[]> =>
  page.evaluate((wanted) => {
    const cut: string[] = [];
    for (const part of document.querySelectorAll<HTMLElement>(wanted)) {
      const own = part.getBoundingClientRect();
      let isCut = own.right > innerWidth + 1 || part.scrollWidth > part.clientWidth + 1;
      // What may take two lines has room for both.
      isCut ||= part.matches('.tile :is(.reading-none, .heart-why)') && part.scrollHeight > part.clientHeight + 1;
      for (let box = part.parentElement; box !== null && !isCut; box = box.parentElement) {
        if (!/hidden|clip/.test(getComputedStyle(box).overflowX)) continue;
        const { left, right } = box.getBoundingClientRect();
        isCut = own.right > right + 1 || own.left < left - 1;
      }
      if (isCut && own.width > 0) cut.push(part.innerText);
    }
    return cut;
  }, selector);

describe.skipIf('skipped' in found)(
  `what a screen shows is whole${'skipped' in found ? ` (skipped: ${found.skipped})` : ''}`,
  () => {
    let browser: Browser;
    let vigil: Deployment;
    let telling: NodeJS.Timeout;

    beforeAll(async () => {
      if ('skipped' in found) return;
      browser = found.browser;
      vigil = await deployEmbedded({});
      let sequence = 0;
      telling = setInterval(() => void tell(vigil.url, ++sequence).catch(() => undefined), 1_000);
    });
    afterAll(async () => {
      clearInterval(telling);
      await browser?.close();
      await vigil?.stop();
    });

    it.each([
      ['a wall', 1920, 1080],
      ['a wall of the narrowest tiles', 1822, 1026],
      ['a desk', 1366, 768],
      ['a tablet', 820, 1180],
      ['a page at 200 %', 683, 384],
      ['a phone', 390, 844],
    ])(
      'on %s of %d × %d: ages, values, alarms and their states, an open bed, the buttons of the bar and the intended use',
      async (_name, width, height) => {
        const page = await browser.newPage({ viewport: { width, height } });
        await page.goto(`http://${vigil.url}/`);
        await page.locator(`[data-bed="${LONG}"] .chip`).waitFor({ timeout: 60_000 });
        // The longest labels of a patient's and of a technical red alarm, and the states that say what is left to do.
        await page.evaluate(() => {
          for (const [i, label] of document.querySelectorAll('.tile .chip-label').entries())
            label.textContent = i % 2 === 0 ? 'EXTREME TACHY' : 'ALARM NOT SEEN BY ANY SCREEN';
          for (const [i, state] of document.querySelectorAll('.panel .alarm-state').entries())
            state.textContent = i % 2 === 0 ? 'ended, unseen' : 'acknowledged by M. Weber';
        });
        expect(await cutOff(page, '.panel .alarm-state, .panel .alarm-what')).toEqual([]);
        expect(await cutOff(page, '.vitals .reading-age, .heart .reading-age')).toEqual([]);
        expect(await cutOff(page, '.heart-value')).toEqual([]);
        // Where a long name has too little room its end stays: two that begin alike are told apart.
        expect(await cutOff(page, '.tile-name:not(:has(.name-end)), .name-end')).toEqual([]);
        expect((await page.locator('.name-end').allInnerTexts()).map((end) => end.toLowerCase()).sort()).toEqual([
          'rplatz',
          'rseite',
        ]);
        for (const why of ['invalid', 'sensor off', 'out of range', 'not measured', 'no value', 'data missing'])
          await page.locator('.tile .reading-why').getByText(why, { exact: true }).first().waitFor();
        // The mean of a pressure goes whole; systolic and diastolic stay. Why there is no number, or no score, is whole.
        expect(await cutOff(page, '.vitals .reading-value, .vitals .reading-why, .heart-rhythm')).toEqual([]);
        // A score, a temperature, a pressure of the cuff, and what is no longer shown are minutes old; a number that is shown for seconds is not.
        await page.evaluate(() => {
          for (const age of document.querySelectorAll('.tile .reading-age')) {
            const { reading, live } = age.closest<HTMLElement>('[data-reading]')!.dataset;
            const isOld = live === 'false' || ['score', 'temp', 'bp'].includes(reading!);
            if (age.textContent !== '') age.textContent = isOld ? '59 min' : '14 s';
          }
        });
        expect(await page.locator('.tile [data-reading="rr"][data-live="false"]').count()).toBeGreaterThan(0);
        expect(await cutOff(page, '.tile .reading-age')).toEqual([]);
        expect(await cutOff(page, '.tile .chip-label')).toEqual([]);
        // Not over the trace below, nor over the edge of the tile.
        const high = await page
          .locator('.tile .chip')
          .evaluateAll(
            (chips) => chips.filter((chip) => chip.clientHeight > chip.closest('header')!.clientHeight).length,
          );
        expect(high).toBe(0);
        expect(
          await page
            .locator(`[data-bed="${LONG}"]`)
            .getByRole('button', { name: /acknowledge/i })
            .isVisible(),
        ).toBe(true);
        expect(await cutOff(page, '.sound, .line, .top-time, .intended-use')).toEqual([]);
        await page.locator(`[data-bed="${LONG}"] .tile-name`).click();
        await page.locator(`main[data-open="${LONG}"]`).waitFor();
        expect(
          await cutOff(page, 'main[data-open] .bed-head button, main[data-open] .bed-numbers .reading-value'),
        ).toEqual([]);
        expect(await cutOff(page, 'main[data-open] .chip-label, main[data-open] .chip-evidence')).toEqual([]);
        // A card goes on below, where it can be scrolled to, never to the side.
        const wide = await page
          .locator('main[data-open] .card')
          .evaluateAll((cards) =>
            cards.filter((card) => card.scrollWidth > card.clientWidth + 1).map((card) => card.ariaLabel),
          );
        expect(wide).toEqual([]);
        await page.close();
      },
    );
  },
);
