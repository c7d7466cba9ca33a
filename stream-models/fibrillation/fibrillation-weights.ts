/**
 * Written by test/accuracy/fit-fibrillation.ts from vfdb-dev and mitdb-ds1; not to be edited by hand. The order of the
 * terms is that of `termNames` in fibrillation-rule.ts.
 */
export const fibrillationWeights: { readonly bias: number; readonly terms: readonly number[] } = {
  bias: -20.95546,
  terms: [
    10.637046, 6.1581042, 42.296819, 17.876863, 5.5710016, 9.213351, -7.9888355, -4.6255581, -16.751753, -25.539435,
    -1.1252091, -1.7093684, 0.96615996,
  ],
};
