import type { Tensor } from '../../ports/inference.ts';

/** A run of rows and the size of the call that answers it; rows beyond `count` are padding. */
export interface Call {
  readonly first: number;
  readonly count: number;
  readonly size: number;
}

/**
 * Cuts rows into calls of a few fixed sizes (ascending): as many of the largest as fill up, the rest padded to the
 * smallest that holds it. A kernel picked by batch size then never depends on who else is there.
 */
export const callsFor = (rows: number, sizes: readonly number[]): readonly Call[] => {
  const largest = sizes.at(-1)!;
  const calls: Call[] = [];
  for (let first = 0; first < rows; first += largest) {
    const count = Math.min(largest, rows - first);
    calls.push({ first, count, size: sizes.find((size) => size >= count) ?? largest });
  }
  return calls;
};

/** The rows of one call, padded with zeros. */
export const rowsOf = ({ width, values }: Tensor, { first, count, size }: Call): Float32Array => {
  const padded = new Float32Array(size * width);
  padded.set(values.subarray(first * width, (first + count) * width));
  return padded;
};

/** The numbers of the rows that hold a value that is no finite number. */
export const rowsNotFinite = ({ rows, width, values }: Tensor): readonly number[] => {
  const found: number[] = [];
  for (let row = 0; row < rows; row++) {
    for (let i = row * width; i < (row + 1) * width; i++) {
      if (Number.isFinite(values[i])) continue;
      found.push(row);
      break;
    }
  }
  return found;
};
