/** A ridge-regularised logistic regression on standardised terms, fitted by Newton's method: for the measuring scripts of this folder. */
export interface Logistic {
  readonly mean: readonly number[];
  readonly deviation: readonly number[];
  readonly weights: readonly number[];
  readonly bias: number;
}

const FAR = 4;
const STEPS_MAX = 30;

/** Solves a small symmetric system by Gauss–Jordan elimination. */
const solve = (matrix: readonly (readonly number[])[], right: readonly number[]): number[] => {
  const size = right.length;
  const rows = matrix.map((row, i) => [...row, right[i]!]);
  for (let column = 0; column < size; column++) {
    let pivot = column;
    for (let r = column + 1; r < size; r++)
      if (Math.abs(rows[r]![column]!) > Math.abs(rows[pivot]![column]!)) pivot = r;
    [rows[column], rows[pivot]] = [rows[pivot]!, rows[column]!];
    for (let r = 0; r < size; r++) {
      if (r === column) continue;
      const factor = rows[r]![column]! / rows[column]![column]!;
      for (let k = column; k <= size; k++) rows[r]![k]! -= factor * rows[column]![k]!;
    }
  }
  return rows.map((row, i) => row[size]! / row[i]!);
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

const standardised = (row: readonly number[], mean: readonly number[], deviation: readonly number[]): number[] =>
  row.map((value, j) => Math.max(-FAR, Math.min(FAR, (value - mean[j]!) / deviation[j]!)));

/** Fits rows of terms to labels (1 or 0). `ridge`: the penalty on each squared weight, in cases. */
export const fitLogistic = (
  rows: readonly (readonly number[])[],
  labels: readonly number[],
  ridge: number,
): Logistic => {
  const { mean, deviation } = standardOf(rows);
  const cases = rows.map((row) => [...standardised(row, mean, deviation), 1]);
  const size = mean.length + 1;
  const weights = new Array<number>(size).fill(0);
  for (let step = 0; step < STEPS_MAX; step++) {
    const gradient = new Array<number>(size).fill(0);
    const hessian = Array.from({ length: size }, () => new Array<number>(size).fill(0));
    for (const [i, x] of cases.entries()) {
      let logit = 0;
      for (let j = 0; j < size; j++) logit += weights[j]! * x[j]!;
      const p = 1 / (1 + Math.exp(-logit));
      const bend = Math.max(1e-4, p * (1 - p));
      for (let j = 0; j < size; j++) {
        gradient[j]! += (p - labels[i]!) * x[j]!;
        for (let k = 0; k < size; k++) hessian[j]![k]! += bend * x[j]! * x[k]!;
      }
    }
    for (let j = 0; j < size; j++) {
      const penalty = j < size - 1 ? ridge : 1e-6;
      gradient[j]! += penalty * weights[j]!;
      hessian[j]![j]! += penalty;
    }
    const change = solve(hessian, gradient);
    for (let j = 0; j < size; j++) weights[j]! -= change[j]!;
    if (Math.max(...change.map(Math.abs)) < 1e-6) break;
  }
  return { mean, deviation, weights: weights.slice(0, -1), bias: weights.at(-1)! };
};
