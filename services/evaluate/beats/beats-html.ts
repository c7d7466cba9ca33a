import * as E from 'fp-ts/lib/Either.js';
import { readRecord, type WfdbRecord } from '../../recordings/wfdb/record.ts';
import { beatStrip, STRIP_S } from './beat-strip.ts';
import { beatsText } from './beats-text.ts';
import type { BeatEvaluation } from './evaluate-beats.ts';
import type { BeatError, JudgedRecord } from './judge-beats.ts';

const WORST_RECORDS = 5;
const STRIPS = 3;

const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');

const STYLE =
  'body{font:15px/1.5 system-ui,sans-serif;max-width:72rem;margin:2rem auto;padding:0 1rem;color:#111;background:#fff}' +
  'pre{overflow-x:auto;font-size:13px;line-height:1.35}svg{width:100%;height:auto}h2{margin-top:2.5rem}';

/** Shares of one class per record as bars: sensitivity dark, positive predictivity light. */
const classBars = ({ records }: BeatEvaluation, name: 'S' | 'V'): string => {
  const width = 1_000;
  const step = width / Math.max(1, records.length);
  const height = 150;
  const bar = (share: number, at: number, fill: string): string =>
    Number.isFinite(share)
      ? `<rect x="${at.toFixed(1)}" y="${(height - height * share).toFixed(1)}" width="${(step * 0.38).toFixed(1)}" height="${(height * share).toFixed(1)}" fill="${fill}"/>`
      : '';
  const bars = records.map(({ record, figures }, i) => {
    const { sensitivity, positivePredictivity } = figures.classes[name];
    return (
      bar(sensitivity.value, i * step, '#245') +
      bar(positivePredictivity.value, i * step + step * 0.4, '#9bc') +
      `<text x="${(i * step).toFixed(1)}" y="${height + 14}" font-size="11">${escaped(record)}</text>`
    );
  });
  return `<h3>${name}: sensitivity (dark) and positive predictivity (light) by record</h3><svg viewBox="0 0 ${width} ${height + 20}" role="img">${bars.join('')}</svg>`;
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
    const height = (120 * Math.log1p(count)) / Math.log1p(most);
    const label =
      i % 5 === 0 ? `<text x="${i * step}" y="138" font-size="11">${DELAY_FROM_MS + i * DELAY_STEP_MS}</text>` : '';
    return `<rect x="${(i * step).toFixed(1)}" y="${(122 - height).toFixed(1)}" width="${(step * 0.9).toFixed(1)}" height="${height.toFixed(1)}" fill="#245"><title>${count}</title></rect>${label}`;
  });
  return `<h2>Decision delay after the R peak</h2><p>Milliseconds; heights are logarithms of the number of beats; the last bar holds all that is longer.</p><svg viewBox="0 0 1000 142" role="img">${bars.join('')}</svg>`;
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
  const worst = [...judged].sort((a, b) => b.errors.length - a.errors.length).slice(0, WORST_RECORDS);
  const strips: string[] = [];
  for (const each of worst) {
    const read = await readRecord(evaluation.wfdb, each.record);
    if (E.isLeft(read) || each.errors.length === 0) continue;
    const record = change?.(read.right) ?? read.right;
    strips.push(`<h3>${escaped(each.record)}: ${each.errors.length} errors</h3>`);
    for (const error of spread(each.errors)) strips.push(beatStrip(record, each, error));
  }
  return [
    `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Beats: ${escaped(evaluation.wfdb)}</title><style>${STYLE}</style></head><body>`,
    '<h1>How right were the beats</h1><p>Secondary and supplementary. Not a cleared medical device. Never the only source of alarms.</p>',
    `<pre>${escaped(beatsText(evaluation))}</pre>`,
    '<h2>By record</h2>',
    classBars(evaluation, 'V'),
    classBars(evaluation, 'S'),
    delayBars(judged),
    '<h2>Worst records</h2><p>Above the line what the reference has, below what was said; red where they differ. Eight seconds, first two leads.</p>',
    ...strips,
    '</body></html>\n',
  ].join('\n');
};
