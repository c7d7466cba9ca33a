/** What `paint.ts` looks for in a page, and what follows from the moments it noted. */

/** Milliseconds since the navigation began. */
export interface StartFigures {
  /** The first text or picture, as the browser tells it. */
  readonly paintMs: number;
  readonly tilesMs: number;
  readonly movesMs: number;
}

declare global {
  interface Window {
    startFigures?: { tilesMs: number; movesMs?: number };
  }
}

/**
 * Runs in the page before anything of it: notes when `beds` tiles stand, and when the first trace, once it has ink, looks
 * another way than before. Looks at each animation frame, so it is up to a frame late.
 */
export const watchStart = (beds: number): void => {
  const copy = document.createElement('canvas').getContext('2d', { willReadFrequently: true })!;
  let before: Uint32Array | undefined;
  /** The trace's pixels; undefined: nothing is drawn yet. */
  const ink = (canvas: HTMLCanvasElement | null): Uint32Array | undefined => {
    if (canvas === null || canvas.width === 0 || canvas.height === 0) return undefined;
    copy.canvas.width = canvas.width;
    copy.canvas.height = canvas.height;
    copy.drawImage(canvas, 0, 0);
    const pixels = new Uint32Array(copy.getImageData(0, 0, canvas.width, canvas.height).data.buffer);
    return pixels.some((pixel) => pixel !== 0) ? pixels : undefined;
  };
  const look = (): void => {
    if (window.startFigures === undefined) {
      if (document.querySelectorAll('[data-bed]').length >= beds) window.startFigures = { tilesMs: performance.now() };
    } else {
      const now = ink(document.querySelector<HTMLCanvasElement>('.tile canvas'));
      const moved =
        before !== undefined && now?.length === before.length && now.some((pixel, i) => pixel !== before![i]);
      if (moved) {
        window.startFigures.movesMs = performance.now();
        return;
      }
      before = now;
    }
    requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
};

export interface FrameFigures {
  readonly perS: number;
  readonly gapP50Ms: number;
  readonly gapP99Ms: number;
  readonly gapMaxMs: number;
  /** Frames of each whole second. */
  readonly inSecond: readonly number[];
}

export const median = (values: readonly number[]): number => quantile(values, 0.5);

const quantile = (values: readonly number[], share: number): number => {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))]!;
};

/** Of the moments (ms, rising, two or more) at which frames were drawn. */
export const frameFigures = (atMs: readonly number[]): FrameFigures => {
  const [firstMs, lastMs] = [atMs[0]!, atMs.at(-1)!];
  const gaps = atMs.slice(1).map((at, i) => at - atMs[i]!);
  const inSecond = Array.from({ length: Math.floor((lastMs - firstMs) / 1e3) }, () => 0);
  for (const at of atMs.slice(1)) {
    const second = Math.ceil((at - firstMs) / 1e3) - 1;
    if (second < inSecond.length) inSecond[second]! += 1;
  }
  return {
    perS: (gaps.length * 1e3) / (lastMs - firstMs),
    gapP50Ms: quantile(gaps, 0.5),
    gapP99Ms: quantile(gaps, 0.99),
    gapMaxMs: Math.max(...gaps),
    inSecond,
  };
};
