import * as E from 'fp-ts/lib/Either.js';
import { readRecord, type WfdbRecord } from '../../recordings/wfdb/record.ts';
import { escaped, htmlTable, page, paragraphs } from '../page.ts';
import { TOO_FEW_SENTENCE } from '../subgroups.ts';
import { beatStrip, STRIP_S } from './beat-strip.ts';
import { grossTable, matrixTable, recordTable, subgroupTable, worstTable } from './beats-tables.ts';
import { beatsPreface, delaySentence } from './beats-text.ts';
import type { BeatEvaluation } from './evaluate-beats.ts';
import type { BeatError, JudgedRecord } from './judge-beats.ts';

const WORST_RECORDS = 5;
const STRIPS = 3;

/** Records side by side in one plot; more of them go below. */
const BARS_PER_ROW = 25;
const BARS_WIDTH = 1_000;
const BARS_HEIGHT = 150;
const BARS_LEFT = 44;

/** Shares of one class of some records as bars: sensitivity dark, positive predictivity light. */
const barsOf = (records: BeatEvaluation['records'], name: 'S' | 'V'): string => {
  const step = (BARS_WIDTH - BARS_LEFT) / BARS_PER_ROW;
  const y = (share: number): number => 8 + BARS_HEIGHT * (1 - share);
  const bar = (share: number, at: number, fill: string): string =>
    Number.isFinite(share)
      ? `<rect x="${at.toFixed(1)}" y="${y(share).toFixed(1)}" width="${(step * 0.38).toFixed(1)}" height="${(BARS_HEIGHT * share).toFixed(1)}" fill="${fill}"/>`
      : '';
  const grid = [0, 0.5, 1].map(
    (at) =>
      `<path d="M${BARS_LEFT} ${y(at)}H${BARS_WIDTH}" class="grid"/><text x="${BARS_LEFT - 5}" y="${y(at) + 4}" text-anchor="end">${100 * at} %</text>`,
  );
  const bars = records.map(({ record, figures }, i) => {
    const { sensitivity, positivePredictivity } = figures.classes[name];
    const at = BARS_LEFT + i * step;
    return (
      bar(sensitivity.value, at, '#245') +
      bar(positivePredictivity.value, at + step * 0.4, '#9bc') +
      `<text x="${at.toFixed(1)}" y="${y(0) + 14}" font-size="11">${escaped(record.slice(0, 6))}</text>`
    );
  });
  return `<svg viewBox="0 0 ${BARS_WIDTH} ${BARS_HEIGHT + 28}" role="img" aria-label="${name}: sensitivity and positive predictivity of ${records.length} records; the numbers stand in the table">${grid.join('')}${bars.join('')}</svg>`;
};

const classBars = ({ records }: BeatEvaluation, name: 'S' | 'V'): string => {
  const told = records.filter(
    ({ figures }) =>
      Number.isFinite(figures.classes[name].sensitivity.value) ||
      Number.isFinite(figures.classes[name].positivePredictivity.value),
  );
  const rows = Array.from({ length: Math.ceil(told.length / BARS_PER_ROW) }, (_, i) =>
    barsOf(told.slice(i * BARS_PER_ROW, (i + 1) * BARS_PER_ROW), name),
  );
  return `<h3>${name}: sensitivity (dark) and positive predictivity (light) by record that has or was said one</h3>${rows.join('') || '<p>None.</p>'}`;
};

const DELAY_STEP_MS = 10;
const DELAY_FROM_MS = 200;
const DELAY_TO_MS = 500;

const delayBars = (judged: readonly JudgedRecord[]): string => {
  const counts = new Array<number>((DELAY_TO_MS - DELAY_FROM_MS) / DELAY_STEP_MS).fill(0);
  for (const { delays } of judged)
    for (const delay of delays) {
      const place = Math.floor((1e3 * delay - DELAY_FROM_MS) / DELAY_STEP_MS);
      counts[Math.max(0, Math.min(counts.length - 1, place))]!++;
    }
  const most = Math.max(1, ...counts);
  const step = 1_000 / counts.length;
  const bars = counts.map((count, i) => {
    const height = (105 * Math.log1p(count)) / Math.log1p(most);
    const label =
      i % 5 === 0 ? `<text x="${i * step}" y="138" font-size="11">${DELAY_FROM_MS + i * DELAY_STEP_MS}</text>` : '';
    return `<rect x="${(i * step).toFixed(1)}" y="${(122 - height).toFixed(1)}" width="${(step * 0.9).toFixed(1)}" height="${height.toFixed(1)}" fill="#245"/>${count === 0 ? '' : `<text x="${(i * step).toFixed(1)}" y="${(118 - height + 2).toFixed(1)}" style="font-size:9px">${count}</text>`}${label}`;
  });
  return `<svg viewBox="0 0 1000 142" role="img" aria-label="Number of beats by the delay of their decision">${bars.join('')}</svg><p>Milliseconds after the R peak, from where the bar begins; heights are logarithms of the number of beats (it stands on each bar); the first bar holds all that is shorter, the last one all that is longer.</p>`;
};

/** Errors that are far enough apart to show different things. */
const spread = (errors: readonly BeatError[]): readonly BeatError[] => {
  const apart: BeatError[] = [];
  for (const error of errors)
    if (error.atSeconds - (apart.at(-1)?.atSeconds ?? Number.NEGATIVE_INFINITY) > STRIP_S) apart.push(error);
  const step = Math.max(1, Math.floor(apart.length / STRIPS));
  return apart.filter((_, i) => i % step === 0).slice(0, STRIPS);
};

/**
 * The evaluation as one HTML file without anything from elsewhere: the tables, plots, and strips of the worst records. `change`
 * is what was done to the recordings before they were played.
 */
export const beatsHtml = async (
  evaluation: BeatEvaluation,
  judged: readonly JudgedRecord[],
  change: ((record: WfdbRecord) => WfdbRecord) | undefined,
): Promise<string> => {
  const worst = judged
    .filter(({ errors }) => errors.length > 0)
    .sort((a, b) => b.errors.length - a.errors.length)
    .slice(0, WORST_RECORDS);
  const strips: string[] = [];
  for (const each of worst) {
    const read = await readRecord(evaluation.wfdb, each.record);
    if (E.isLeft(read)) continue;
    const record = change?.(read.right) ?? read.right;
    strips.push(`<h3>${escaped(each.record)}: ${each.errors.length} errors</h3>`);
    for (const error of spread(each.errors)) strips.push(beatStrip(record, each, error));
  }
  const subgroups = subgroupTable(evaluation);
  return page(`Vigil: beats, ${evaluation.wfdb}`, 'How right were the beats?', [
    paragraphs(beatsPreface(evaluation)),
    htmlTable(grossTable(evaluation)),
    htmlTable(matrixTable(evaluation)),
    htmlTable(worstTable(evaluation), true),
    ...(subgroups === undefined ? [] : ['<h2>Subgroups</h2>', htmlTable(subgroups), paragraphs([TOO_FEW_SENTENCE])]),
    '<h2>By record</h2>',
    htmlTable(recordTable(evaluation)),
    classBars(evaluation, 'V'),
    classBars(evaluation, 'S'),
    '<h2>Decision delay</h2>',
    paragraphs([delaySentence(evaluation)]),
    delayBars(judged),
    '<h2>Worst records</h2>',
    paragraphs([
      'Those with the most beats that were missed, made up or called otherwise, of any class. Above, what the reference has; below, what was said; red and underlined where they differ. Eight seconds, first two leads.',
    ]),
    ...(strips.length === 0 ? ['<p>Not one beat differs.</p>'] : strips),
  ]);
};
