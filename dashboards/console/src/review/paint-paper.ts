/** Draws the part of the paper that is in sight. */

import type { ReviewStretch } from '../../../../schemas/review.ts';
import { fittedCanvas } from './fitted-canvas.ts';
import { HEAD_MM, type Paper, PX_PER_MM, ROW_MM, type RowScale, usAt, widthPx, xOf } from './logic/paper.ts';
import { goesOn, type Trace } from './logic/traces.ts';

export interface Row {
  readonly trace: Trace;
  readonly scale: RowScale;
  readonly gaps: readonly (readonly [fromUs: number, toUs: number])[];
}

export interface Sheet {
  readonly paper: Paper;
  readonly rows: readonly Row[];
  readonly marks: Pick<ReviewStretch, 'beats' | 'rhythms' | 'resets'>;
  /** Where the calipers' interval comes again. */
  readonly march: readonly number[];
}

const GROUND = '#fffaf3';
const FINE = '#f6dcd4';
const BOLD = '#e9b3a6';
const INK = '#16181a';
const QUIET = '#5b4a45';
const ACCENT = '#0b4fa8';
const GAP = '#e3ddd6';

export const sheetHeightPx = (rows: number): number => (HEAD_MM + rows * ROW_MM + 4) * PX_PER_MM;
const middleOf = (row: number): number => (HEAD_MM + (row + 0.5) * ROW_MM) * PX_PER_MM;

const line = (context: CanvasRenderingContext2D, x1: number, y1: number, x2: number, y2: number): void => {
  context.moveTo(x1, y1);
  context.lineTo(x2, y2);
};

/** Squares of 1 and 5 mm. The paper's first moment lies on a thick line. */
const drawGrid = (context: CanvasRenderingContext2D, scrolled: number, width: number, height: number): void => {
  context.fillStyle = GROUND;
  context.fillRect(0, 0, width, height);
  for (const isBold of [false, true]) {
    context.beginPath();
    for (let mm = Math.floor(scrolled / PX_PER_MM); mm * PX_PER_MM <= scrolled + width; mm++)
      if ((mm % 5 === 0) === isBold) line(context, mm * PX_PER_MM - scrolled, 0, mm * PX_PER_MM - scrolled, height);
    for (let mm = 0; mm * PX_PER_MM <= height; mm++)
      if ((mm % 5 === 4) === isBold) line(context, 0, mm * PX_PER_MM, width, mm * PX_PER_MM);
    context.strokeStyle = isBold ? BOLD : FINE;
    context.lineWidth = isBold ? 1 : 0.6;
    context.stroke();
  }
};

const clock = (us: number): string => new Date(us / 1e3).toLocaleTimeString('en-GB', { hourCycle: 'h23' });

const drawHead = (
  context: CanvasRenderingContext2D,
  { paper, marks }: Sheet,
  scrolled: number,
  width: number,
): void => {
  context.font = '11px system-ui, sans-serif';
  context.textBaseline = 'top';
  context.fillStyle = QUIET;
  for (let s = Math.ceil(usAt(paper, scrolled) / 1e6); s * 1e6 <= usAt(paper, scrolled + width); s++) {
    const x = xOf(paper, s * 1e6) - scrolled;
    context.fillRect(x, 0, 1, 5);
    context.fillText(clock(s * 1e6), x + 3, 1);
  }
  for (const { fromUs, toUs, word } of marks.rhythms) {
    const [x, end] = [xOf(paper, fromUs) - scrolled, xOf(paper, toUs) - scrolled];
    if (end < 0 || x > width) continue;
    context.fillStyle = ACCENT;
    context.fillRect(x, 17, end - x, 2);
    context.fillText(word, Math.max(x, 2), 21);
  }
  context.textAlign = 'center';
  context.font = 'bold 12px system-ui, sans-serif';
  for (const { atUs, symbol } of marks.beats) {
    const x = xOf(paper, atUs) - scrolled;
    if (x < -10 || x > width + 10) continue;
    context.fillStyle = symbol === 'N' ? QUIET : '#a3121a';
    context.fillText(symbol === '|' ? '×' : symbol, x, 36);
  }
  context.textAlign = 'left';
};

const drawGaps = (
  context: CanvasRenderingContext2D,
  { gaps }: Row,
  paper: Paper,
  top: number,
  scrolled: number,
  width: number,
): void => {
  for (const [fromUs, toUs] of gaps) {
    const [x, end] = [Math.max(0, xOf(paper, fromUs) - scrolled), Math.min(width, xOf(paper, toUs) - scrolled)];
    if (end <= x) continue;
    context.fillStyle = GAP;
    context.fillRect(x, top, end - x, (ROW_MM - 2) * PX_PER_MM);
    context.fillStyle = QUIET;
    if (end - x > 60) context.fillText('no samples', x + 6, top + 6);
  }
};

const drawTrace = (
  context: CanvasRenderingContext2D,
  { trace, scale }: Row,
  paper: Paper,
  middle: number,
  scrolled: number,
  width: number,
): void => {
  const [fromUs, toUs] = [usAt(paper, scrolled - 4), usAt(paper, scrolled + width + 4)];
  context.beginPath();
  context.strokeStyle = INK;
  context.lineWidth = 1.1;
  context.lineJoin = 'round';
  let isDown = false;
  trace.pieces.forEach((piece, number) => {
    if (!goesOn(trace.pieces[number - 1], piece)) isDown = false;
    const first = Math.max(0, Math.floor((fromUs - piece.startUs) / piece.stepUs));
    const last = Math.min(piece.values.length - 1, Math.ceil((toUs - piece.startUs) / piece.stepUs));
    if (first > 0) isDown = false;
    for (let i = first; i <= last; i++) {
      const value = piece.values[i]!;
      const x = xOf(paper, piece.startUs + i * piece.stepUs) - scrolled;
      const y = middle - (value - scale.middle) * scale.pxPerUnit;
      if (Number.isNaN(value)) isDown = false;
      else if (isDown) context.lineTo(x, y);
      else {
        context.moveTo(x, y);
        isDown = true;
      }
    }
  });
  context.stroke();
};

/** `scrolledPx`: how much of the paper lies to the left of what is in sight. */
export const paintPaper = (canvas: HTMLCanvasElement, sheet: Sheet, scrolledPx: number): void => {
  const fitted = fittedCanvas(canvas);
  if (fitted === undefined) return;
  const { context, width, height } = fitted;
  const shown = Math.min(width, widthPx(sheet.paper) - scrolledPx);
  drawGrid(context, scrolledPx, shown, height);
  drawHead(context, sheet, scrolledPx, shown);
  context.font = '11px system-ui, sans-serif';
  sheet.rows.forEach((row, number) => {
    const middle = middleOf(number);
    drawGaps(context, row, sheet.paper, middle - (ROW_MM / 2 - 1) * PX_PER_MM, scrolledPx, shown);
    drawTrace(context, row, sheet.paper, middle, scrolledPx, shown);
  });
  context.fillStyle = ACCENT;
  for (const us of sheet.march) context.fillRect(xOf(sheet.paper, us) - scrolledPx, HEAD_MM * PX_PER_MM, 1, height);
  context.fillStyle = '#a3121a';
  for (const { atUs, why } of sheet.marks.resets) {
    const x = xOf(sheet.paper, atUs) - scrolledPx;
    context.fillRect(x, 0, 2, height);
    context.fillText(why, x + 5, HEAD_MM * PX_PER_MM + 4);
  }
};
