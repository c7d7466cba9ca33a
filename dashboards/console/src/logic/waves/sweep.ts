/**
 * The geometry of a sweep: 25 mm/s from left to right, over and over, with a gap that wipes ahead of the hand.
 *
 *   0        hand   wipe                       width
 *   |~~~new~~~|     |~~~~~~~~old~~~~~~~~~~~~~~~~|
 *
 * A millimetre is 96/25.4 CSS pixels, as CSS defines it. On a screen whose pixels are of another size the trace is as much
 * larger or smaller as everything else on the page; the 1 mV mark and the time per width stay true to each other.
 */
import { sampleAt, valueAt, type WaveRing } from './wave-ring.ts';

export const PX_PER_MM = 96 / 25.4;
const MM_PER_SECOND = 25;
export const PX_PER_SECOND = PX_PER_MM * MM_PER_SECOND;
export const WIPE_PX = 18;

export const xOf = (timeUs: number, widthPx: number): number => ((timeUs / 1e6) * PX_PER_SECOND) % widthPx;
export const sweepUs = (widthPx: number): number => (widthPx / PX_PER_SECOND) * 1e6;

/** Oldest moment still on the screen when the hand stands at `headUs`. */
const oldestShown = (headUs: number, widthPx: number): number =>
  headUs - Math.max(0, sweepUs(widthPx) - (WIPE_PX / PX_PER_SECOND) * 1e6);

/** How values become heights. */
export interface Scale {
  readonly pxPerUnit: number;
  /** The value that lies on the middle of the strip. */
  readonly middle: number;
  /** mm per unit, as shown beside the trace. */
  readonly mmPerUnit: number;
}

export const yOf = (value: number, scale: Scale, heightPx: number): number =>
  heightPx / 2 - (value - scale.middle) * scale.pxPerUnit;

const ECG_GAINS_MM_PER_MV = [10, 5, 2.5, 1.25] as const;

/** 10 mm/mV, or the first smaller usual gain at which the trace is not cut off; the mark beside it always says which. */
export const ecgScale = (low: number, high: number, heightPx: number): Scale => {
  const middle = (low + high) / 2;
  const room = heightPx * 0.96;
  const mmPerUnit =
    ECG_GAINS_MM_PER_MV.find((gain) => (high - low) * gain * PX_PER_MM <= room) ?? ECG_GAINS_MM_PER_MV.at(-1)!;
  return { pxPerUnit: mmPerUnit * PX_PER_MM, middle, mmPerUnit };
};

/** Signals without a fixed gain (pleth, pressures) fill the strip. */
export const fittingScale = (low: number, high: number, heightPx: number): Scale => {
  const range = Math.max(high - low, 1e-6);
  const pxPerUnit = (heightPx * 0.86) / range;
  return { pxPerUnit, middle: (low + high) / 2, mmPerUnit: pxPerUnit / PX_PER_MM };
};

/** The part of a canvas context that a trace needs. */
export interface Pen {
  readonly moveTo: (x: number, y: number) => void;
  readonly lineTo: (x: number, y: number) => void;
}

/**
 * Draws samples `from` to `to` (exclusive), joined to the one before `from`. Never joins over a hole, and never over the
 * right edge. Returns how many pen strokes were made.
 */
export const trace = (
  pen: Pen,
  ring: WaveRing,
  from: number,
  to: number,
  scale: Scale,
  widthPx: number,
  heightPx: number,
): number => {
  let strokes = 0;
  let down = false;
  let xBefore = 0;
  const xPerSample = PX_PER_SECOND / ring.rateHz;
  const x0 = xOf(ring.originUs, widthPx);
  for (let i = Math.max(0, from - 1); i < to; i++) {
    const value = valueAt(ring, i);
    if (Number.isNaN(value)) {
      down = false;
      continue;
    }
    const x = (x0 + i * xPerSample) % widthPx;
    const y = yOf(value, scale, heightPx);
    if (down && x >= xBefore) {
      pen.lineTo(x, y);
      strokes += 1;
    } else pen.moveTo(x, y);
    down = true;
    xBefore = x;
  }
  return strokes;
};

/** Sample numbers that a whole painting covers when the hand stands at `headUs`. */
export const wholeSweep = (ring: WaveRing, headUs: number, widthPx: number): readonly [number, number] => [
  Math.max(0, Math.ceil(sampleAt(ring, oldestShown(headUs, widthPx)))),
  Math.max(0, Math.floor(sampleAt(ring, headUs)) + 1),
];

/** The strips of x to wipe when the hand goes from one moment to a later one: one, or two around the right edge. */
export const wiped = (fromUs: number, toUs: number, widthPx: number): readonly (readonly [number, number])[] => {
  const widthWiped = Math.min(widthPx, ((toUs - fromUs) / 1e6) * PX_PER_SECOND);
  const start = (xOf(fromUs, widthPx) + WIPE_PX) % widthPx;
  const end = start + widthWiped;
  return end <= widthPx
    ? [[start, end]]
    : [
        [start, widthPx],
        [0, end - widthPx],
      ];
};
