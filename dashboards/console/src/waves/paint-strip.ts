/**
 * Paints one strip: whole when it is new, resized, rescaled or corrected; otherwise only what the hand has passed since the last time, so that 32 strips
 * cost little.
 */
import { rescaleAfterUs, steadyScale } from '../logic/waves/steady-scale.ts';
import { type Scale, trace, wholeSweep, wiped } from '../logic/waves/sweep.ts';
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

/** What stands on a strip now. */
export interface Painted {
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

/** A hand that moves so far at once was not followed: what stands behind it is of another time. */
const JUMP_US = 2e6;

/** Nothing of it yet, on a canvas as large as it stands. */
export const nothingPainted = ({ clientWidth, clientHeight }: HTMLCanvasElement): Painted => ({
  ring: undefined,
  headUs: 0,
  nextSample: 0,
  rewritten: 0,
  scale: undefined,
  scaledFirstUs: 0,
  scaledAtUs: 0,
  widthPx: clientWidth,
  heightPx: clientHeight,
  pixels: 0,
});

/** Gives a canvas as many pixels as the screen has for it; answers whether it had others. */
const fitted = (canvas: HTMLCanvasElement, painted: Painted): boolean => {
  const pixels = window.devicePixelRatio || 1;
  const width = Math.round(painted.widthPx * pixels);
  const height = Math.round(painted.heightPx * pixels);
  if (canvas.width === width && canvas.height === height && painted.pixels === pixels) return false;
  canvas.width = width;
  canvas.height = height;
  painted.pixels = pixels;
  return true;
};

/** Chooses the scale anew; answers whether the strip has to be painted whole. */
const rescale = (strip: Strip, painted: Painted, ring: WaveRing, code: number, headUs: number): boolean => {
  const [from, to] = wholeSweep(ring, headUs, painted.widthPx);
  const span = spanOf(ring, from, to);
  if (span === undefined) return painted.scale === undefined;
  if (painted.scale === undefined) painted.scaledFirstUs = headUs;
  painted.scaledAtUs = headUs;
  const scale = steadyScale(code, span, painted.heightPx, painted.scale);
  if (scale === painted.scale) return false;
  painted.scale = scale;
  strip.onScale({ code, scale, heightPx: painted.heightPx, span });
  return true;
};

/** Whole pixels, and one more on either side: what is half wiped twice stays visible as a ghost. */
const clear = (context: CanvasRenderingContext2D, from: number, to: number, painted: Painted): void =>
  context.clearRect(Math.floor(from) - 1, 0, Math.ceil(to) - Math.floor(from) + 2, painted.heightPx);

/** Paints what has come of a strip until `nowUs` (server time). Changes `painted`. */
export const paintStrip = (strip: Strip, painted: Painted, waves: WaveStore, nowUs: number): void => {
  if (painted.widthPx < 8 || painted.heightPx < 8) return;
  const context = strip.canvas.getContext('2d');
  const headUs = waves.headUs(strip.bed, nowUs);
  const code = strip.code ?? waves.lead(strip.bed, nowUs);
  const ring = code === undefined ? undefined : waves.ring(strip.bed, code);
  if (context === null || headUs === undefined || code === undefined || ring === undefined) return;
  let whole = fitted(strip.canvas, painted) || painted.ring !== ring || painted.rewritten !== ring.rewritten;
  if (painted.ring !== ring) painted.scale = undefined;
  if (headUs < painted.headUs - JUMP_US || headUs > painted.headUs + JUMP_US) whole = true;
  const head = whole ? headUs : Math.max(headUs, painted.headUs);
  if (
    painted.scale === undefined ||
    head - painted.scaledAtUs > rescaleAfterUs(painted.widthPx, head - painted.scaledFirstUs)
  )
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
