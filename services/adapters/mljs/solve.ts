import { CholeskyDecomposition, Matrix } from 'ml-matrix';

/**
 * Solves A · x = b, A symmetric and positive definite (Cholesky; ml-matrix). `lower`: A row by row, [width, width], of which only what lies on
 * and below the diagonal is read. `b`: width numbers.
 */
export const solveSymmetric = (lower: Float64Array, b: Float64Array): Float64Array => {
  const width = b.length;
  const whole = new Matrix(width, width);
  for (let i = 0; i < width; i++)
    for (let j = 0; j <= i; j++) {
      whole.set(i, j, lower[i * width + j]!);
      whole.set(j, i, lower[i * width + j]!);
    }
  return Float64Array.from(new CholeskyDecomposition(whole).solve(Matrix.columnVector(b)).to1DArray());
};
