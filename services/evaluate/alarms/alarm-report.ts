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
import { auprc, auroc, type CurvePoint, curves, rank } from '../../../stream-models/evaluation/auroc.ts';
import { BOOTSTRAP_USUAL, bootstrap, type Interval } from '../../../stream-models/evaluation/bootstrap.ts';
import {
  brier,
  expectedCalibrationError,
  type ReliabilityBin,
  reliability,
} from '../../../stream-models/evaluation/calibration.ts';
import { type AlarmSubgroup, alarmSubgroups } from './alarm-subgroups.ts';
import type { UnreadableRecord } from './hear-records.ts';
import type { JudgedFolder, RecordVerdict } from './judge-alarms.ts';

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
  readonly auroc: Interval;
  readonly auprc: Interval;
}

export interface AlarmReport {
  readonly overall: AlarmFigures;
  readonly kinds: Readonly<Record<string, AlarmFigures>>;
  /** By the pulse signals that a record has beside its ECG. */
  readonly subgroups: readonly AlarmSubgroup[];
  /** Per kind: every threshold on the probability. */
  readonly curves: Readonly<Record<string, ReturnType<typeof alarmCurve>>>;
  /** ROC and precision–recall curve of the probability, over all kinds. */
  readonly ranking: readonly CurvePoint[];
  readonly brier: number;
  /** By ten bins of equal width. */
  readonly expectedCalibrationError: number;
  readonly calibration: readonly ReliabilityBin[];
  /** Lost true alarms first, then the kept false ones that were thought most probable. */
  readonly worst: readonly RecordVerdict[];
  /** Alarms without a label; they are judged and not counted. */
  readonly unlabelled: readonly string[];
  /** Records that are in no figure, and why. */
  readonly unjudged: readonly UnreadableRecord[];
  readonly notes: readonly string[];
}

const WORST = 25;

const judged = ({ record, word, isTrue, verdict, probability }: RecordVerdict): JudgedAlarm => ({
  ...{ record, kind: word, isTrue: isTrue === true, isKept: verdict !== 'refuted', probability },
});

const isTrueOf = (verdicts: readonly RecordVerdict[]): readonly number[] =>
  verdicts.map(({ isTrue }) => (isTrue === true ? 1 : 0));

const ranked = (verdicts: readonly RecordVerdict[]) =>
  rank(
    verdicts.map(({ probability }) => probability),
    isTrueOf(verdicts),
  );

const figuresOf = (verdicts: readonly RecordVerdict[]): AlarmFigures => {
  const alarms = verdicts.map(judged);
  const counts = countAlarms(alarms);
  const order = ranked(verdicts);
  const intervals = bootstrap({ ...BOOTSTRAP_USUAL, patients: alarms.length }, (drawn) => {
    const of = countAlarms(alarms, drawn);
    return {
      score: challengeScore(of),
      sensitivity: sensitivityOf(of),
      specificity: specificityOf(of),
      auroc: auroc(order, drawn),
      auprc: auprc(order, drawn),
    };
  });
  const withVerdict = (wanted: RecordVerdict['verdict']): number =>
    verdicts.filter(({ verdict }) => verdict === wanted).length;
  return {
    alarms: alarms.length,
    counts,
    confirmed: withVerdict('confirmed'),
    undecided: withVerdict('undecided'),
    refuted: withVerdict('refuted'),
    ...intervals,
  };
};

const badness = ({ isTrue, verdict, probability }: RecordVerdict): number =>
  isTrue === true ? (verdict === 'refuted' ? 2 - probability : 0) : verdict === 'refuted' ? 0 : probability;

/** Compares verdicts with the labels there are; undefined when there is none. */
export const reportOn = ({ verdicts, unreadable, notes }: JudgedFolder): AlarmReport | undefined => {
  const labelled = verdicts.filter(({ isTrue }) => isTrue !== undefined);
  if (labelled.length === 0) return undefined;
  const kinds = ALARM_KINDS.map((kind) => labelled.filter((each) => each.kind === kind)).filter(
    ({ length }) => length > 0,
  );
  const probabilities = labelled.map(({ probability }) => probability);
  const labels = isTrueOf(labelled);
  const calibration = reliability(probabilities, labels);
  return {
    overall: figuresOf(labelled),
    kinds: Object.fromEntries(kinds.map((of) => [of[0]!.kind, figuresOf(of)])),
    subgroups: alarmSubgroups(labelled, figuresOf),
    curves: Object.fromEntries(kinds.map((of) => [of[0]!.kind, alarmCurve(of.map(judged))])),
    ranking: curves(ranked(labelled)),
    brier: brier(probabilities, labels),
    expectedCalibrationError: expectedCalibrationError(calibration),
    calibration,
    worst: [...labelled]
      .filter((each) => badness(each) > 0)
      .sort((a, b) => badness(b) - badness(a))
      .slice(0, WORST),
    unlabelled: verdicts.filter(({ isTrue }) => isTrue === undefined).map(({ record }) => record),
    unjudged: unreadable,
    notes,
  };
};
