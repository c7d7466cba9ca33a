import type { Interval } from '../../../stream-models/evaluation/bootstrap.ts';
import { CINC2017_CLASSES } from '../../recordings/cinc2017-reference.ts';
import { type Table, tableText } from '../table.ts';
import { CINC2017_ANSWERS, type Cinc2017Report } from './judge-cinc2017.ts';
import type { ConditionReport, EpisodesReport } from './judge-episodes.ts';

export interface RhythmReport {
  readonly wfdb?: {
    readonly directory: string;
    readonly records: number;
    readonly learnedFrom: readonly string[];
    /** Records that are in no figure, and why: a sentence each. */
    readonly unjudged: readonly string[];
    /** What is to be known of records that are judged. */
    readonly notes: readonly string[];
    readonly conditions: EpisodesReport;
  };
  readonly cinc2017?: { readonly directory: string; readonly unjudged: readonly string[] } & Cinc2017Report;
}

const percent = (share: number): string => (100 * share).toFixed(1);
const share = ({ value, low, high }: Interval): string =>
  Number.isFinite(value) ? `${percent(value)} (${percent(low)}–${percent(high)})` : '–';
const number = (value: number): string => (Number.isFinite(value) ? value.toFixed(2) : '–');
const rate = ({ value, low, high }: Interval): string =>
  Number.isFinite(value) ? `${number(value)} (${number(low)}–${number(high)})` : '–';

const row = ({ name, tally, figures, delayMedian, delayP90, withinSixSeconds }: ConditionReport): readonly string[] => [
  name,
  ...[tally.reference, tally.found, tally.said, tally.said - tally.right].map(String),
  share(figures.episodeSensitivity),
  share(figures.episodePredictivity),
  share(figures.durationSensitivity),
  share(figures.durationPredictivity),
  rate(figures.falsePerHour),
  ...[delayMedian, delayP90].map(number),
  Number.isFinite(withinSixSeconds) ? percent(withinSixSeconds) : '–',
];

/** Episodes and durations, a row per condition. */
export const episodesTable = (conditions: EpisodesReport): Table => ({
  caption: '% with 95 % interval; delay in seconds from onset to the first word',
  head: [
    ...['rhythm', 'ref', 'found', 'said', 'false', 'episode Se', 'episode +P', 'duration Se', 'duration +P', 'false/h'],
    ...['delay', '90 %', '≤ 6 s'],
  ],
  rows: Object.values(conditions).map(row),
});

const during = ({ name, falseDuring, worst }: ConditionReport): readonly string[] => [
  name,
  Object.entries(falseDuring)
    .sort(([, a], [, b]) => b - a)
    .map(([word, n]) => `${word} ${n}`)
    .join(', ') || 'none false',
  worst.map(({ record, missed, falseOnes }) => `${record} (${missed} missed, ${falseOnes} false)`).join(', ') || 'none',
];

/** Where it went wrong, a row per condition. */
export const errorsTable = (conditions: EpisodesReport): Table => ({
  caption: 'What the reference had where a false episode was said; records with most errors',
  head: ['rhythm', 'false during', 'worst records'],
  rows: Object.values(conditions).map(during),
});

const notJudged = (unjudged: readonly string[]): readonly string[] =>
  unjudged.length === 0 ? [] : [`NOT JUDGED, and in no figure: ${unjudged.join('; ')}.`];

/** What has to be known before the figures of episodes are read. */
export const episodesPreface = (wfdb: NonNullable<RhythmReport['wfdb']>): readonly string[] => {
  const { directory, records, learnedFrom, unjudged, notes, conditions } = wfdb;
  const shortest = Object.values(conditions).filter(({ shortestSeconds }) => shortestSeconds > 0);
  return [
    `Episodes of ${records} records of ${directory}, as replayed through every stage.`,
    "WFDB epicmp's conventions: an episode counts when the two overlap at all, seconds are compared whatever the episodes are, and of AF flutter (AFL) is neither asked for nor an excuse.",
    'Otherwise than in epicmp: from 0:00 (no learning period); VT and asystole are compared alike, and VF by the words of the rhythm beside the brackets. ' +
      `Not asked for as episodes, and yet an excuse: those of the reference that are shorter than ${shortest[0]?.shortestSeconds} s (${shortest.map(({ name }) => name).join('; ')}); every episode that was said counts.`,
    'Intervals by bootstrap over patients (a record each, but 201 and 202 of mitdb are one).',
    ...(learnedFrom.length > 0
      ? [
          `The network of rhythm and the rule of fibrillation have LEARNED FROM THE PATIENTS OF ${learnedFrom.length} OF THESE RECORDS: figures here flatter. The model card has the cross-validated ones.`,
        ]
      : []),
    ...notJudged(unjudged),
    ...notes,
  ];
};

/** What has to be known before the figures of short records are read. */
export const cinc2017Preface = (report: NonNullable<RhythmReport['cinc2017']>): readonly string[] => [
  `${report.records} records of one lead of ${report.directory} (CinC 2017). A: atrial fibrillation covers at least half of the time that got a rhythm; ~: noise covers at least half of the record. Not told apart: N (normal) and O (other), so that the challenge's mean of F1 over N, A and O cannot be said; F1 of one class is taken as the challenge takes it.`,
  'The network of rhythm and the rule of AF learned from 1,249 records of that challenge (cinc2017-dev): figures on those flatter. The cross-validated ones are in the model card.',
  ...notJudged(report.unjudged),
];

/** Row: reference; column: what was said. */
export const cinc2017Table = (report: Cinc2017Report): Table => ({
  caption: 'Records by class and answer',
  head: ['is', ...CINC2017_ANSWERS],
  rows: CINC2017_CLASSES.map((name) => [
    name,
    ...CINC2017_ANSWERS.map((answer) => String(report.matrix[name][answer])),
  ]),
});

export const cinc2017Sentence = (report: Cinc2017Report): string =>
  `A: F1 ${share(report.f1OfA)}, Se ${share(report.sensitivityOfA)}, +P ${share(report.predictivityOfA)}; ~: F1 ${share(report.f1OfNoise)}`;

const episodesText = (wfdb: NonNullable<RhythmReport['wfdb']>): readonly string[] => [
  ...episodesPreface(wfdb),
  '',
  ...tableText(episodesTable(wfdb.conditions)),
  '',
  ...errorsTable(wfdb.conditions).rows.map(
    ([name, falseDuring, worst]) => `${name}: false during: ${falseDuring}; worst records: ${worst}`,
  ),
];

const cinc2017Text = (report: NonNullable<RhythmReport['cinc2017']>): readonly string[] => [
  ...cinc2017Preface(report),
  '',
  ...tableText(cinc2017Table(report)),
  '',
  cinc2017Sentence(report),
];

/** The report as text. */
export const rhythmText = ({ wfdb, cinc2017 }: RhythmReport): string => {
  const parts = [wfdb && episodesText(wfdb), cinc2017 && cinc2017Text(cinc2017)].filter((part) => part !== undefined);
  return `${parts.map((part) => part.join('\n')).join('\n\n')}\n`;
};
