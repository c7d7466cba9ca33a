/** A real Chromium for tests: the one named by VIGIL_TEST_CHROMIUM, else an installed one, else skipped by name. */
import { existsSync } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';

/** Where Debian, Ubuntu and others put it. Nothing is downloaded. */
const PLACES = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/usr/bin/google-chrome-stable',
];

/** Without background networking: a test's browser has nobody to talk to but Vigil. */
const ARGUMENTS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--autoplay-policy=no-user-gesture-required',
];

export type ChromiumForTests = { readonly browser: Browser } | { readonly skipped: string };

/** With CI=true a missing browser is an error, not a skip. */
export const chromiumForTests = async (): Promise<ChromiumForTests> => {
  const executablePath = process.env['VIGIL_TEST_CHROMIUM'] ?? PLACES.find((place) => existsSync(place));
  if (executablePath === undefined) {
    const skipped = "no Chromium: install Debian's chromium, or set VIGIL_TEST_CHROMIUM";
    if (process.env['CI'] === 'true') throw new Error(skipped);
    return { skipped };
  }
  return { browser: await chromium.launch({ executablePath, args: ARGUMENTS }) };
};
