import type { Page } from 'playwright-core';

/** Runs in the page, before its own scripts: counts what the page asks of WebAudio. */
export const countTones = (): void => {
  const { createOscillator } = AudioContext.prototype;
  Object.assign(window, { tones: 0 });
  AudioContext.prototype.createOscillator = function (this: AudioContext) {
    (window as unknown as { tones: number }).tones += 1;
    return createOscillator.call(this);
  };
};

export const tones = (page: Page): Promise<number> =>
  page.evaluate(() => (window as unknown as { tones: number }).tones);
