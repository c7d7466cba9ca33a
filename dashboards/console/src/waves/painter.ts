/**
 * Draws every sweep of the page in one animation frame. A strip is painted whole when it is new, resized, rescaled or corrected;
 * otherwise only what the hand has passed since the last frame, so that 32 strips cost little.
 */
import { isEcgLead } from '../../../../schemas/codes.ts';
import { ecgScale, fittingScale, type Scale, sweepUs, trace, wholeSweep, wiped } from '../logic/waves/sweep.ts';
import { type Span, spanOf, type WaveRing } from '../logic/waves/wave-ring.ts';
import type { WaveStore } from '../logic/waves/wave-store.ts';

export interface Strip {
  readonly canvas: HTMLCanvasElement;
  readonly bed: string;
  /** undefined: the bed's leading ECG. */
  readonly code: number | undefined;
  readonly colour: (code: number) => string;
  readonly lineWidth: number;
  /** Told when the signal or its scale is another; undefined: nothing to draw. */
  readonly onScale: (shown: ShownScale | undefined) => void;
}

export interface ShownScale {
  readonly code: number;
  readonly scale: Scale;
  readonly heightPx: number;
  readonly span: Span;
}

interface Painted {
  ring: WaveRing | undefined;
  headUs: number;
  nextSample: number;
  rewritten: number;
  scale: Scale | undefined;
  /** When the scale was chosen first, and looked at last. */
  scaledFirstUs: number;
  scaledAtUs: number;
  widthPx: number;
  heightPx: number;
  pixels: number;
}

export interface Painter {
  readonly add: (strip: Strip) => () => void;
  /** Whole page paintings in the last second, for who wants to measure. */
  readonly framesPerSecond: () => number;
}

const JUMP_US = 2e6;

/** The scale of a young trace rests on little: it is looked at every half second, and later once per sweep. */
const rescaleAfterUs = (painted: Painted, headUs: number): number =>
  Math.min(sweepUs(painted.widthPx), Math.max(0.5e6, (headUs - painted.scaledFirstUs) / 2));

export const makePainter = (waves: WaveStore, nowUs: () => number | undefined): Painter => {
  const strips = new Map<Strip, Painted>();
  let frames = 0;
  let framesFromMs = 0;
  let rate = 0;

  const resize = (strip: Strip, painted: Painted): boolean => {
    const { canvas } = strip;
    const pixels = window.devicePixelRatio || 1;
    const width = Math.round(painted.widthPx * pixels);
    const height = Math.round(painted.heightPx * pixels);
    if (canvas.width === width && canvas.height === height && painted.pixels === pixels) return false;
    canvas.width = width;
    canvas.height = height;
    painted.pixels = pixels;
    return true;
  };

  const rescale = (strip: Strip, painted: Painted, ring: WaveRing, code: number, headUs: number): boolean => {
    const [from, to] = wholeSweep(ring, headUs, painted.widthPx);
    const span = spanOf(ring, from, to);
    if (span === undefined) return painted.scale === undefined;
    if (painted.scale === undefined) painted.scaledFirstUs = headUs;
    painted.scaledAtUs = headUs;
    const make = isEcgLead(code) ? ecgScale : fittingScale;
    const scale = make(span.low, span.high, painted.heightPx);
    const before = painted.scale;
    const room = painted.heightPx * 0.5;
    // A little wander is left alone: a strip that shifts at every sweep is hard to read.
    const same =
      before !== undefined &&
      Math.abs(before.pxPerUnit / scale.pxPerUnit - 1) < 0.12 &&
      (span.high - before.middle) * before.pxPerUnit < room &&
      (before.middle - span.low) * before.pxPerUnit < room &&
      Math.abs(before.middle - scale.middle) * scale.pxPerUnit < painted.heightPx * 0.12;
    if (same) return false;
    painted.scale = scale;
    strip.onScale({ code, scale, heightPx: painted.heightPx, span });
    return true;
  };

  /** Whole pixels, and one more on either side: what is half wiped twice stays visible as a ghost. */
  const clear = (context: CanvasRenderingContext2D, from: number, to: number, painted: Painted): void =>
    context.clearRect(Math.floor(from) - 1, 0, Math.ceil(to) - Math.floor(from) + 2, painted.heightPx);

  const paint = (strip: Strip, painted: Painted, now: number): void => {
    if (painted.widthPx < 8 || painted.heightPx < 8) return;
    const context = strip.canvas.getContext('2d');
    const headUs = waves.headUs(strip.bed, now);
    const code = strip.code ?? waves.lead(strip.bed, now);
    const ring = code === undefined ? undefined : waves.ring(strip.bed, code);
    if (context === null || headUs === undefined || code === undefined || ring === undefined) return;
    let whole = resize(strip, painted) || painted.ring !== ring || painted.rewritten !== ring.rewritten;
    if (painted.ring !== ring) painted.scale = undefined;
    if (headUs < painted.headUs - JUMP_US || headUs > painted.headUs + JUMP_US) whole = true;
    const head = whole ? headUs : Math.max(headUs, painted.headUs);
    if (painted.scale === undefined || head - painted.scaledAtUs > rescaleAfterUs(painted, head))
      whole = rescale(strip, painted, ring, code, head) || whole;
    const { scale } = painted;
    if (scale === undefined) return;

    const [first, last] = wholeSweep(ring, head, painted.widthPx);
    context.setTransform(painted.pixels, 0, 0, painted.pixels, 0, 0);
    if (whole) clear(context, 0, painted.widthPx, painted);
    else for (const [from, to] of wiped(painted.headUs, head, painted.widthPx)) clear(context, from, to, painted);
    context.strokeStyle = strip.colour(code);
    context.lineWidth = strip.lineWidth;
    context.lineJoin = 'round';
    context.lineCap = 'round';
    context.beginPath();
    trace(context, ring, whole ? first : painted.nextSample, last, scale, painted.widthPx, painted.heightPx);
    context.stroke();
    painted.ring = ring;
    painted.headUs = head;
    painted.nextSample = last;
    painted.rewritten = ring.rewritten;
    ring.painted = last;
  };

  const everyFrame = (nowMs: number): void => {
    frames += 1;
    if (nowMs - framesFromMs >= 1_000) {
      rate = (frames * 1_000) / (nowMs - framesFromMs);
      frames = 0;
      framesFromMs = nowMs;
    }
    const now = nowUs();
    if (now !== undefined) for (const [strip, painted] of strips) paint(strip, painted, now);
    requestAnimationFrame(everyFrame);
  };
  requestAnimationFrame(everyFrame);

  return {
    add: (strip) => {
      const painted: Painted = {
        ring: undefined,
        headUs: 0,
        nextSample: 0,
        rewritten: 0,
        scale: undefined,
        scaledFirstUs: 0,
        scaledAtUs: 0,
        widthPx: strip.canvas.clientWidth,
        heightPx: strip.canvas.clientHeight,
        pixels: 0,
      };
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
    framesPerSecond: () => rate,
  };
};
