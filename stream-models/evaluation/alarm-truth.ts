/**
 * How right verdicts on monitors' alarms were, as the PhysioNet/CinC Challenge 2015 scores it: score = (TP + TN) /
 * (TP + TN + FP + 5 FN). Positive: a true alarm; an alarm counts as kept unless it was refuted.
 */

/** One alarm: whether it was true, whether it was kept, and how probable it was said to be (0 … 1). */
export interface JudgedAlarm {
  readonly record: string;
  /** What the monitor called it. */
  readonly kind: string;
  readonly isTrue: boolean;
  readonly isKept: boolean;
  readonly probability: number;
}

export interface AlarmCounts {
  readonly truePositives: number;
  readonly falsePositives: number;
  readonly falseNegatives: number;
  readonly trueNegatives: number;
}

/** What a suppressed true alarm costs beside a kept false one (Clifford et al. 2015). */
const LOST_TRUE_ALARM = 5;

/** Counts alarms, each `drawn` times (a bootstrap resample by record); once each without it. */
export const countAlarms = (alarms: readonly JudgedAlarm[], drawn?: ArrayLike<number>): AlarmCounts => {
  let truePositives = 0;
  let falsePositives = 0;
  let falseNegatives = 0;
  let trueNegatives = 0;
  for (const [i, { isTrue, isKept }] of alarms.entries()) {
    const times = drawn === undefined ? 1 : drawn[i]!;
    if (isTrue && isKept) truePositives += times;
    else if (isTrue) falseNegatives += times;
    else if (isKept) falsePositives += times;
    else trueNegatives += times;
  }
  return { truePositives, falsePositives, falseNegatives, trueNegatives };
};

/** The challenge's score as a share, 0 … 1; NaN without alarms. */
export const challengeScore = (counts: AlarmCounts): number => {
  const { truePositives, falsePositives, falseNegatives, trueNegatives } = counts;
  const right = truePositives + trueNegatives;
  return right / (right + falsePositives + LOST_TRUE_ALARM * falseNegatives);
};

/** Share of the true alarms that were kept; NaN without any. */
export const sensitivityOf = ({ truePositives, falseNegatives }: AlarmCounts): number =>
  truePositives / (truePositives + falseNegatives);

/** Share of the false alarms that were refuted; NaN without any. */
export const specificityOf = ({ trueNegatives, falsePositives }: AlarmCounts): number =>
  trueNegatives / (trueNegatives + falsePositives);

export interface AlarmCurvePoint {
  /** Alarms are kept from this probability on. */
  readonly from: number;
  readonly sensitivity: number;
  readonly specificity: number;
  readonly score: number;
  readonly counts: AlarmCounts;
}

/** What every threshold would have done, from keeping all alarms to keeping none; one point per distinct probability. */
export const alarmCurve = (alarms: readonly JudgedAlarm[]): readonly AlarmCurvePoint[] => {
  const distinct = [...new Set(alarms.map(({ probability }) => probability))].sort((a, b) => a - b);
  return [...distinct, Number.POSITIVE_INFINITY].map((from) => {
    const counts = countAlarms(alarms.map((alarm) => ({ ...alarm, isKept: alarm.probability >= from })));
    return {
      from,
      sensitivity: sensitivityOf(counts),
      specificity: specificityOf(counts),
      score: challengeScore(counts),
      counts,
    };
  });
};
