import { auprc, auroc, rank } from './auroc.ts';
import { BOOTSTRAP_USUAL, bootstrap, type Interval, quantile } from './bootstrap.ts';
import { brier, expectedCalibrationError, type ReliabilityBin, reliability } from './calibration.ts';
import { CINC_2019, normalisedUtility, stayUtility } from './sepsis-utility.ts';

/** One stay with what was said of it, one value per hourly row. */
export interface JudgedStay {
  readonly labels: ArrayLike<number>;
  /** Probability or any other score; NaN: insufficient data, ranked below every number. */
  readonly risks: ArrayLike<number>;
  readonly alarms: ArrayLike<number>;
}

/** How early, how often, how rightly a threshold rings. */
export interface AlarmFigures {
  /** Shares 0 … 1 over stays: septic ones with an alarm from 12 h before to 3 h after the onset; others without any. */
  readonly sensitivity: number;
  readonly specificity: number;
  /** Share of the stays with an alarm that have sepsis, and of the hours in alarm in which an alarm gains. */
  readonly ppvStays: number;
  readonly ppvHours: number;
  /** Times an alarm begins, and hours in alarm, per patient and day. */
  readonly alertsPerDay: number;
  readonly alarmHoursPerDay: number;
  /** Hours from the first alarm of a septic stay to its onset, of those that rang before it: deciles 1, 5 and 9. */
  readonly leadHours: { readonly low: number; readonly middle: number; readonly high: number; readonly stays: number };
}

export interface SepsisFigures {
  readonly stays: number;
  readonly septicStays: number;
  readonly rows: number;
  /** Rows without a number. */
  readonly insufficientRows: number;
  readonly utility: Interval;
  readonly auroc: Interval;
  readonly auprc: Interval;
  readonly alarms: AlarmFigures;
  /** Undefined when the scores are no probabilities. */
  readonly calibration: SepsisCalibration | undefined;
}

export interface SepsisCalibration {
  readonly brier: number;
  /** By ten bins of equal count. */
  readonly expectedCalibrationError: number;
  readonly table: readonly ReliabilityBin[];
}

export interface SepsisFigureOptions {
  readonly areProbabilities: boolean;
  readonly resamples?: number;
  readonly seed?: number;
}

/** The hours of many stays in one piece. */
export interface JudgedHours {
  /** What was said; -Infinity where there was no number. */
  readonly scores: Float64Array;
  readonly labels: Uint8Array;
  /** By hour: the number of its stay. */
  readonly stayOf: Uint32Array;
  readonly insufficientRows: number;
}

export const hoursOf = (stays: readonly JudgedStay[]): JudgedHours => {
  const rows = stays.reduce((sum, { labels }) => sum + labels.length, 0);
  const scores = new Float64Array(rows);
  const labels = new Uint8Array(rows);
  const stayOf = new Uint32Array(rows);
  let count = 0;
  let insufficientRows = 0;
  for (const [number, stay] of stays.entries()) {
    for (let i = 0; i < stay.labels.length; i++) {
      const hasNumber = !Number.isNaN(stay.risks[i]);
      if (!hasNumber) insufficientRows++;
      scores[count] = hasNumber ? stay.risks[i]! : Number.NEGATIVE_INFINITY;
      labels[count] = stay.labels[i]!;
      stayOf[count++] = number;
    }
  }
  return { scores, labels, stayOf, insufficientRows };
};

/** All figures of one score over many stays, with intervals by bootstrap over stays. */
export const sepsisFigures = (stays: readonly JudgedStay[], options: SepsisFigureOptions): SepsisFigures => {
  const { scores, labels, stayOf, insufficientRows } = hoursOf(stays);
  const rows = scores.length;
  const ranked = rank(scores, labels);
  const utilities = stays.map((stay) => stayUtility(stay.labels, stay.alarms));
  const weights = new Float64Array(rows);
  const { resamples, seed } = { ...BOOTSTRAP_USUAL, ...options };
  const intervals = bootstrap({ ...BOOTSTRAP_USUAL, resamples, seed, patients: stays.length }, (drawn) => {
    for (let i = 0; i < rows; i++) weights[i] = drawn[stayOf[i]!]!;
    return {
      utility: normalisedUtility(utilities, drawn),
      auroc: auroc(ranked, weights),
      auprc: auprc(ranked, weights),
    };
  });
  return {
    stays: stays.length,
    septicStays: stays.filter((stay) => Array.prototype.includes.call(stay.labels, 1)).length,
    rows,
    insufficientRows,
    ...intervals,
    alarms: alarmFigures(stays),
    calibration: options.areProbabilities ? calibrationOf(scores, labels) : undefined,
  };
};

const calibrationOf = (scores: Float64Array, labels: Uint8Array): SepsisCalibration => {
  const said = [...scores.keys()].filter((i) => Number.isFinite(scores[i]));
  const probabilities = Float64Array.from(said, (i) => scores[i]!);
  const came = Uint8Array.from(said, (i) => labels[i]!);
  const table = reliability(probabilities, came, 'equal-count');
  return { brier: brier(probabilities, came), expectedCalibrationError: expectedCalibrationError(table), table };
};

/** What the alarms of one stay were, in hourly rows. */
export interface StayAlarms {
  readonly hours: number;
  readonly alarmHours: number;
  /** Alarms that began. */
  readonly alerts: number;
  /** The first row with an alarm; undefined: none. */
  readonly first: number | undefined;
  /** The onset of sepsis; undefined: none came. */
  readonly onset: number | undefined;
  /** Rows with an alarm that was neither too early nor too late for the onset. */
  readonly goodHours: number;
}

export const alarmsOf = ({ labels, alarms }: JudgedStay): StayAlarms => {
  const rows = Array.from({ length: labels.length }, (_, hour) => hour);
  const rang = rows.filter((hour) => alarms[hour] === 1);
  const labelled = Array.prototype.indexOf.call(labels, 1) as number;
  const onset = labelled < 0 ? undefined : labelled - CINC_2019.optimalHours;
  const isGood = (hour: number): boolean =>
    onset !== undefined && hour >= onset + CINC_2019.earlyHours && hour <= onset + CINC_2019.lateHours;
  return {
    hours: labels.length,
    alarmHours: rang.length,
    alerts: rang.filter((hour) => hour === 0 || alarms[hour - 1] !== 1).length,
    first: rang[0],
    onset,
    goodHours: rang.filter(isGood).length,
  };
};

const alarmFigures = (stays: readonly JudgedStay[]): AlarmFigures => {
  const each = stays.map(alarmsOf);
  const sumOf = (count: (stay: StayAlarms) => number): number => each.reduce((sum, stay) => sum + count(stay), 0);
  const septic = each.filter(({ onset }) => onset !== undefined);
  const others = each.filter(({ onset }) => onset === undefined);
  const hasRung = ({ first }: StayAlarms): boolean => first !== undefined;
  const [hours, alarmHours] = [sumOf((stay) => stay.hours), sumOf((stay) => stay.alarmHours)];
  const leads = septic.flatMap(({ first, onset }) => (first !== undefined && first <= onset! ? [onset! - first] : []));
  const sorted = Float64Array.from(leads).sort();
  return {
    sensitivity: septic.filter(({ goodHours }) => goodHours > 0).length / septic.length,
    specificity: others.filter((stay) => !hasRung(stay)).length / others.length,
    ppvStays: septic.filter(hasRung).length / each.filter(hasRung).length,
    ppvHours: sumOf(({ goodHours }) => goodHours) / alarmHours,
    alertsPerDay: (24 * sumOf(({ alerts }) => alerts)) / hours,
    alarmHoursPerDay: (24 * alarmHours) / hours,
    leadHours: {
      low: quantile(sorted, 0.1),
      middle: quantile(sorted, 0.5),
      high: quantile(sorted, 0.9),
      stays: leads.length,
    },
  };
};
