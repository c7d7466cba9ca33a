import type { GruNetwork, Weights } from '../../stream-models/network/description.ts';

/** What the network says to one sequence, one row of probabilities per step, in plain arithmetic (float64): what the graphs are checked against. */
export const referenceForward = (
  network: GruNetwork,
  weights: Weights,
  inputs: readonly Float32Array[],
): readonly Float64Array[] => {
  const { hidden } = network;
  let state = new Float64Array(hidden);
  return inputs.map((x) => {
    const encoded = affine(x, weights.We, weights.be).map((value) => Math.max(0, value));
    const gates = affine(encoded, weights.Wx, weights.bx);
    const ofState = affine(state, weights.Uh, weights.bh);
    state = state.map((before, i) => {
      const z = sigmoid(gates[i]! + ofState[i]!);
      const r = sigmoid(gates[hidden + i]! + ofState[hidden + i]!);
      const n = Math.tanh(gates[2 * hidden + i]! + r * ofState[2 * hidden + i]!);
      return n + z * (before - n);
    });
    const directly = weights.Wd === undefined ? weights.bo : affine(x, weights.Wd, weights.bo);
    return softmax(affine(state, weights.Wo, directly));
  });
};

const affine = (row: ArrayLike<number>, matrix: Float32Array, bias: ArrayLike<number>): Float64Array => {
  const sums = Float64Array.from(bias);
  for (let i = 0; i < row.length; i++)
    for (let j = 0; j < sums.length; j++) sums[j]! += row[i]! * matrix[i * sums.length + j]!;
  return sums;
};

const sigmoid = (value: number): number => 1 / (1 + Math.exp(-value));

const softmax = (logits: Float64Array): Float64Array => {
  const most = Math.max(...logits);
  const powers = logits.map((logit) => Math.exp(logit - most));
  const sum = powers.reduce((a, b) => a + b, 0);
  return powers.map((power) => power / sum);
};
