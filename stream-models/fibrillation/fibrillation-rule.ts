import type { FibrillationFeatures } from './fibrillation-features.ts';
import { fibrillationWeights } from './fibrillation-weights.ts';

/** The terms of the rule, in the order of the weights. */
export const termNames = [
  'leakage',
  'crossing',
  'count2',
  'plane',
  'evenness',
  'periodicity',
  'periodicity²',
  'leakage × periodicity',
  'powerSlow',
  'power9up',
  'peakHz up to 10',
  'peakHz from 4.5',
  'peakHz below 3',
] as const;

/** The terms of one look at one lead. Amplitude is not among them: a gain must not decide. */
export const termsOf = (features: FibrillationFeatures): readonly number[] => {
  const { leakage, crossing, count2, plane, evenness, periodicity, powerSlow, power9up } = features;
  const hz = Math.min(features.peakHz, 10);
  return [
    leakage,
    crossing,
    count2,
    plane,
    evenness,
    periodicity,
    periodicity * periodicity,
    leakage * periodicity,
    powerSlow,
    power9up,
    hz,
    Math.abs(hz - 4.5),
    Math.max(0, 3 - hz),
  ];
};

/**
 * Log odds that a four-second window of one lead is ventricular fibrillation or flutter: a logistic rule fitted on
 * vfdb-dev and mitdb-ds1 by `test/accuracy/fit-fibrillation.ts`, where its cross-validated figures come from.
 */
export const fibrillationLogit = (features: FibrillationFeatures): number => {
  const terms = termsOf(features);
  let logit = fibrillationWeights.bias;
  for (let i = 0; i < terms.length; i++) logit += fibrillationWeights.terms[i]! * terms[i]!;
  return logit;
};
