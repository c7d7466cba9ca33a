import { type Logistic, logOddsOf } from '../logistic.ts';
import { atrialWeights } from './atrial-weights.ts';

/** Terms of the rule: each feature and its square. */
export const atrialTerms = (features: readonly number[]): readonly number[] => [
  ...features,
  ...features.map((value) => value * value),
];

/** Log odds that a look at the newest beats (`atrialFeatures`) is atrial fibrillation. */
export const atrialLogit = (features: readonly number[], rule: Logistic = atrialWeights): number =>
  logOddsOf(rule, atrialTerms(features));
