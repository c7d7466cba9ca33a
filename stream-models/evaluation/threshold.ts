import { CINC_2019, hourWorths, type UtilityRules } from './sepsis-utility.ts';

/** The score from which on alarms are worth most. */
export interface BestThreshold {
  readonly threshold: number;
  /** Normalised utility of alarms at that threshold, on the stays it was chosen by: flattering, never a result. */
  readonly utility: number;
}

/** One stay as it is judged: a score and a label per hourly row. */
export interface ScoredStay {
  readonly scores: ArrayLike<number>;
  readonly labels: ArrayLike<number>;
}

/**
 * The threshold that maximises the normalised utility of "alarm where score ≥ threshold" over all stays: every distinct score
 * is tried, in one pass over the sorted rows. A score of NaN never alarms. Throws a RangeError when no stay has sepsis.
 */
export const bestThreshold = (stays: readonly ScoredStay[], rules: UtilityRules = CINC_2019): BestThreshold =>
  strictestThreshold(stays, 0, rules);

/**
 * The highest threshold whose utility is at most `givesUp` below that of the best one. Utility hardly changes around its maximum, and
 * where fewer patients fall ill than where the threshold was chosen, one that is too low costs far more than one that is too high
 * costs elsewhere. Throws as `bestThreshold` does.
 */
export const strictestThreshold = (
  stays: readonly ScoredStay[],
  givesUp: number,
  rules: UtilityRules = CINC_2019,
): BestThreshold => {
  const rows = stays.reduce((sum, { labels }) => sum + labels.length, 0);
  const scores = new Float64Array(rows);
  const gains = new Float64Array(rows);
  let count = 0;
  let best = 0;
  for (const stay of stays) {
    const { alarm, silence } = hourWorths(stay.labels, rules);
    const hasSepsis = Array.prototype.includes.call(stay.labels, 1);
    for (let i = 0; i < stay.labels.length; i++) {
      const gain = alarm[i]! - silence[i]!;
      // The challenge's best alarms are those of its window, where every alarm gains; outside it none does.
      if (hasSepsis && gain > 0) best += gain;
      if (Number.isNaN(stay.scores[i])) continue;
      scores[count] = stay.scores[i]!;
      gains[count++] = gain;
    }
  }
  if (!(best > 0)) throw new RangeError('a threshold cannot be chosen without a stay that has sepsis');
  const order = new Uint32Array(count).map((_, i) => i).sort((a, b) => scores[b]! - scores[a]!);
  // Utility of an alarm in the k + 1 highest rows; −∞ where a score goes on, because a threshold takes all its rows.
  const worth = new Float64Array(count);
  let sum = 0;
  let most = 0;
  for (let k = 0; k < count; k++) {
    sum += gains[order[k]!]!;
    const isLast = k + 1 === count || scores[order[k + 1]!] !== scores[order[k]!];
    worth[k] = isLast ? sum / best : Number.NEGATIVE_INFINITY;
    most = Math.max(most, worth[k]!);
  }
  const enough = most - givesUp;
  // Silence loses no more than that.
  if (enough <= 0) return { threshold: Number.POSITIVE_INFINITY, utility: 0 };
  const first = worth.findIndex((each) => each >= enough);
  return { threshold: scores[order[first]!]!, utility: worth[first]! };
};
