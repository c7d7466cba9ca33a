import { JUDGED_CLASSES } from '../../../stream-models/evaluation/beat-figures.ts';
import type { Interval } from '../../../stream-models/evaluation/bootstrap.ts';
import { classScores, EC57_CLASSES, type Ec57Result } from '../../../stream-models/evaluation/ec57.ts';
import { subgroupCell } from '../subgroups.ts';
import type { Table } from '../table.ts';
import type { BeatEvaluation } from './evaluate-beats.ts';

export const percent = (share: number): string => (Number.isFinite(share) ? (100 * share).toFixed(2) : '–');
const shown = ({ value, low, high }: Interval): string =>
  Number.isFinite(low) ? `${percent(value)} [${percent(low)}, ${percent(high)}]` : percent(value);

/** All recordings together, with intervals. */
export const grossTable = ({ gross, inNoise }: BeatEvaluation): Table => ({
  caption: 'All records together, %',
  head: ['', 'Se', '+P', '+P, F and Q held against it'],
  rows: [
    ['QRS', shown(gross.qrs.sensitivity), shown(gross.qrs.positivePredictivity), ''],
    ...(inNoise === undefined
      ? []
      : [['QRS in noise', shown(inNoise.qrs.sensitivity), shown(inNoise.qrs.positivePredictivity), '']]),
    ...JUDGED_CLASSES.map((name) => {
      const of = gross.classes[name];
      return [name, ...[of.sensitivity, of.positivePredictivity, of.plainPredictivity].map(shown)];
    }),
  ],
});

/** By sex and age, as far as the headers tell them; undefined: none does. */
export const subgroupTable = ({ subgroups }: BeatEvaluation): Table | undefined =>
  subgroups.length === 0
    ? undefined
    : {
        caption: 'By sex and age of the patient, as the headers tell them, %',
        head: ['', 'patients', 'beats', ...['QRS', 'S', 'V'].flatMap((name) => [`${name} Se`, `${name} +P`])],
        rows: subgroups.map(({ by, name, patients, beats, qrs, S, V }) => [
          `${by}: ${name}`,
          String(patients),
          String(beats),
          ...[qrs, S, V]
            .flatMap((of) => [of.sensitivity, of.positivePredictivity])
            .map((figure) => subgroupCell(figure, shown)),
        ]),
      };

/** Row: class of the reference; column: class that was said. */
export const matrixTable = ({ matrix }: BeatEvaluation): Table => ({
  caption: 'Beats by class; O: no beat',
  head: ['reference', ...EC57_CLASSES.map((name) => `said ${name}`)],
  rows: EC57_CLASSES.map((name) => [name, ...EC57_CLASSES.map((said) => String(matrix[name][said]))]),
});

const BY_RECORD = ['N', 'S', 'V'] as const;

/** Se and +P of each record, and below the gross figures and the average over records, as EC57 asks for both. */
export const recordTable = ({ records, gross, average }: BeatEvaluation): Table => ({
  caption: 'By record, %',
  head: ['record', 'beats', ...['QRS', ...BY_RECORD].flatMap((name) => [`${name} Se`, `${name} +P`])],
  rows: [
    ...records.map(({ record, result, figures: { qrs, classes } }) => [
      record,
      String(result.truePositives + result.falseNegatives),
      ...[qrs, ...BY_RECORD.map((name) => classes[name])]
        .flatMap((of) => [of.sensitivity, of.positivePredictivity])
        .map(({ value }) => percent(value)),
    ]),
    [
      'gross',
      String(records.reduce((sum, { result }) => sum + result.truePositives + result.falseNegatives, 0)),
      ...[gross.qrs, ...BY_RECORD.map((name) => gross.classes[name])]
        .flatMap((of) => [of.sensitivity, of.positivePredictivity])
        .map(({ value }) => percent(value)),
    ],
    [
      'average',
      '',
      ...[average.qrs, ...BY_RECORD.map((name) => average.classes[name])]
        .flatMap((of) => [of.sensitivity, of.positivePredictivity])
        .map(percent),
    ],
  ],
});

const WORST = 5;

const worst = (
  { records }: BeatEvaluation,
  what: string,
  errors: (result: Ec57Result) => number,
): readonly string[] => {
  const named = records
    .filter(({ result }) => errors(result) > 0)
    .sort((a, b) => errors(b.result) - errors(a.result))
    .slice(0, WORST)
    .map(({ record, result }) => `${record} ${errors(result)}`);
  return [what, named.join(', ') || 'none has any'];
};

/** Records with the most errors: of V and S those that their sensitivity and predictivity count. */
export const worstTable = (evaluation: BeatEvaluation): Table => ({
  caption: 'Worst records (number of errors)',
  head: ['', 'records'],
  rows: [
    worst(evaluation, 'QRS', ({ falseNegatives, falsePositives }) => falseNegatives + falsePositives),
    worst(evaluation, 'V', (result) => classScores(result, 'V').errors),
    worst(evaluation, 'S', (result) => classScores(result, 'S').errors),
  ],
});
