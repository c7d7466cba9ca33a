import { ALARM_KINDS } from '../../../stream-models/corroboration/claim.ts';
import {
  type AlarmCounts,
  alarmCurve,
  challengeScore,
  countAlarms,
  type JudgedAlarm,
  sensitivityOf,
  specificityOf,
} from '../../../stream-models/evaluation/alarm-truth.ts';
import { auroc, rank } from '../../../stream-models/evaluation/auroc.ts';
import { BOOTSTRAP_USUAL, bootstrap, type Interval } from '../../../stream-models/evaluation/bootstrap.ts';
import { brier, type ReliabilityBin, reliability } from '../../../stream-models/evaluation/calibration.ts';
import type { RecordVerdict } from './judge-alarms.ts';

/** How right the verdicts on some alarms were. Shares are 0 … 1; intervals by bootstrap over records. */
export interface AlarmFigures {
  readonly alarms: number;
  readonly counts: AlarmCounts;
  readonly confirmed: number;
  readonly undecided: number;
  readonly refuted: number;
  readonly score: Interval;
  readonly sensitivity: Interval;
  readonly specificity: Interval;
  readonly auroc: number;
}

export interface AlarmReport {
  readonly overall: AlarmFigures;
  readonly kinds: Readonly<Record<string, AlarmFigures>>;
  /** Per kind: every threshold on the probability. */
  readonly curves: Readonly<Record<string, ReturnType<typeof alarmCurve>>>;
  readonly brier: number;
  readonly calibration: readonly ReliabilityBin[];
  /** Lost true alarms first, then the kept false ones that were thought most probable. */
  readonly worst: readonly RecordVerdict[];
  /** Alarms without a label; they are judged and not counted. */
  readonly unlabelled: number;
}

const WORST = 25;

const judged = ({ record, word, isTrue, verdict, probability }: RecordVerdict): JudgedAlarm => ({
  ...{ record, kind: word, isTrue: isTrue === true, isKept: verdict !== 'refuted', probability },
});

const figuresOf = (verdicts: readonly RecordVerdict[]): AlarmFigures => {
  const alarms = verdicts.map(judged);
  const counts = countAlarms(alarms);
  const intervals = bootstrap({ ...BOOTSTRAP_USUAL, patients: alarms.length }, (drawn) => {
    const of = countAlarms(alarms, drawn);
    return { score: challengeScore(of), sensitivity: sensitivityOf(of), specificity: specificityOf(of) };
  });
  const ranked = rank(
    alarms.map(({ probability }) => probability),
    alarms.map(({ isTrue }) => (isTrue ? 1 : 0)),
  );
  const withVerdict = (wanted: RecordVerdict['verdict']): number =>
    verdicts.filter(({ verdict }) => verdict === wanted).length;
  return {
    alarms: alarms.length,
    counts,
    confirmed: withVerdict('confirmed'),
    undecided: withVerdict('undecided'),
    refuted: withVerdict('refuted'),
    ...intervals,
    auroc: auroc(ranked),
  };
};

const badness = ({ isTrue, verdict, probability }: RecordVerdict): number =>
  isTrue === true ? (verdict === 'refuted' ? 2 - probability : 0) : verdict === 'refuted' ? 0 : probability;

/** Compares verdicts with the labels there are; undefined when there is none. */
export const reportOn = (verdicts: readonly RecordVerdict[]): AlarmReport | undefined => {
  const labelled = verdicts.filter(({ isTrue }) => isTrue !== undefined);
  if (labelled.length === 0) return undefined;
  const kinds = ALARM_KINDS.map((kind) => labelled.filter((each) => each.kind === kind)).filter(
    ({ length }) => length > 0,
  );
  const probabilities = labelled.map(({ probability }) => probability);
  const labels = labelled.map(({ isTrue }) => (isTrue === true ? 1 : 0));
  return {
    overall: figuresOf(labelled),
    kinds: Object.fromEntries(kinds.map((of) => [of[0]!.kind, figuresOf(of)])),
    curves: Object.fromEntries(kinds.map((of) => [of[0]!.kind, alarmCurve(of.map(judged))])),
    brier: brier(probabilities, labels),
    calibration: reliability(probabilities, labels),
    worst: [...labelled]
      .filter((each) => badness(each) > 0)
      .sort((a, b) => badness(b) - badness(a))
      .slice(0, WORST),
    unlabelled: verdicts.length - labelled.length,
  };
};

const percent = (share: number): string => (Number.isFinite(share) ? (100 * share).toFixed(1) : '–');
const interval = ({ value, low, high }: Interval): string => `${percent(value)} (${percent(low)}–${percent(high)})`;

const COLUMNS = [
  'kind'.padEnd(15),
  ...['alarms', 'TP', 'FP', 'FN', 'TN'].map((name) => name.padStart(6)),
  ...['score', 'Se', 'Sp'].map((name) => name.padStart(20)),
  'AUROC'.padStart(7),
].join(' ');

const row = (name: string, figures: AlarmFigures): string => {
  const { truePositives, falsePositives, falseNegatives, trueNegatives } = figures.counts;
  return [
    name.padEnd(15),
    ...[figures.alarms, truePositives, falsePositives, falseNegatives, trueNegatives].map((n) => String(n).padStart(6)),
    ...[figures.score, figures.sensitivity, figures.specificity].map((each) => interval(each).padStart(20)),
    (Number.isFinite(figures.auroc) ? figures.auroc.toFixed(3) : '–').padStart(7),
  ].join(' ');
};

const SHOWN_SENSITIVITIES = [1, 0.99, 0.98, 0.95, 0.9];

/** Of one kind: the best score there is at each sensitivity. */
const curveLine = (kind: string, curve: ReturnType<typeof alarmCurve>): string => {
  const best = SHOWN_SENSITIVITIES.map((least) => {
    const points = curve.filter(({ sensitivity }) => sensitivity >= least - 1e-9 || Number.isNaN(sensitivity));
    return points.reduce((a, b) => (b.score > a.score ? b : a));
  });
  const said = best.map(
    ({ score, from }, i) => `Se ≥ ${percent(SHOWN_SENSITIVITIES[i]!)}: ${percent(score)} from ${from.toFixed(3)}`,
  );
  return `${kind.padEnd(15)} ${said.join('; ')}`;
};

const worstLine = ({ record, word, isTrue, verdict, probability, testimonies }: RecordVerdict): string => {
  const said = testimonies.map(({ signal, says, because }) => `${signal} ${says} (${because})`).join(', ');
  return `${record} ${word}: ${isTrue === true ? 'true' : 'false'} alarm ${verdict}, ${probability.toFixed(3)}; ${said}`;
};

/** The report as text. Intervals are 95 %, by bootstrap over records. */
export const reportText = (report: AlarmReport): string => {
  const lines = [
    'The models learned from the 499 records of cinc2015-dev: figures on those flatter. Cross-validated ones are in CARD.md.',
    'Alarm truth, CinC 2015 real-time score (TP+TN)/(TP+TN+FP+5·FN). Kept unless refuted; % with 95 % interval over records.',
    '',
    COLUMNS,
    row('all', report.overall),
    ...Object.entries(report.kinds).map(([kind, figures]) => row(kind, figures)),
    '',
    'Best score at each sensitivity, had the threshold on the probability been chosen on these records:',
    ...Object.entries(report.curves).map(([kind, curve]) => curveLine(kind, curve)),
    '',
    `Brier score ${report.brier.toFixed(4)}. Calibration (said, came, alarms):`,
    ...report.calibration.map(
      ({ said, came, cases }) => `  ${said.toFixed(2)}  ${came.toFixed(2)}  ${String(cases).padStart(4)}`,
    ),
    '',
    'Worst records:',
    ...report.worst.map(worstLine),
  ];
  if (report.unlabelled > 0) lines.push('', `${report.unlabelled} alarms have no label and are not counted.`);
  return `${lines.join('\n')}\n`;
};
