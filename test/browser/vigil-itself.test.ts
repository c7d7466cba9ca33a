/**
 * Goal: what is wrong with Vigil itself is seen on the console, and never in the place of a bed.
 * Method: Vigil as its users start it with a simulated ward, wishing for a device that this machine has not; then another
 * program holds its log, so that no alarm can travel.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import AxeBuilder from 'axe-core';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { chromiumForTests } from '../servers/chromium.ts';
import { type StageProcess, stageProcess } from '../servers/stage-process.ts';

const SHOWN_WITHIN_MS = 10_000;
const found = await chromiumForTests();

const faults = async (page: Page): Promise<readonly string[]> => {
  await page.evaluate(AxeBuilder.source);
  return page.evaluate(async () => {
    const axe = (window as unknown as { axe: typeof AxeBuilder }).axe;
    const { violations } = await axe.run(document, { runOnly: ['wcag2a', 'wcag2aa'] });
    return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 120)).join(' | ')}`);
  });
};

describe.skipIf('skipped' in found)(
  `Vigil itself on the console${'skipped' in found ? ` (skipped: ${found.skipped})` : ''}`,
  () => {
    let browser: Browser;
    let folder: string;
    let vigil: StageProcess;
    let page: Page;

    beforeAll(async () => {
      if ('skipped' in found) return;
      browser = found.browser;
      folder = mkdtempSync(join(tmpdir(), 'vigil-itself-'));
      const env = {
        VIGIL_DATA_DIR: folder,
        VIGIL_PROVIDERS: 'cuda,cpu',
        VIGIL_ANALYSIS_THREADS: '1',
        VIGIL_LOG_LEVEL: 'warn',
      };
      vigil = await stageProcess({ words: ['start', '--simulate', '2'], env });
      await vigil.start();
      page = await browser.newPage({ viewport: { width: 1366, height: 768 } });
      await page.goto(`http://${vigil.address}/`);
      await page.locator('[data-bed]').nth(1).waitFor();
    });

    afterAll(async () => {
      await browser?.close();
      await vigil?.stop();
      if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
    });

    it('stands in a strip of its own and in the list, and not among the beds', async () => {
      const strip = page.locator('[data-vigil-strip]');
      await strip.waitFor();
      expect(await strip.innerText()).toMatch(/VIGIL ITSELF[\s\S]*AI ON FALLBACK/i);
      await page.locator('[data-alarm-bed="vigil"][data-condition="inference-fallback"]').waitFor();
      expect(await page.locator('[data-bed="vigil"]').count()).toBe(0);
      expect(await page.locator('[data-provider]').innerText()).toBe('inference: cpu (cuda not available)');
      expect(await faults(page)).toEqual([]);
    });

    it('tells what is wrong in full, and is acknowledged with a name', async () => {
      await page.locator('.vigil-name').click();
      const open = page.locator('main[data-open="vigil"]');
      expect(await open.innerText()).toMatch(/cuda is not available/);
      expect(await faults(page)).toEqual([]);
      await open.locator('[data-bed-alarm]').getByRole('button', { name: 'Acknowledge' }).click();
      const question = page.locator('dialog[data-ask="acknowledge"]');
      expect(await question.innerText()).toMatch(/Vigil itself/i);
      await page.locator('input[name="nurse"]').fill('Nurse Test');
      await question.getByRole('button', { name: 'Acknowledge' }).click();
      await page.locator('[data-vigil-strip] [data-state="acknowledged"]').waitFor();
      await page.keyboard.press('Escape');
      await page.locator('main.ward').waitFor();
    });

    it('says in a banner that no alarm can come while the log takes nothing, and stops when it does', async () => {
      const other = new DatabaseSync(join(folder, 'log.db'));
      other.exec('PRAGMA busy_timeout = 10000; BEGIN IMMEDIATE');
      const banner = page.locator('[data-banner="trouble"][data-trouble="log-away"]');
      try {
        await banner.waitFor({ timeout: SHOWN_WITHIN_MS });
        expect(await banner.innerText()).toMatch(/no new alarm can come, trust the monitors/i);
        expect(await faults(page)).toEqual([]);
        await banner.getByRole('button', { name: /quiet this warning/i }).click();
      } finally {
        other.exec('ROLLBACK');
        other.close();
      }
      await banner.waitFor({ state: 'detached' });
    });
  },
);
