import { escaped } from './page.ts';

/** A signal of a recording, in its unit. */
export interface StripSignal {
  readonly name: string;
  readonly unit: string;
  readonly rateHz: number;
  /** The whole recording; NaN where nothing was measured. */
  readonly samples: ArrayLike<number>;
}

/** A word at a moment. */
export interface StripWord {
  readonly atSeconds: number;
  readonly text: string;
  readonly isWrong: boolean;
}

export interface Strip {
  readonly title: string;
  readonly fromSeconds: number;
  readonly lengthSeconds: number;
  readonly signals: readonly StripSignal[];
  readonly above?: readonly StripWord[];
  readonly below?: readonly StripWord[];
}

const WIDTH = 1_000;
const SIGNAL_HEIGHT = 90;
const PX_PER_MV = 25;
const TOP = 38;
const BOTTOM = 36;

/** Pixels of one unit: paper's 25 to the millivolt where they fit, else as many as fit. */
const scaleOf = (unit: string, low: number, high: number): number => {
  const fitting = (0.85 * SIGNAL_HEIGHT) / Math.max(1e-9, high - low);
  return unit === 'mV' ? Math.min(PX_PER_MV, fitting) : fitting;
};

const BAR_PX = 10;

/** The least round number of units (1, 2 or 5 and zeros) that is so many pixels high that it can be seen. */
const barUnits = (pxPerUnit: number): number => {
  const least = BAR_PX / pxPerUnit;
  const tenfold = 10 ** Math.floor(Math.log10(least));
  const round = [1, 2, 5, 10].find((each) => each * tenfold >= least) ?? 10;
  return Number((round * tenfold).toPrecision(1));
};

const drawn = ({ name, unit, rateHz, samples }: StripSignal, { fromSeconds, lengthSeconds }: Strip, row: number) => {
  const first = Math.max(0, Math.round(fromSeconds * rateHz));
  const last = Math.min(samples.length, Math.round((fromSeconds + lengthSeconds) * rateHz));
  const part = Array.from({ length: Math.max(0, last - first) }, (_, i) => samples[first + i]!);
  const sorted = part.filter(Number.isFinite).sort((a, b) => a - b);
  const [low, high] = [sorted[0] ?? 0, sorted.at(-1) ?? 0];
  const px = scaleOf(unit, low, high);
  const middle = (low + high) / 2;
  const y = (value: number): number => TOP + SIGNAL_HEIGHT * (row + 0.5) - px * (value - middle);
  let path = '';
  let isDown = false;
  for (const [i, value] of part.entries()) {
    if (Number.isFinite(value)) {
      const x = (((first + i) / rateHz - fromSeconds) / lengthSeconds) * WIDTH;
      path += `${isDown ? 'L' : 'M'}${x.toFixed(1)} ${y(value).toFixed(1)}`;
    }
    isDown = Number.isFinite(value);
  }
  const bar = barUnits(px);
  const bottom = TOP + SIGNAL_HEIGHT * (row + 1) - 4;
  const label = sorted.length === 0 ? `${name}: no sample` : `${name}, bar ${bar} ${unit}`;
  return (
    `<path d="${path}" fill="none" stroke="#111"/>` +
    (sorted.length === 0
      ? ''
      : `<path d="M3 ${bottom}v${(-px * bar).toFixed(1)}" stroke="#b3400a" stroke-width="2"/>`) +
    `<text x="8" y="${bottom}">${escaped(label)}</text>`
  );
};

/** Some seconds of a recording as SVG: a line a second, each signal with a bar of its unit, words above and below. */
export const svgStrip = (strip: Strip): string => {
  const { title, fromSeconds, lengthSeconds, signals, above = [], below = [] } = strip;
  const x = (seconds: number): string => (((seconds - fromSeconds) / lengthSeconds) * WIDTH).toFixed(1);
  const end = TOP + SIGNAL_HEIGHT * signals.length;
  const seconds = Array.from({ length: Math.floor(lengthSeconds) + 1 }, (_, i) => Math.ceil(fromSeconds) + i);
  const grid = seconds
    .filter((at) => at <= fromSeconds + lengthSeconds)
    .map(
      (at) =>
        `<path d="M${x(at)} ${TOP}V${end}" class="grid"/><text x="${x(at)}" y="${end + 32}" text-anchor="middle">${at} s</text>`,
    );
  const words = (said: readonly StripWord[], y: number): string =>
    said
      .filter(({ atSeconds }) => atSeconds >= fromSeconds && atSeconds < fromSeconds + lengthSeconds)
      .map(
        ({ atSeconds, text, isWrong }) =>
          `<text x="${x(atSeconds)}" y="${y}" text-anchor="middle" style="font-size:14px;${isWrong ? 'fill:#b00;font-weight:700;text-decoration:underline' : 'fill:#456'}">${escaped(text)}</text>`,
      )
      .join('');
  return (
    `<svg viewBox="0 0 ${WIDTH} ${end + BOTTOM}" role="img" aria-label="${escaped(title)}">` +
    `<text x="2" y="13" class="title">${escaped(title)}</text>${grid.join('')}${words(above, TOP - 6)}` +
    `${signals.map((signal, row) => drawn(signal, strip, row)).join('')}${words(below, end + 16)}</svg>`
  );
};
