import { type KeyboardEvent, type PointerEvent, useRef } from 'react';
import { stepped } from './logic/calipers.ts';
import { type Paper, usAt, xOf } from './logic/paper.ts';
import type { Trace } from './logic/traces.ts';

interface CaliperLineProps {
  readonly name: 'A' | 'B';
  readonly us: number;
  readonly paper: Paper;
  /** Whose samples the line stands on. */
  readonly trace: Trace | undefined;
  readonly words: string;
  readonly onMove: (us: number) => void;
}

/** Samples a key goes: one, with Shift ten; Page Up and Page Down fifty. */
const STEPS: Readonly<Record<string, number>> = {
  ...{ ArrowRight: 1, ArrowUp: 1, ArrowLeft: -1, ArrowDown: -1, PageUp: 50, PageDown: -50 },
};

/** One of the two lines: dragged by mouse or finger, moved sample by sample with the keys. */
export const CaliperLine = ({ name, us, paper, trace, words, onMove }: CaliperLineProps) => {
  const line = useRef<HTMLDivElement>(null);
  const within = (wanted: number): number => Math.min(paper.toUs, Math.max(paper.fromUs, wanted));
  const drag = (event: PointerEvent): void => {
    const sheet = line.current?.parentElement;
    if (!sheet || !line.current?.hasPointerCapture(event.pointerId)) return;
    onMove(within(usAt(paper, event.clientX - sheet.getBoundingClientRect().left)));
  };
  const press = (event: KeyboardEvent): void => {
    const step = STEPS[event.key];
    if (step === undefined) return;
    event.preventDefault();
    onMove(within(stepped(trace, us, step * (event.shiftKey ? 10 : 1))));
  };
  return (
    <div
      ref={line}
      className={`caliper caliper-${name.toLowerCase()}`}
      style={{ left: xOf(paper, us) - 12 }}
      role="slider"
      tabIndex={0}
      aria-label={`Caliper ${name}`}
      aria-valuemin={0}
      aria-valuemax={(paper.toUs - paper.fromUs) / 1e3}
      aria-valuenow={(us - paper.fromUs) / 1e3}
      aria-valuetext={words}
      data-caliper={name}
      data-us={us}
      onPointerDown={(event) => {
        event.preventDefault();
        line.current?.focus({ preventScroll: true });
        line.current?.setPointerCapture(event.pointerId);
      }}
      onPointerMove={drag}
      onKeyDown={press}
    >
      <span aria-hidden="true">{name}</span>
    </div>
  );
};
