import * as E from 'fp-ts/lib/Either.js';
import { ecgOf } from '../../recordings/leads.ts';
import { readRecord } from '../../recordings/wfdb/record.ts';
import { htmlTable, page, paragraphs } from '../page.ts';
import { svgPlot } from '../plot.ts';
import { svgStrip } from '../strip.ts';
import type { ConditionReport, WorstRecord } from './judge-episodes.ts';
import {
  cinc2017Preface,
  cinc2017Sentence,
  cinc2017Table,
  episodesPreface,
  episodesTable,
  errorsTable,
  type RhythmReport,
} from './rhythm-text.ts';

/** Share of the reference's episodes that had been said, by seconds after the onset. */
const delayPlot = ({ name, delaysSeconds, tally }: ConditionReport): string => {
  const points = delaysSeconds.map((delay, i) => [delay, (i + 1) / tally.reference] as const);
  return svgPlot({
    title: `${name}: said so soon`,
    across: 'seconds after the onset',
    up: 'share of the episodes',
    acrossMax: Math.max(1, delaysSeconds.at(-1) ?? 1),
    lines: [{ name: `${delaysSeconds.length} of ${tally.reference} episodes were said`, points, hasDots: true }],
  });
};

const STRIP_S = 12;
const BEFORE_S = 2;
const LEADS = 2;
const STRIPS = 3;

const worstStrip = async (directory: string, name: string, worst: WorstRecord): Promise<string> => {
  const read = await readRecord(directory, worst.record);
  if (E.isLeft(read)) return '';
  const { header } = read.right;
  const what = worst.missed > 0 ? 'missed' : 'said falsely';
  return svgStrip({
    title: `${worst.record}, ${name} ${what} from ${worst.firstAtSeconds.toFixed(1)} s on (${worst.missed} missed, ${worst.falseOnes} false in this record)`,
    fromSeconds: Math.max(0, worst.firstAtSeconds - BEFORE_S),
    lengthSeconds: STRIP_S,
    signals: [...ecgOf(read.right)].slice(0, LEADS).map(([signal, { samplesMv }]) => ({
      ...{ name: header.signals[signal]!.description, unit: 'mV', rateHz: header.rateHz, samples: samplesMv },
    })),
  });
};

const episodes = async (wfdb: NonNullable<RhythmReport['wfdb']>): Promise<readonly string[]> => {
  const conditions = Object.values(wfdb.conditions);
  const strips: string[] = [];
  for (const { name, worst } of conditions)
    for (const each of worst.slice(0, STRIPS)) strips.push(await worstStrip(wfdb.directory, name, each));
  return [
    '<h2>Episodes</h2>',
    paragraphs(episodesPreface(wfdb)),
    htmlTable(episodesTable(wfdb.conditions)),
    ...conditions.filter(({ delaysSeconds }) => delaysSeconds.length > 0).map(delayPlot),
    htmlTable(errorsTable(wfdb.conditions), true),
    `<h2>Worst records</h2><p>Of each rhythm the records with most missed episodes, then with most false ones: the first of them, from ${BEFORE_S} s before its onset.</p>`,
    ...(strips.length === 0 ? ['<p>None is wrong.</p>'] : strips),
  ];
};

const shortRecords = (report: NonNullable<RhythmReport['cinc2017']>): readonly string[] => [
  '<h2>Short records</h2>',
  paragraphs(cinc2017Preface(report)),
  htmlTable(cinc2017Table(report)),
  paragraphs([cinc2017Sentence(report)]),
  paragraphs([
    `AF that was missed: ${report.missed.join(', ') || 'none'}.`,
    `AF that was said falsely: ${report.falseOnes.map(({ record, is }) => `${record} (${is})`).join(', ') || 'none'}.`,
  ]),
];

/** The report as one HTML file, nothing from outside. */
export const rhythmHtml = async ({ wfdb, cinc2017 }: RhythmReport): Promise<string> =>
  page(
    `Vigil: rhythm, ${[wfdb?.directory, cinc2017?.directory].filter((each) => each !== undefined).join(', ')}`,
    'Is the rhythm right?',
    [...(wfdb === undefined ? [] : await episodes(wfdb)), ...(cinc2017 === undefined ? [] : shortRecords(cinc2017))],
  );
