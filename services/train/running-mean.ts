import { WEIGHT_NAMES, type Weights } from '../../stream-models/network/description.ts';

/** A running mean, `pull` of the way to the newest weights. */
export const movedTowards = (mean: Weights, weights: Weights, pull: number): Weights => {
  const moved = (before: Float32Array, now: Float32Array) => before.map((value, i) => value + pull * (now[i]! - value));
  return Object.fromEntries(WEIGHT_NAMES.map((name) => [name, moved(mean[name], weights[name])])) as unknown as Weights;
};
