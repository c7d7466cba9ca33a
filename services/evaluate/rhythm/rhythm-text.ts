import type { Interval } from '../../../stream-models/evaluation/bootstrap.ts';
import { CINC2017_ANSWERS, CINC2017_CLASSES, type Cinc2017Report } from './judge-cinc2017.ts';
import type { ConditionReport, EpisodesReport } from './judge-episodes.ts';

export interface RhythmReport {
  readonly wfdb?: {
    readonly directory: string;
    readonly records: number;
    readonly learnedFrom: readonly string[];
    readonly conditions: EpisodesReport;
  };
  readonly cinc2017?: { readonly directory: string } & Cinc2017Report;
}

const percent = (share: number): string => (Number.isFinite(share) ? (100 * share).toFixed(1) : '–');
const share = ({ value, low, high }: Interval): string => `${percent(value)} (${percent(low)}–${percent(high)})`;
const number = (value: number): string => (Number.isFinite(value) ? value.toFixed(2) : '–');
const rate = ({ value, low, high }: Interval): string => `${number(value)} (${number(low)}–${number(high)})`;

const COLUMNS = [
  'rhythm'.padEnd(12),
  ...['ref', 'found', 'said', 'false'].map((name) => name.padStart(6)),
  ...['episode Se', 'episode +P', 'duration Se', 'duration +P', 'false/h'].map((name) => name.padStart(20)),
  ...['delay', '90 %', '≤ 6 s'].map((name) => name.padStart(7)),
].join(' ');

const row = ({ name, tally, figures, delayMedian, delayP90, withinSixSeconds }: ConditionReport): string =>
  [
    name.padEnd(12),
    ...[tally.reference, tally.found, tally.said, tally.said - tally.right].map((n) => String(n).padStart(6)),
    share(figures.episodeSensitivity).padStart(20),
    share(figures.episodePredictivity).padStart(20),
    share(figures.durationSensitivity).padStart(20),
    share(figures.durationPredictivity).padStart(20),
    rate(figures.falsePerHour).padStart(20),
    ...[number(delayMedian), number(delayP90), percent(withinSixSeconds)].map((text) => text.padStart(7)),
  ].join(' ');

const during = ({ name, falseDuring, worst }: ConditionReport): string => {
  const said = Object.entries(falseDuring).sort(([, a], [, b]) => b - a);
  const what = said.length === 0 ? 'none false' : `false during ${said.map(([word, n]) => `${word} ${n}`).join(', ')}`;
  const where = worst.map(({ record, missed, falseOnes }) => `${record} (${missed} missed, ${falseOnes} false)`);
  return `${name}: ${what}${where.length === 0 ? '' : `; worst records: ${where.join(', ')}`}`;
};

const episodesText = ({
  directory,
  records,
  learnedFrom,
  conditions,
}: NonNullable<RhythmReport['wfdb']>): readonly string[] => {
  const shortest = Object.values(conditions).filter(({ shortestSeconds }) => shortestSeconds > 0);
  return [
    `Episodes of ${records} records of ${directory}, as replayed through every stage.`,
    "WFDB epicmp's conventions: an episode counts when the two overlap at all; from 0:00, no learning period. % with 95 % interval",
    `over records. Not asked for: ${shortest.map(({ name, shortestSeconds }) => `${name} shorter than ${shortestSeconds} s`).join(', ')}. ` +
      'Delay: seconds from onset to the first word.',
    ...(learnedFrom.length > 0
      ? [
          `The network of rhythm and the rule of fibrillation have LEARNED FROM THE PATIENTS OF ${learnedFrom.length} OF THESE RECORDS: figures here flatter. The model card has the cross-validated ones.`,
        ]
      : []),
    '',
    COLUMNS,
    ...Object.values(conditions).map(row),
    '',
    ...Object.values(conditions).map(during),
  ];
};

const cinc2017Text = (report: NonNullable<RhythmReport['cinc2017']>): readonly string[] => [
  `${report.records} records of one lead of ${report.directory} (CinC 2017). A: atrial fibrillation covers at least half of the time that got a`,
  'rhythm; ~: noise covers at least half of the record. Not told apart: N (normal) and O (other).',
  'The network of rhythm and the rule of AF learned from 1,249 records of that challenge (cinc2017-dev): figures on those flatter. The cross-validated ones',
  'are in the model card.',
  '',
  `${'is'.padEnd(8)}${CINC2017_ANSWERS.map((answer) => answer.padStart(9)).join('')}`,
  ...CINC2017_CLASSES.map(
    (name) =>
      `${name.padEnd(8)}${CINC2017_ANSWERS.map((answer) => String(report.matrix[name][answer]).padStart(9)).join('')}`,
  ),
  '',
  `A: F1 ${share(report.f1OfA)}, Se ${share(report.sensitivityOfA)}, +P ${share(report.predictivityOfA)}; ~: F1 ${share(report.f1OfNoise)}`,
];

/** The report as text. */
export const rhythmText = ({ wfdb, cinc2017 }: RhythmReport): string => {
  const parts = [wfdb && episodesText(wfdb), cinc2017 && cinc2017Text(cinc2017)].filter((part) => part !== undefined);
  return `${parts.map((part) => part.join('\n')).join('\n\n')}\n`;
};
