/**
 * What a series of beats or pulses (moments in seconds, ascending) says over the end of its time. Rates in beats per
 * minute. Nothing here looks behind `to`.
 */

/** Rate over each `beats` neighbours whose last lies within from..to. */
const ratesOver = (times: readonly number[], beats: number, from: number, to: number): number[] => {
  const rates: number[] = [];
  for (let i = beats - 1; i < times.length; i++) {
    const last = times[i]!;
    if (last < from || last > to) continue;
    const span = last - times[i - beats + 1]!;
    if (span > 0) rates.push((60 * (beats - 1)) / span);
  }
  return rates;
};

/** Highest rate over so many beats in a row; undefined when there are not so many. */
export const fastestOver = (times: readonly number[], beats: number, from: number, to: number): number | undefined => {
  const rates = ratesOver(times, beats, from, to);
  return rates.length === 0 ? undefined : Math.max(...rates);
};

/** Lowest rate over so many beats in a row; undefined when there are not so many. */
export const slowestOver = (times: readonly number[], beats: number, from: number, to: number): number | undefined => {
  const rates = ratesOver(times, beats, from, to);
  return rates.length === 0 ? undefined : Math.min(...rates);
};

/**
 * The longest time without a beat within from..to, seconds. `lateS`: a beat is known only so long after it came, so the
 * last so many seconds are not counted as empty.
 */
export const longestGap = (times: readonly number[], from: number, to: number, lateS: number): number => {
  let before = from;
  let longest = 0;
  for (const time of times) {
    if (time <= from) continue;
    if (time > to) break;
    longest = Math.max(longest, time - before);
    before = time;
  }
  return Math.max(longest, to - lateS - before);
};

/** How many lie after `from` and not after `to`. */
export const countWithin = (times: readonly number[], from: number, to: number): number => {
  let count = 0;
  for (const time of times) if (time > from && time <= to) count++;
  return count;
};

/** The middle value (the upper of two); undefined of none. */
export const middleOf = (values: readonly number[]): number | undefined => {
  if (values.length === 0) return undefined;
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[sorted.length >> 1];
};

/** How irregular: the mean distance of the intervals within from..to from their middle one, as a share of it; 1 when there are fewer than three. */
export const irregularityOf = (times: readonly number[], from: number, to: number): number => {
  const within = times.filter((time) => time > from && time <= to);
  const intervals = within.slice(1).map((time, i) => time - within[i]!);
  const middle = middleOf(intervals);
  if (middle === undefined || intervals.length < 3) return 1;
  let sum = 0;
  for (const interval of intervals) sum += Math.abs(interval - middle);
  return Math.min(1, sum / intervals.length / middle);
};
