import { type KeyboardEvent, useEffect, useRef, useState } from 'react';
import type { ReviewEvent, ReviewOverview } from '../../../../schemas/review.ts';
import { fittedCanvas } from './fitted-canvas.ts';
import { bandSpan, dayAround, heightOfRate } from './logic/overview-look.ts';
import { useAsked } from './use-asked.ts';

const EVENT_COLOURS: Readonly<Record<string, string>> = { high: '#ff5a62', medium: '#ffd60a', low: '#3ccfe6' };
const EVENTS_PX = 8;

const paint = (
  canvas: HTMLCanvasElement,
  overview: ReviewOverview,
  events: readonly ReviewEvent[],
  atUs: number,
): void => {
  const fitted = fittedCanvas(canvas);
  if (fitted === undefined) return;
  const { context, width, height } = fitted;
  const { fromUs, toUs, columnUs, ecgLeast, ecgMost, heartRateLeast, heartRateMost } = overview;
  const xOf = (us: number): number => ((us - fromUs) / (toUs - fromUs)) * width;
  const half = (height - EVENTS_PX) / 2;
  context.font = '11px system-ui, sans-serif';
  context.fillStyle = '#9aabb8';
  for (let us = Math.ceil(fromUs / 3_600e6) * 3_600e6; us < toUs; us += 3_600e6) {
    context.fillRect(xOf(us), EVENTS_PX, 1, us % (4 * 3_600e6) === 0 ? height : 4);
    const hour = new Date(us / 1e3).toLocaleTimeString('en-GB', { hour: '2-digit', minute: '2-digit' });
    if (us % (4 * 3_600e6) === 0) context.fillText(hour, xOf(us) + 3, height - 3);
  }
  for (const rate of [50, 100, 150]) {
    const y = EVENTS_PX + half + heightOfRate(rate) * half;
    context.fillRect(0, y, width, 0.5);
    context.fillText(String(rate), 2, y - 2);
  }
  const column = Math.max(1, (columnUs / (toUs - fromUs)) * width);
  const [low, high] = bandSpan(overview);
  const yOf = (mV: number): number =>
    EVENTS_PX + (1 - Math.min(1, Math.max(0, (mV - low) / (high - low)))) * (half - 4);
  const band = (
    colour: string,
    top: readonly (number | null)[],
    bottom: readonly (number | null)[],
    y: (value: number) => number,
  ) => {
    context.fillStyle = colour;
    top.forEach((most, i) => {
      const least = bottom[i] ?? null;
      if (most === null || least === null) return;
      context.fillRect(xOf(fromUs + i * columnUs), y(most), column, Math.max(1.5, y(least) - y(most)));
    });
  };
  band('#3fe07f', ecgMost, ecgLeast, yOf);
  band('#e9f0f4', heartRateMost, heartRateLeast, (rate) => EVENTS_PX + half + heightOfRate(rate) * half);
  for (const { atUs: us, priority } of events) {
    if (us < fromUs || us >= toUs) continue;
    context.fillStyle = EVENT_COLOURS[priority ?? ''] ?? '#9aabb8';
    context.fillRect(xOf(us), 0, 1.5, EVENTS_PX - 1);
  }
  context.fillStyle = '#7cc4ff';
  context.fillRect(xOf(atUs) - 1, 0, 2, height);
};

interface OverviewProps {
  readonly bed: string;
  readonly atUs: number;
  readonly nowUs: number;
  readonly events: readonly ReviewEvent[];
  readonly momentText: (us: number) => string;
  readonly onGo: (atUs: number) => void;
}

/** A day at a glance: how far ECG and heart rate went in each column, and what happened. A press, or a key, looks at that moment. */
export const Overview = ({ bed, atUs, nowUs, events, momentText, onGo }: OverviewProps) => {
  const canvas = useRef<HTMLCanvasElement>(null);
  const [day, setDay] = useState(() => dayAround(atUs, nowUs));
  const { fromUs, toUs } = day;
  // It stays as long as what is looked at lies in it.
  if (atUs < fromUs || atUs > toUs) setDay(dayAround(atUs, nowUs));
  const asked = useAsked<ReviewOverview>({ path: 'overview', bed, fromUs, toUs });
  const overview = asked.tag === 'There' ? asked.answer : undefined;
  useEffect(() => {
    const element = canvas.current;
    if (element === null || overview === undefined) return;
    const draw = (): void => paint(element, overview, events, atUs);
    draw();
    const sizes = new ResizeObserver(draw);
    sizes.observe(element);
    return () => sizes.disconnect();
  }, [overview, events, atUs]);
  const column = overview?.columnUs ?? 72e6;
  const press = (event: KeyboardEvent): void => {
    const steps: Readonly<Record<string, number>> = {
      ...{ ArrowRight: column, ArrowUp: column, ArrowLeft: -column, ArrowDown: -column },
      ...{ PageUp: 3_600e6, PageDown: -3_600e6 },
    };
    const step = steps[event.key];
    if (step === undefined) return;
    event.preventDefault();
    onGo(Math.min(toUs, Math.max(fromUs, atUs + step)));
  };
  return (
    <section className="overview" aria-label="The day">
      <p className="quiet">
        {momentText(fromUs)} to {momentText(toUs)}: ECG (least to most of each {Math.round(column / 1e6)} s), heart
        rate, events
      </p>
      {asked.tag === 'Failed' ? <p className="missing">{asked.sentence}</p> : null}
      {overview?.missing.map((one) => (
        <p key={one} className="missing">
          Not there: {one}
        </p>
      ))}
      <canvas
        ref={canvas}
        role="slider"
        tabIndex={0}
        aria-label="Moment of the day"
        aria-valuemin={0}
        aria-valuemax={(toUs - fromUs) / 1e6}
        aria-valuenow={Math.round((atUs - fromUs) / 1e6)}
        aria-valuetext={momentText(atUs)}
        data-overview={asked.tag}
        onClick={({ clientX, currentTarget }) => {
          const { left, width } = currentTarget.getBoundingClientRect();
          onGo(fromUs + Math.min(1, Math.max(0, (clientX - left) / width)) * (toUs - fromUs));
        }}
        onKeyDown={press}
      />
    </section>
  );
};
