import { atrialWeights } from './atrial-weights.ts';

/** Terms of the rule: each feature and its square. */
export const atrialTerms = (features: readonly number[]): readonly number[] => [
  ...features,
  ...features.map((value) => value * value),
];

/** A logistic rule on standardised terms; what lies farther out than FAR deviations counts as that far. */
export interface AtrialWeights {
  readonly mean: readonly number[];
  readonly deviation: readonly number[];
  readonly weights: readonly number[];
  readonly bias: number;
}

const FAR = 4;

/** Log odds that a look at the newest beats (`atrialFeatures`) is atrial fibrillation. */
export const atrialLogit = (
  features: readonly number[],
  { mean, deviation, weights, bias }: AtrialWeights = atrialWeights,
): number => {
  const terms = atrialTerms(features);
  let logit = bias;
  for (let i = 0; i < terms.length; i++)
    logit += weights[i]! * Math.max(-FAR, Math.min(FAR, (terms[i]! - mean[i]!) / deviation[i]!));
  return logit;
};
