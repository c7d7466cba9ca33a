/** A logistic rule on standardised terms: what test/accuracy fits, and rules here ask. */
export interface Logistic {
  readonly mean: readonly number[];
  readonly deviation: readonly number[];
  readonly weights: readonly number[];
  readonly bias: number;
}

/** A value farther from the mean than so many deviations teaches no more. */
const FAR = 4;

/** Deviations from the mean, at most FAR. */
export const standardised = (value: number, mean: number, deviation: number): number =>
  Math.max(-FAR, Math.min(FAR, (value - mean) / deviation));

/** Log odds of terms in the order of the rule's. */
export const logOddsOf = ({ mean, deviation, weights, bias }: Logistic, terms: ArrayLike<number>): number => {
  let logOdds = bias;
  for (let i = 0; i < terms.length; i++) logOdds += weights[i]! * standardised(terms[i]!, mean[i]!, deviation[i]!);
  return logOdds;
};
