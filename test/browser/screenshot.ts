/**
 * Looks at a running console and writes what it sees, so that a picture in the README is one of the page itself:
 *
 *   node test/browser/screenshot.ts http://127.0.0.1:8420/ ward.png 1920x1080 30
 *
 * Address, file, size (1366x768 by default) and seconds to wait for traces to fill (12 by default).
 */
import { chromiumForTests } from '../servers/chromium.ts';

const [address, file, size = '1366x768', seconds = '12'] = process.argv.slice(2);
const [width, height] = size.split('x').map(Number);
if (address === undefined || file === undefined || !width || !height || !(Number(seconds) >= 0)) {
  console.error('usage: node test/browser/screenshot.ts ADDRESS FILE.png [WIDTHxHEIGHT] [SECONDS]');
  process.exitCode = 2;
} else {
  const found = await chromiumForTests();
  if ('skipped' in found) throw new Error(found.skipped);
  const { browser } = found;
  const page = await browser.newPage({ viewport: { width, height } });
  await page.goto(address);
  await page.locator('[data-bed]').first().waitFor();
  await page.waitForTimeout(Number(seconds) * 1_000);
  await page.screenshot({ path: file });
  await browser.close();
}
