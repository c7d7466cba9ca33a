import { JUDGED_CLASSES } from '../../../stream-models/evaluation/beat-figures.ts';
import type { Interval } from '../../../stream-models/evaluation/bootstrap.ts';
import { EC57_CLASSES, type Ec57Class, type Ec57Result } from '../../../stream-models/evaluation/ec57.ts';
import type { BeatEvaluation } from './evaluate-beats.ts';

const percent = (share: number): string => (Number.isFinite(share) ? (100 * share).toFixed(2) : '–');
const shown = ({ value, low, high }: Interval): string =>
  Number.isFinite(low) ? `${percent(value)} [${percent(low)}, ${percent(high)}]` : percent(value);
const row = (name: string, cells: readonly string[], width: number): string =>
  `${name.padEnd(10)}${cells.map((cell) => cell.padStart(width)).join('')}`;

/** Beats of a class that were missed or called otherwise, and others that were called so. */
const wrong = ({ matrix }: Ec57Result, name: Ec57Class): number =>
  EC57_CLASSES.reduce(
    (sum, other) => sum + (other === name ? 0 : matrix[name][other] + (other === 'F' ? 0 : matrix[other][name])),
    0,
  );

const WORST = 5;

const worstLine = (evaluation: BeatEvaluation, what: string, errors: (result: Ec57Result) => number): string => {
  const worst = [...evaluation.records].sort((a, b) => errors(b.result) - errors(a.result)).slice(0, WORST);
  return `  ${what}: ${worst.map(({ record, result }) => `${record} ${errors(result)}`).join(', ')}`;
};

/** The tables for people. */
export const beatsText = (evaluation: BeatEvaluation): string => {
  const { gross, matrix, delays, noise, inNoise, learnedFrom, unjudged, withoutBeats, records } = evaluation;
  const lines = [
    `Beats, ${evaluation.wfdb}: ${records.length} records. ${evaluation.rules}.`,
    ...(noise === undefined
      ? []
      : [
          `Noise ${noise.record} added at ${noise.snrDb} dB as WFDB's nst does: from 5:00, two minutes with and two without in turn; signal power by QRS amplitude.`,
        ]),
    ...(learnedFrom.length > 0
      ? [
          `The networks of beats and artefacts have LEARNED FROM THE PATIENTS OF ${learnedFrom.length} OF THESE RECORDS: classes, and what is refused in noise, flatter here. Their model cards have the cross-validated figures.`,
        ]
      : []),
    ...(unjudged.length > 0
      ? [
          `NOT JUDGED, and in no figure: ${unjudged.map(({ record, sentence }) => `${record} (${sentence})`).join('; ')}`,
        ]
      : []),
    ...(withoutBeats.length > 0
      ? [
          `The reference has no beat after 5:00, so that nothing is found or missed there, in ${withoutBeats.join(', ')}.`,
        ]
      : []),
    'Percent, all records together [95 % intervals by bootstrap over records].',
    '',
    row('', ['Se', '+P', '+P, F and Q held against it'], 30),
    row('QRS', [shown(gross.qrs.sensitivity), shown(gross.qrs.positivePredictivity)], 30),
    ...(inNoise === undefined
      ? []
      : [row('  in noise', [shown(inNoise.qrs.sensitivity), shown(inNoise.qrs.positivePredictivity)], 30)]),
    ...JUDGED_CLASSES.map((name) => {
      const of = gross.classes[name];
      return row(name, [of.sensitivity, of.positivePredictivity, of.plainPredictivity].map(shown), 30);
    }),
    '',
    row('reference', [...EC57_CLASSES.map((name) => `said ${name}`)], 9),
    ...EC57_CLASSES.map((name) =>
      row(
        name,
        EC57_CLASSES.map((said) => String(matrix[name][said])),
        9,
      ),
    ),
    '',
    `Decision after the R peak: median ${(1e3 * delays.median).toFixed(0)} ms, 99 % ${(1e3 * delays.p99).toFixed(0)} ms, longest ${(1e3 * delays.most).toFixed(0)} ms; ${percent(delays.within300Ms)} % of ${delays.beats} beats within 300 ms.`,
    '',
    'Worst records (number of errors):',
    worstLine(evaluation, 'QRS', ({ falseNegatives, falsePositives }) => falseNegatives + falsePositives),
    worstLine(evaluation, 'V', (result) => wrong(result, 'V')),
    worstLine(evaluation, 'S', (result) => wrong(result, 'S')),
    '',
    row('record', ['QRS Se', '+P', 'N Se', '+P', 'S Se', '+P', 'V Se', '+P'], 8),
    ...records.map(({ record, figures: { qrs, classes } }) =>
      row(
        record,
        [qrs, classes.N, classes.S, classes.V]
          .flatMap((of) => [of.sensitivity, of.positivePredictivity])
          .map(({ value }) => percent(value)),
        8,
      ),
    ),
  ];
  return lines.join('\n');
};
