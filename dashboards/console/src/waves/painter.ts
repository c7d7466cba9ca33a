/** One animation frame for every strip of the page. */
import type { WaveStore } from '../logic/waves/wave-store.ts';
import { nothingPainted, type Painted, paintStrip, type Strip } from './paint-strip.ts';

export interface Painter {
  readonly add: (strip: Strip) => () => void;
}

export const makePainter = (waves: WaveStore, nowUs: () => number | undefined): Painter => {
  const strips = new Map<Strip, Painted>();

  const everyFrame = (): void => {
    const now = nowUs();
    if (now !== undefined) for (const [strip, painted] of strips) paintStrip(strip, painted, waves, now);
    requestAnimationFrame(everyFrame);
  };
  requestAnimationFrame(everyFrame);

  return {
    add: (strip) => {
      const painted = nothingPainted(strip.canvas);
      strips.set(strip, painted);
      const sizes = new ResizeObserver(() => {
        painted.widthPx = strip.canvas.clientWidth;
        painted.heightPx = strip.canvas.clientHeight;
        painted.scale = undefined;
      });
      sizes.observe(strip.canvas);
      return () => {
        sizes.disconnect();
        strips.delete(strip);
      };
    },
  };
};
