import { escaped } from './page.ts';

/** A line of points, both coordinates 0 … 1 of the axes. */
export interface PlotLine {
  readonly name: string;
  readonly points: readonly (readonly [number, number])[];
  /** A helping line: thin and grey. */
  readonly isGuide?: boolean;
  /** Dots at the points. */
  readonly hasDots?: boolean;
}

/** From corner to corner: a score that knows nothing, on a ROC; one that is right, on a calibration. */
export const CHANCE: PlotLine = {
  name: 'chance',
  isGuide: true,
  points: [
    [0, 0],
    [1, 1],
  ],
};

/** The least round number that is not below: 1, 2, 4, 6 or 8 and zeros, whose quarters are short to write. */
export const roundAbove = (most: number): number => {
  const tenfold = 10 ** Math.floor(Math.log10(Math.max(Number.MIN_VALUE, most)) + 1e-9);
  const round = [1, 2, 4, 6, 8].find((each) => each * tenfold >= most * (1 - 1e-9)) ?? 10;
  return Number((round * tenfold).toPrecision(1));
};

export interface Plot {
  readonly title: string;
  readonly across: string;
  readonly up: string;
  /** What the ends of the axes stand for at least (they end at a round number); 1 where nothing is said. */
  readonly acrossMax?: number;
  readonly upMax?: number;
  readonly lines: readonly PlotLine[];
}

const WIDTH = 320;
const HEIGHT = 300;
const LEFT = 46;
const TOP = 30;
const SIDE = 230;
const COLOURS = ['#0b5fa5', '#b3400a', '#2e7d32', '#6a1b9a'] as const;
/** Lines are told apart on paper without colour too. */
const DASHES = ['', '7 3', '2 3', '9 3 2 3'] as const;
const LEGEND_LINE = 14;
const TICKS = [0, 0.25, 0.5, 0.75, 1] as const;

const strokeOf = ({ isGuide }: Pick<PlotLine, 'isGuide'>, number: number) => {
  const colour = isGuide ? '#999' : COLOURS[number % COLOURS.length];
  const dash = isGuide ? '' : DASHES[number % DASHES.length];
  return {
    colour,
    stroke: `stroke="${colour}" stroke-width="${isGuide ? 1 : 2}" stroke-dasharray="${dash || 'none'}"`,
  };
};

/** A plot as an SVG element, without anything from outside, so that a report is one file. */
export const svgPlot = ({ title, across, up, lines, ...most }: Plot): string => {
  const acrossMax = roundAbove(most.acrossMax ?? 1);
  const upMax = roundAbove(most.upMax ?? 1);
  const x = (share: number): string => (LEFT + SIDE * share).toFixed(1);
  const y = (share: number): string => (TOP + SIDE * (1 - share)).toFixed(1);
  const tick = (value: number): string => String(Number(value.toPrecision(2)));
  const grid = TICKS.map(
    (at) =>
      `<path d="M${x(at)} ${y(0)}V${y(1)}M${x(0)} ${y(at)}H${x(1)}" class="grid"/>` +
      `<text x="${x(at)}" y="${TOP + SIDE + 15}" text-anchor="middle">${tick(at * acrossMax)}</text>` +
      `<text x="${LEFT - 5}" y="${Number(y(at)) + 4}" text-anchor="end">${tick(at * upMax)}</text>`,
  ).join('');
  const drawn = lines.map(({ points, hasDots, ...line }, i) => {
    const path = points.map(([a, b], k) => `${k === 0 ? 'M' : 'L'}${x(a / acrossMax)} ${y(b / upMax)}`).join('');
    const { colour, stroke } = strokeOf(line, i);
    const dots = hasDots
      ? points
          .map(([a, b]) => `<circle cx="${x(a / acrossMax)}" cy="${y(b / upMax)}" r="3" fill="${colour}"/>`)
          .join('')
      : '';
    return `<path d="${path}" fill="none" ${stroke}/>${dots}`;
  });
  const legend = lines.map((line, i) => {
    const at = HEIGHT + LEGEND_LINE * i;
    return `<path d="M${LEFT} ${at + 2}h24" ${strokeOf(line, i).stroke}/><text x="${LEFT + 30}" y="${at + 6}">${escaped(line.name)}</text>`;
  });
  const height = HEIGHT + LEGEND_LINE * lines.length + 4;
  const label = escaped(`${title}: ${up} against ${across}; ${lines.map(({ name }) => name).join(', ')}`);
  return (
    `<svg viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}" role="img" aria-label="${label}">` +
    `<text x="${LEFT}" y="18" class="title">${escaped(title)}</text>${grid}${drawn.join('')}${legend.join('')}` +
    `<text x="${LEFT + SIDE / 2}" y="${HEIGHT - 6}" text-anchor="middle">${escaped(across)}</text>` +
    `<text transform="translate(11 ${TOP + SIDE / 2}) rotate(-90)" text-anchor="middle">${escaped(up)}</text></svg>`
  );
};
