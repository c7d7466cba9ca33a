/**
 * The utility of the PhysioNet/CinC Challenge 2019 (Reyna et al., Crit Care Med 2020;48:210–217): what an alarm in each hour of
 * an ICU stay is worth. An alarm helps from 12 h before the onset of sepsis, most at 6 h before, and no more 3 h after; silence
 * costs from 6 h before on; a false alarm costs a little.
 *
 *   worth of an alarm        0 … 1 at -12 … -6 h, 1 … 0 at -6 … +3 h, never below -0.05; -0.05 in a stay without sepsis
 *   worth of silence         0 up to -6 h, 0 … -2 at -6 … +3 h; 0 in a stay without sepsis
 *   after +3 h               nothing
 */
export interface UtilityRules {
  readonly earlyHours: number;
  readonly optimalHours: number;
  readonly lateHours: number;
  readonly alarmMax: number;
  readonly silenceMin: number;
  readonly falseAlarm: number;
  readonly trueSilence: number;
}

export const CINC_2019: UtilityRules = {
  earlyHours: -12,
  optimalHours: -6,
  lateHours: 3,
  alarmMax: 1,
  silenceMin: -2,
  falseAlarm: -0.05,
  trueSilence: 0,
};

/** What an alarm and what silence is worth in each hour of a stay. */
export interface HourWorths {
  readonly alarm: Float64Array;
  readonly silence: Float64Array;
}

/**
 * The worths in each row of a stay. `labels`: one per hourly row, 1 from 6 h before the onset on (so the onset is 6 h after the
 * first 1); all 0: no sepsis. Rows count as hours, as in the challenge's own scorer.
 */
export const hourWorths = (labels: ArrayLike<number>, rules: UtilityRules = CINC_2019): HourWorths => {
  const hours = labels.length;
  const alarm = new Float64Array(hours);
  const silence = new Float64Array(hours);
  const first = firstPositive(labels);
  if (first === undefined) return { alarm: alarm.fill(rules.falseAlarm), silence: silence.fill(rules.trueSilence) };
  const onset = first - rules.optimalHours;
  const rising = rules.alarmMax / (rules.optimalHours - rules.earlyHours);
  const window = rules.lateHours - rules.optimalHours;
  for (let hour = 0; hour < hours && hour <= onset + rules.lateHours; hour++) {
    const from = hour - onset;
    if (from <= rules.optimalHours) {
      alarm[hour] = Math.max(rising * (from - rules.earlyHours), rules.falseAlarm);
    } else {
      alarm[hour] = (rules.alarmMax * (rules.lateHours - from)) / window;
      silence[hour] = (rules.silenceMin * (from - rules.optimalHours)) / window;
    }
  }
  return { alarm, silence };
};

const firstPositive = (labels: ArrayLike<number>): number | undefined => {
  for (let i = 0; i < labels.length; i++) if (labels[i] === 1) return i;
  return undefined;
};

/** The sums over one stay: with its alarms, with the best alarms possible, and with none. */
export interface StayUtility {
  readonly observed: number;
  readonly best: number;
  readonly inaction: number;
}

/**
 * The utility of the alarms of one stay, `alarms[i]` 1 or 0 for the row of `labels[i]`. "Best" is the challenge's: an alarm in
 * every row from 12 h before to 3 h after the onset, else silence. Throws a RangeError for unequal lengths.
 */
export const stayUtility = (
  labels: ArrayLike<number>,
  alarms: ArrayLike<number>,
  rules: UtilityRules = CINC_2019,
): StayUtility => {
  if (labels.length !== alarms.length) throw new RangeError(`${labels.length} labels and ${alarms.length} alarms`);
  const { alarm, silence } = hourWorths(labels, rules);
  const first = firstPositive(labels);
  const onset = first === undefined ? Number.POSITIVE_INFINITY : first - rules.optimalHours;
  let observed = 0;
  let best = 0;
  let inaction = 0;
  for (let hour = 0; hour < labels.length; hour++) {
    const helps = hour >= onset + rules.earlyHours && hour <= onset + rules.lateHours;
    observed += alarms[hour] === 1 ? alarm[hour]! : silence[hour]!;
    best += helps ? alarm[hour]! : silence[hour]!;
    inaction += silence[hour]!;
  }
  return { observed, best, inaction };
};

/**
 * The normalised utility of many stays: 1 for the best alarms, 0 for none at all, below 0 for worse than none. `weights`: what
 * each stay counts (bootstrap). NaN when no stay has sepsis.
 */
export const normalisedUtility = (stays: readonly StayUtility[], weights?: ArrayLike<number>): number => {
  let observed = 0;
  let best = 0;
  let inaction = 0;
  for (let i = 0; i < stays.length; i++) {
    const weight = weights === undefined ? 1 : weights[i]!;
    observed += weight * stays[i]!.observed;
    best += weight * stays[i]!.best;
    inaction += weight * stays[i]!.inaction;
  }
  return best > inaction ? (observed - inaction) / (best - inaction) : Number.NaN;
};
