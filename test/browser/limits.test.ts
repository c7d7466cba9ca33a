/**
 * Goal: a nurse sets a limit of her patient, sees what it was and what it is, and every screen shows it for as long as it applies.
 * Method: a bed of a real Vigil tells its saturation; one page sets limits as a hand does, another looks at the ward.
 */
import AxeBuilder from 'axe-core';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { chromiumForTests } from '../servers/chromium.ts';
import { type Deployment, deployEmbedded } from '../servers/vigil.ts';
import { type Bedside, tellBeds } from './bedside.ts';
import { until } from './question.ts';

const WITHIN = { timeout: 15_000 };
const BED = 'icu-01';
const found = await chromiumForTests();

describe.skipIf('skipped' in found)(
  `limits at the console${'skipped' in found ? ` (skipped: ${found.skipped})` : ''}`,
  () => {
    let browser: Browser;
    let vigil: Deployment;
    let bedside: Bedside;
    let page: Page;
    let wall: Page;

    beforeAll(async () => {
      if ('skipped' in found) return;
      browser = found.browser;
      vigil = await deployEmbedded();
      bedside = tellBeds(vigil.url, [BED]);
      [page, wall] = await Promise.all([browser.newPage(), browser.newPage()]);
      await wall.goto(`http://${vigil.url}/`);
      await wall.locator(`[data-bed="${BED}"]`).waitFor(WITHIN);
      await page.goto(`http://${vigil.url}/#bed=${BED}`);
      await page.locator(`main[data-open="${BED}"]`).waitFor(WITHIN);
    });
    afterAll(async () => {
      bedside?.stop();
      await browser?.close();
      await vigil?.stop();
    });

    const dialog = () => page.locator(`dialog[data-limits="${BED}"]`);
    const form = () => dialog().locator('form[data-limit="spo2"]');
    const openForm = async (): Promise<void> => {
      await until(dialog(), () => page.getByRole('button', { name: 'Limits', exact: true }).click());
      await until(form(), () => dialog().getByRole('button', { name: 'Change SpO₂' }).click());
    };
    const tile = () => wall.locator(`[data-bed="${BED}"] [data-own-limits]`);
    const closed = (): Promise<boolean> =>
      dialog()
        .waitFor({ state: 'detached', timeout: 600 })
        .then(
          () => true,
          () => false,
        );
    const press = async (name: string): Promise<void> => {
      do await dialog().getByRole('button', { name }).click();
      while (!(await closed()));
    };

    it('are set within their bounds, and shown at the bed on every screen with what they were', async () => {
      await openForm();
      await form().locator('input[name="low"]').fill('60');
      expect(await form().innerText()).toContain('low must be 84 to 96.');
      expect(await form().getByRole('button', { name: 'Set limits' }).isDisabled()).toBe(true);
      await form().locator('input[name="low"]').fill('86');
      expect(await form().innerText()).toContain('90– → 86–');
      await form().locator('input[name="nurse"]').fill('Nurse Ada');
      await press('Set limits');
      await expect.poll(() => tile().innerText(), WITHIN).toBe('own limit SpO₂ 86–');
      expect(await page.locator('.bed-limits').innerText()).toBe('SpO₂ 86– (unit 90–)');
      await until(dialog(), () => page.getByRole('button', { name: 'Limits', exact: true }).click());
      expect(await dialog().locator('tr[data-limit="spo2"]').innerText()).toMatch(
        /SpO₂ %\s+90–\s+86–\s+Nurse Ada, \d\d:\d\d until (\w+ \d+ \w+ )?\d\d:\d\d/,
      );
      await page.evaluate(AxeBuilder.source);
      const faults = await page.evaluate(async () => {
        const axe = (window as unknown as { axe: typeof AxeBuilder }).axe;
        const { violations } = await axe.run('dialog', { runOnly: ['wcag2a', 'wcag2aa'] });
        return violations.map(({ id }) => id);
      });
      expect(faults).toEqual([]);
      await page.keyboard.press('Escape');
    });

    it('are turned off with a reason alone, and the red alarm beside them rings all the same', async () => {
      await openForm();
      await form().locator('input[name="low-off"]').check();
      expect(await form().innerText()).toContain('Turning a limit off needs a reason.');
      await form().locator('input[name="reason"]').fill('palliative');
      await press('Set limits');
      await expect.poll(() => tile().innerText(), WITHIN).toBe('SpO₂ low limit OFF');
      expect(await tile().getAttribute('data-own-limits')).toBe('off');
      bedside.spo2(BED, 70);
      await wall.locator(`[data-alarm-bed="${BED}"][data-condition="spo2-desaturation"]`).waitFor(WITHIN);
      expect(await wall.locator('[data-condition="spo2-low"]').count()).toBe(0);
      bedside.spo2(BED, 97);
    });

    it('go back to the unit’s by a press, and no screen shows them any more', async () => {
      await openForm();
      await press("Back to the unit's");
      await tile().waitFor({ state: 'detached', ...WITHIN });
      expect(await page.locator('.bed-limits').count()).toBe(0);
    });
  },
);
