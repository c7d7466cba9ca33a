import { existsSync } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';

/** Where Debian, Ubuntu and others put it. Nothing is downloaded. */
const PLACES = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/usr/bin/google-chrome-stable',
];

/** Path of an installed Chromium; undefined: there is none, and browser tests say that they were skipped. */
export const installedChromium = (): string | undefined => PLACES.find((place) => existsSync(place));

/** A headless Chromium that talks to nobody but the page under test. Whoever opens it closes it. */
export const openChromium = async (executablePath: string): Promise<Browser> =>
  chromium.launch({
    executablePath,
    args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking'],
  });
