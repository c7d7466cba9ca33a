/** Which scale a strip is drawn at, and how long one stands. */
import { isEcgLead } from '../../../../../schemas/codes.ts';
import { ecgScale, fittingScale, type Scale, sweepUs } from './sweep.ts';
import type { Span } from './wave-ring.ts';

/**
 * The scale for a signal whose values lie within `span`; `before` itself (===) where only a little has wandered: a strip that shifts at every
 * sweep is hard to read.
 */
export const steadyScale = (code: number, span: Span, heightPx: number, before: Scale | undefined): Scale => {
  const make = isEcgLead(code) ? ecgScale : fittingScale;
  const scale = make(span.low, span.high, heightPx);
  if (before === undefined) return scale;
  const room = heightPx * 0.5;
  const stillFits =
    Math.abs(before.pxPerUnit / scale.pxPerUnit - 1) < 0.12 &&
    (span.high - before.middle) * before.pxPerUnit < room &&
    (before.middle - span.low) * before.pxPerUnit < room &&
    Math.abs(before.middle - scale.middle) * scale.pxPerUnit < heightPx * 0.12;
  return stillFits ? before : scale;
};

/** How long a scale stands: that of a young trace rests on little, so it is looked at every half second, and later once per sweep. */
export const rescaleAfterUs = (widthPx: number, traceUs: number): number =>
  Math.min(sweepUs(widthPx), Math.max(0.5e6, traceUs / 2));
