import * as E from 'fp-ts/lib/Either.js';
import { diceFrom } from '../../../stream-models/dice.ts';
import type { StepNetwork, Tensor } from '../../ports/inference.ts';

/** A device whose probabilities lie further than this from the CPU's is not used: its alarms would not be those that were measured. */
export const FURTHEST_FROM_CPU = 1e-4;

const ROWS = 128;

/**
 * What a network says to the same thrown inputs from -2 to 2, `steps` times, the state of 128 beds carried on: the probabilities
 * [128, classes] of every step. Rejects with an Error when a step fails.
 */
export const saidToThrown = async (network: StepNetwork, steps: number): Promise<readonly Float32Array[]> => {
  const dice = diceFrom(1);
  const said: Float32Array[] = [];
  let state: Tensor = { rows: ROWS, width: network.hidden, values: new Float32Array(ROWS * network.hidden) };
  for (let t = 0; t < steps; t++) {
    const values = Float32Array.from({ length: ROWS * network.features }, () => 4 * dice.unit() - 2);
    const answer = await network.step({ rows: ROWS, width: network.features, values }, state)();
    if (E.isLeft(answer)) throw new Error(answer.left.sentence);
    said.push(answer.right.y.values);
    state = answer.right.next;
  }
  return said;
};

/** The furthest that two probabilities of what was said lie apart. */
export const furthestApart = (a: readonly Float32Array[], b: readonly Float32Array[]): number => {
  let furthest = 0;
  for (const [t, y] of a.entries())
    for (let i = 0; i < y.length; i++) furthest = Math.max(furthest, Math.abs(y[i]! - b[t]![i]!));
  return furthest;
};
