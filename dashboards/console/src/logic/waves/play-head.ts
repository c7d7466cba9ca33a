/**
 * Where a bed's sweep stands: a little behind the newest sample, so that waves which come in pieces are drawn as a steady hand.
 * The head follows time, not the data: when pieces stop coming it goes on and leaves a hole.
 */
export interface PlayHead {
  /** Smallest lag (server time minus the end of the piece) of this stretch of listening, and of the one before it. */
  readonly lagUs: number;
  readonly lagBeforeUs: number;
  readonly stretchFromUs: number;
  /** Longest piece heard lately: the head must stay that far back. */
  readonly pieceUs: number;
}

const STRETCH_US = 15e6;
/** Against unevenness on the way. */
const MARGIN_US = 150e3;
const PIECE_MOST_US = 1e6;

/** The head after a piece that ended at `endUs` (bed time), `pieceUs` long, came at server time `nowUs`. */
export const hearPiece = (before: PlayHead | undefined, endUs: number, pieceUs: number, nowUs: number): PlayHead => {
  const lagUs = nowUs - endUs;
  const bounded = Math.min(pieceUs, PIECE_MOST_US);
  if (before === undefined) return { lagUs, lagBeforeUs: lagUs, stretchFromUs: nowUs, pieceUs: bounded };
  if (nowUs - before.stretchFromUs > STRETCH_US)
    return { lagUs, lagBeforeUs: before.lagUs, stretchFromUs: nowUs, pieceUs: Math.max(bounded, before.pieceUs * 0.9) };
  return {
    ...before,
    lagUs: Math.min(before.lagUs, lagUs),
    pieceUs: Math.max(before.pieceUs, bounded),
  };
};

/** How far behind server time the head stands. */
export const delayOf = (head: PlayHead): number => Math.min(head.lagUs, head.lagBeforeUs) + head.pieceUs + MARGIN_US;

/** Bed time under the head. */
export const headAt = (head: PlayHead, nowUs: number): number => nowUs - delayOf(head);

/** Beyond this the trace says how late it is. */
export const LATE_US = 3e6;
