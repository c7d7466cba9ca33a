import { diceFrom } from '../dice.ts';
import { filledWeights, type GruNetwork, isBias, WEIGHT_NAMES, type Weights, weightShapes } from './description.ts';

/**
 * Weights to start training from: uniform within ±sqrt(6 / (rows + columns of one gate)) (Glorot), biases zero, but the
 * update gate's bias is 1, so that the state at first remembers for a few steps.
 */
export const initialWeights = (network: GruNetwork, seed: number): Weights => {
  const dice = diceFrom(seed);
  const shapes = weightShapes(network);
  const weights = filledWeights(network, () => 0);
  for (const name of WEIGHT_NAMES) {
    const [rows, columns] = shapes[name];
    if (isBias(name)) continue;
    const gates = name === 'Wx' || name === 'Uh' ? 3 : 1;
    const bound = Math.sqrt(6 / (rows + columns / gates));
    const values = weights[name];
    for (let i = 0; i < values.length; i++) values[i] = (2 * dice.unit() - 1) * bound;
  }
  weights.bx.fill(1, 0, network.hidden);
  return weights;
};
