import { type RefObject, useCallback, useEffect, useLayoutEffect, useMemo, useRef } from 'react';
import { isEcgLead } from '../../../../schemas/codes.ts';
import type { ReviewStretch } from '../../../../schemas/review.ts';
import { CaliperLine } from './caliper-line.tsx';
import { type Calipers, marchedOut, snapped } from './logic/calipers.ts';
import {
  type Gain,
  HEAD_MM,
  type Paper,
  PX_PER_MM,
  ROW_MM,
  rowScale,
  type Speed,
  usAt,
  widthPx,
  xOf,
} from './logic/paper.ts';
import { gapsOf, spreadOf, type Trace } from './logic/traces.ts';
import { paintPaper, type Row, type Sheet, sheetHeightPx } from './paint-paper.ts';

export interface PaperLook {
  readonly speed: Speed;
  readonly gain: Gain;
  readonly isMarching: boolean;
}

interface PaperViewProps {
  readonly stretch: ReviewStretch;
  readonly traces: readonly Trace[];
  /** Comes into the middle when it is another one. */
  readonly atUs: number;
  readonly look: PaperLook;
  /** The trace that is measured. */
  readonly trace: Trace | undefined;
  readonly calipers: Calipers;
  readonly onCalipers: (calipers: Calipers) => void;
  readonly momentText: (us: number) => string;
}

const rowsOf = (traces: readonly Trace[], { fromUs, toUs }: ReviewStretch, gain: Gain): readonly Row[] =>
  traces.flatMap((trace) => {
    const spread = spreadOf(trace);
    if (spread === undefined) return [];
    const scale = rowScale({ gain }, isEcgLead(trace.code), trace.unit, spread);
    return [{ trace, scale, gaps: gapsOf(trace, fromUs, toUs) }];
  });

/** Paints at the next frame whenever the sheet, the place or the size is another. */
const usePainted = (scroller: RefObject<HTMLDivElement | null>, sheet: Sheet) => {
  const canvas = useRef<HTMLCanvasElement>(null);
  const paint = useCallback(() => {
    if (canvas.current && scroller.current) paintPaper(canvas.current, sheet, scroller.current.scrollLeft);
  }, [sheet, scroller]);
  useLayoutEffect(paint, [paint]);
  useEffect(() => {
    const element = scroller.current;
    if (element === null) return;
    let frame = 0;
    const soon = (): void => {
      cancelAnimationFrame(frame);
      frame = requestAnimationFrame(paint);
    };
    element.addEventListener('scroll', soon, { passive: true });
    const sizes = new ResizeObserver(soon);
    sizes.observe(element);
    return () => {
      cancelAnimationFrame(frame);
      element.removeEventListener('scroll', soon);
      sizes.disconnect();
    };
  }, [paint, scroller]);
  return canvas;
};

/** The stretch on ECG paper, with two calipers. What is not in sight is scrolled to. */
export const PaperView = (props: PaperViewProps) => {
  const { stretch, traces, atUs, look, trace, calipers, onCalipers, momentText } = props;
  const scroller = useRef<HTMLDivElement>(null);
  const { fromUs, toUs } = stretch;
  const { speed, gain, isMarching } = look;
  const paper: Paper = useMemo(() => ({ fromUs, toUs, speed, gain }), [fromUs, toUs, speed, gain]);
  const rows = useMemo(() => rowsOf(traces, stretch, gain), [traces, stretch, gain]);
  const sheet: Sheet = useMemo(
    () => ({ paper, rows, marks: stretch, march: isMarching ? marchedOut(calipers, fromUs, toUs) : [] }),
    [paper, rows, stretch, isMarching, calipers, fromUs, toUs],
  );
  const canvas = usePainted(scroller, sheet);
  const middlePx = xOf(paper, atUs);
  useLayoutEffect(() => {
    const element = scroller.current;
    if (element !== null) element.scrollLeft = middlePx - element.clientWidth / 2;
  }, [middlePx]);
  const move = (name: keyof Calipers) => (us: number) => onCalipers({ ...calipers, [name]: snapped(trace, us) });
  const bringHere = (): void => {
    const { scrollLeft, clientWidth } = scroller.current!;
    const [aUs, bUs] = [0.4, 0.6].map((share) => snapped(trace, usAt(paper, scrollLeft + clientWidth * share)));
    onCalipers({ aUs: aUs!, bUs: bUs! });
  };
  const height = sheetHeightPx(rows.length);
  return (
    <>
      <button type="button" className="act here" onClick={bringHere}>
        Bring the calipers here
      </button>
      <section
        ref={scroller}
        className="paper"
        aria-label="Waves on ECG paper"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable from the keyboard (WCAG 2.1.1)
        tabIndex={0}
        style={{ height: height + 18 }}
      >
        <div className="paper-sheet" style={{ width: widthPx(paper), height }}>
          <canvas
            ref={canvas}
            role="img"
            aria-label={`${rows.map((row) => row.trace.label).join(', ')} from ${momentText(fromUs)} to ${momentText(toUs)}`}
          />
          {(['A', 'B'] as const).map((name) => {
            const us = name === 'A' ? calipers.aUs : calipers.bUs;
            const onMove = move(name === 'A' ? 'aUs' : 'bUs');
            return <CaliperLine key={name} {...{ name, us, paper, trace, onMove }} words={momentText(us)} />;
          })}
          <div className="paper-labels">
            {rows.map((row, number) => (
              <p
                key={`${row.trace.code} ${row.trace.source}`}
                style={{ top: (HEAD_MM + number * ROW_MM + 1) * PX_PER_MM }}
              >
                <b>{row.trace.label}</b> {row.scale.words}
                {traces.filter(({ code }) => code === row.trace.code).length > 1 ? ` · ${row.trace.source}` : ''}
              </p>
            ))}
          </div>
        </div>
      </section>
    </>
  );
};
