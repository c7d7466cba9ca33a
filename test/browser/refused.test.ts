/**
 * Goal: a console whose token is no longer known is not taken for one that hears, and comes back by itself.
 * Method: a real Vigil that asks for a token; the browser's is made another one, and its line is begun anew as after a sleep.
 */
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { chromiumForTests } from '../servers/chromium.ts';
import { type Deployment, deployEmbedded } from '../servers/vigil.ts';
import { countTones, tones } from './tones.ts';

const WITHIN = { timeout: 15_000 };
const TOKEN = 'token-of-the-consoles-of-this-ward';
const found = await chromiumForTests();

const keepToken = (page: Page, token: string): Promise<void> =>
  page.evaluate((given) => localStorage.setItem('vigil.token', given), token);

describe.skipIf('skipped' in found)(
  `a console that is refused${'skipped' in found ? ` (skipped: ${found.skipped})` : ''}`,
  () => {
    let browser: Browser;
    let vigil: Deployment;

    beforeAll(async () => {
      if ('skipped' in found) return;
      browser = found.browser;
      vigil = await deployEmbedded({ VIGIL_CONSOLE_TOKENS: TOKEN });
    });
    afterAll(async () => {
      await browser?.close();
      await vigil?.stop();
    });

    it('says, and sounds, that nothing on it is now, and hears again by itself when its token is known', async () => {
      const page = await browser.newPage();
      await page.addInitScript(countTones);
      await page.goto(`http://${vigil.url}/#token=${TOKEN}`);
      await page.getByRole('button', { name: /sound is off/i }).click();
      await page.locator('.page[data-link="Live"]').waitFor(WITHIN);
      await keepToken(page, 'retired');
      await page.evaluate(() => {
        const { now } = Date;
        Date.now = () => now() + 3_600e3;
      });
      const banner = page.locator('[data-banner="token"]');
      await banner.getByText('Nothing on this screen is now. Look at the bedside monitors.').waitFor(WITHIN);
      const before = await tones(page);
      await expect.poll(() => tones(page), WITHIN).toBeGreaterThan(before);
      await keepToken(page, TOKEN);
      await page.locator('.page[data-link="Live"]').waitFor(WITHIN);
      expect(await banner.count()).toBe(0);
      await page.close();
    });

    it('keeps the token that Vigil knows where a link, or a hand, gives a wrong one', async () => {
      const page = await browser.newPage();
      await page.goto(`http://${vigil.url}/#token=${TOKEN}`);
      await page.locator('.page[data-link="Live"]').waitFor(WITHIN);
      await page.goto('about:blank');
      await page.goto(`http://${vigil.url}/#token=of-somebody-who-means-no-good`);
      await page.locator('.page[data-link="Live"]').waitFor(WITHIN);
      expect(await page.evaluate(() => [localStorage.getItem('vigil.token'), location.hash])).toEqual([TOKEN, '']);
      await page.close();
    });

    it('takes a token that is typed', async () => {
      const page = await browser.newPage();
      await page.goto(`http://${vigil.url}/`);
      const banner = page.locator('[data-banner="token"]');
      for (const typed of ['mistyped', TOKEN]) {
        await banner.locator('input').fill(typed);
        await banner.getByRole('button', { name: 'Connect' }).click();
      }
      await page.locator('.page[data-link="Live"]').waitFor(WITHIN);
      expect(await page.evaluate(() => localStorage.getItem('vigil.token'))).toBe(TOKEN);
      await page.close();
    });
  },
);
