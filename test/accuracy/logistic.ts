/** Fits ridge-regularised logistic rules on standardised terms by Newton's method: for the measuring scripts of this folder. */
import { type Logistic, standardised } from '../../stream-models/logistic.ts';

const STEPS_MAX = 30;

/** Solves a symmetric positive definite system by Cholesky's method. Only the lower half of `matrix` (row by row) is read; it is overwritten. */
const solve = (matrix: Float64Array, right: Float64Array): Float64Array => {
  const size = right.length;
  for (let i = 0; i < size; i++)
    for (let j = 0; j <= i; j++) {
      let sum = matrix[i * size + j]!;
      for (let k = 0; k < j; k++) sum -= matrix[i * size + k]! * matrix[j * size + k]!;
      matrix[i * size + j] = i === j ? Math.sqrt(sum) : sum / matrix[j * size + j]!;
    }
  const found = right.slice();
  for (let i = 0; i < size; i++) {
    for (let k = 0; k < i; k++) found[i]! -= matrix[i * size + k]! * found[k]!;
    found[i]! /= matrix[i * size + i]!;
  }
  for (let i = size - 1; i >= 0; i--) {
    for (let k = i + 1; k < size; k++) found[i]! -= matrix[k * size + i]! * found[k]!;
    found[i]! /= matrix[i * size + i]!;
  }
  return found;
};

const standardOf = (rows: readonly (readonly number[])[]): { mean: number[]; deviation: number[] } => {
  const terms = rows[0]?.length ?? 0;
  const mean = Array.from({ length: terms }, (_, j) => rows.reduce((sum, row) => sum + row[j]!, 0) / rows.length);
  const deviation = mean.map((middle, j) => {
    const square = rows.reduce((sum, row) => sum + (row[j]! - middle) ** 2, 0) / rows.length;
    return Math.max(1e-3, Math.sqrt(square));
  });
  return { mean, deviation };
};

/** Fits rows of terms to labels (1 or 0). `ridge`: the penalty on each squared weight, in cases. */
export const fitLogistic = (
  rows: readonly (readonly number[])[],
  labels: readonly number[],
  ridge: number,
): Logistic => {
  const { mean, deviation } = standardOf(rows);
  const size = mean.length + 1;
  const cases = rows.map((row) =>
    Float64Array.from([...row.map((value, j) => standardised(value, mean[j]!, deviation[j]!)), 1]),
  );
  const weights = new Float64Array(size);
  for (let step = 0; step < STEPS_MAX; step++) {
    const gradient = new Float64Array(size);
    const hessian = new Float64Array(size * size);
    for (const [i, x] of cases.entries()) {
      let logit = 0;
      for (let j = 0; j < size; j++) logit += weights[j]! * x[j]!;
      const p = 1 / (1 + Math.exp(-logit));
      const bend = Math.max(1e-4, p * (1 - p));
      for (let j = 0; j < size; j++) {
        gradient[j]! += (p - labels[i]!) * x[j]!;
        const bent = bend * x[j]!;
        for (let k = 0; k <= j; k++) hessian[j * size + k]! += bent * x[k]!;
      }
    }
    for (let j = 0; j < size; j++) {
      const penalty = j < size - 1 ? ridge : 1e-6;
      gradient[j]! += penalty * weights[j]!;
      hessian[j * size + j]! += penalty;
    }
    const change = solve(hessian, gradient);
    for (let j = 0; j < size; j++) weights[j]! -= change[j]!;
    if (Math.max(...change.map(Math.abs)) < 1e-6) break;
  }
  return { mean, deviation, weights: [...weights.subarray(0, -1)], bias: weights[size - 1]! };
};
