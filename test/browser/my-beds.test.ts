/**
 * Goal: two nurses, each with beds of her own: who is asked reads the same on both screens, and "I cannot come" asks the other one.
 * Method: two pages on a real Vigil, whose steps of the chain are long: nothing here goes on by time.
 */
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { chromiumForTests } from '../servers/chromium.ts';
import { type Deployment, deployEmbedded } from '../servers/vigil.ts';
import { type Bedside, tellBeds } from './bedside.ts';
import { until } from './question.ts';

const WITHIN = { timeout: 15_000 };
const found = await chromiumForTests();

describe.skipIf('skipped' in found)(`my beds${'skipped' in found ? ` (skipped: ${found.skipped})` : ''}`, () => {
  let browser: Browser;
  let vigil: Deployment;
  let bedside: Bedside;

  beforeAll(async () => {
    if ('skipped' in found) return;
    browser = found.browser;
    vigil = await deployEmbedded();
    bedside = tellBeds(vigil.url, ['icu-01', 'icu-02']);
  });
  afterAll(async () => {
    bedside?.stop();
    await browser?.close();
    await vigil?.stop();
  });

  /** A screen with its sound on that has named itself and chosen a bed. */
  const screen = async (name: string, bed: string): Promise<Page> => {
    const page = await (await browser.newContext({ viewport: { width: 1366, height: 768 } })).newPage();
    await page.goto(`http://${vigil.url}/`);
    await page.locator('[data-bed="icu-02"]').waitFor(WITHIN);
    await page.getByRole('button', { name: 'My beds' }).click();
    const dialog = page.locator('dialog[data-my-beds]');
    await dialog.locator('input[name="screen"]').fill(name);
    await dialog.getByRole('checkbox', { name: bed }).check();
    await dialog.getByRole('button', { name: 'Keep' }).click();
    await dialog.waitFor({ state: 'detached' });
    return page;
  };

  it('asks the screen that chose the bed, and every screen once she says that she cannot come', async () => {
    const [mine, others] = await Promise.all([screen('nurse 1', 'icu-01'), screen('nurse 2', 'icu-02')]);
    await mine.locator('[data-bed="icu-01"]').getByRole('button').first().click();
    await mine.getByText('This bed is of nurse 1').waitFor(WITHIN);
    await mine.keyboard.press('Escape');
    bedside.spo2('icu-01', 70);
    const asks = (page: Page) => page.locator('[data-alarm-bed="icu-01"] [data-asks]');
    for (const page of [mine, others]) await expect.poll(() => asks(page).textContent(), WITHIN).toBe('asks nurse 1');
    const dialog = mine.locator('dialog[data-ask="acknowledge"]');
    await until(dialog, () => mine.locator('[data-alarm-bed="icu-01"] [title="Acknowledge"]').first().click());
    await dialog.locator('input[name="nurse"]').fill('Ada');
    do await dialog.locator('[data-cannot-come]').click();
    while (
      !(await dialog.waitFor({ state: 'detached', timeout: 600 }).then(
        () => true,
        () => false,
      ))
    );
    for (const page of [mine, others])
      await expect.poll(() => asks(page).textContent(), WITHIN).toBe('asks everybody (cannot come: Ada)');
  }, 60_000);
});
