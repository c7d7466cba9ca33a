import type { Interval } from '../../../stream-models/evaluation/bootstrap.ts';
import { subgroupCell, TOO_FEW_SENTENCE } from '../subgroups.ts';
import { type Table, tableText } from '../table.ts';
import type { AlarmFigures, AlarmReport } from './alarm-report.ts';
import type { RecordVerdict } from './judge-alarms.ts';

const percent = (share: number): string => (100 * share).toFixed(1);
const interval = ({ value, low, high }: Interval): string =>
  Number.isFinite(value) ? `${percent(value)} (${percent(low)}–${percent(high)})` : '–';
const area = ({ value, low, high }: Interval): string =>
  Number.isFinite(value) ? `${value.toFixed(3)} (${low.toFixed(3)}–${high.toFixed(3)})` : '–';

const row = (name: string, figures: AlarmFigures): readonly string[] => {
  const { truePositives, falsePositives, falseNegatives, trueNegatives } = figures.counts;
  return [
    name,
    ...[figures.alarms, truePositives, falsePositives, falseNegatives, trueNegatives].map(String),
    ...[figures.score, figures.sensitivity, figures.specificity].map(interval),
    ...[figures.auroc, figures.auprc].map(area),
  ];
};

/** Counts and shares, all alarms and by kind. */
export const figuresTable = ({ overall, kinds }: AlarmReport): Table => ({
  caption: 'Kept unless refuted; % with 95 % interval over records',
  head: ['kind', 'alarms', 'TP', 'FP', 'FN', 'TN', 'score', 'Se', 'Sp', 'AUROC', 'AUPRC'],
  rows: [row('all', overall), ...Object.entries(kinds).map(([kind, figures]) => row(kind, figures))],
});

/** By what a record has beside its ECG that could tell a pulse. */
export const subgroupTable = ({ subgroups }: AlarmReport): Table => ({
  caption: 'By the pulse signals of the record; % with 95 % interval over records (whose they are is not told)',
  head: ['pulse signals', 'alarms', 'true', 'score', 'Se', 'Sp', 'AUROC'],
  rows: subgroups.map(({ name, alarms, trueAlarms, score, sensitivity, specificity, auroc }) => [
    name,
    ...[alarms, trueAlarms].map(String),
    ...[score, sensitivity, specificity].map((figure) => subgroupCell(figure, interval)),
    subgroupCell(auroc, area),
  ]),
});

const SHOWN_SENSITIVITIES = [1, 0.99, 0.98, 0.95, 0.9];

/** By kind: the best score there is at each sensitivity, and the probability from which on alarms were kept for it. */
export const thresholdTable = ({ curves }: AlarmReport): Table => ({
  caption: 'Best score at each sensitivity, had the threshold on the probability been chosen on these records',
  head: ['kind', ...SHOWN_SENSITIVITIES.map((least) => `Se ≥ ${percent(least)}`)],
  rows: Object.entries(curves).map(([kind, curve]) => [
    kind,
    ...SHOWN_SENSITIVITIES.map((least) => {
      const points = curve.filter(({ sensitivity }) => sensitivity >= least - 1e-9 || Number.isNaN(sensitivity));
      const { score, from } = points.reduce((a, b) => (b.score > a.score ? b : a));
      return `${percent(score)} ${Number.isFinite(from) ? `from ${from.toFixed(3)}` : 'keeping none'}`;
    }),
  ]),
});

/** What was said and what was so. */
export const calibrationTable = ({ calibration, brier, expectedCalibrationError }: AlarmReport): Table => ({
  caption: `Calibration: Brier score ${brier.toFixed(4)}, expected calibration error ${expectedCalibrationError.toFixed(4)} (ten bins of equal width)`,
  head: ['said', 'came', 'alarms'],
  rows: calibration.map(({ said, came, cases }) => [said.toFixed(2), came.toFixed(2), String(cases)]),
});

/** A verdict that was wrong, in a sentence: what each signal said. */
export const worstLine = ({ record, word, isTrue, verdict, probability, testimonies }: RecordVerdict): string => {
  const said = testimonies.map(({ signal, says, because }) => `${signal} ${says} (${because})`).join(', ');
  return `${record} ${word}: ${isTrue === true ? 'true' : 'false'} alarm ${verdict}, ${probability.toFixed(3)}; ${said}`;
};

/** What has to be known before the figures are read. */
export const alarmPreface = ({ unjudged, unlabelled, notes }: AlarmReport): readonly string[] => [
  'The models learned from the 499 records of cinc2015-dev: figures on those flatter. Cross-validated ones are in CARD.md.',
  'Alarm truth, CinC 2015 real-time score (TP+TN)/(TP+TN+FP+5·FN), where a true alarm is positive. The alarm rang at the end of a record.',
  ...(unjudged.length === 0
    ? []
    : [`NOT JUDGED, and in no figure: ${unjudged.map(({ name, sentence }) => `${name} (${sentence})`).join('; ')}.`]),
  ...(unlabelled.length === 0
    ? []
    : [`${unlabelled.length} alarms have no label and are not counted: ${unlabelled.join(', ')}.`]),
  ...notes,
];

/** The report as text. Intervals are 95 %, by bootstrap over records. */
export const reportText = (report: AlarmReport): string => {
  const tables = [figuresTable(report), subgroupTable(report), thresholdTable(report), calibrationTable(report)];
  return `${[
    ...alarmPreface(report),
    ...tables.flatMap((table) => ['', `${table.caption}:`, ...tableText(table)]),
    '',
    TOO_FEW_SENTENCE,
    '',
    'Worst records:',
    ...(report.worst.length === 0 ? ['none is wrong'] : report.worst.map(worstLine)),
  ].join('\n')}\n`;
};
