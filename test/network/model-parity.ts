/** Whether a model file says step by step what plain arithmetic says of the whole sequence. */
import * as E from 'fp-ts/lib/Either.js';
import { openOrtInference } from '../../services/adapters/onnx/ort-inference.ts';
import { diceFrom } from '../../stream-models/dice.ts';
import { networkInFile } from './network-in-file.ts';
import { referenceForward } from './reference-forward.ts';

/** The furthest that a probability lies from the reference's, over a sequence of thrown inputs. */
export const furthestFromWhole = async (path: string, steps: number): Promise<number> => {
  const { network: described, weights } = await networkInFile(path);
  const inference = openOrtInference({ providers: ['cpu'] });
  const { network } = await inference.load(path);
  const { features, hidden } = network;
  const dice = diceFrom(1);
  const inputs = Array.from({ length: steps }, () =>
    Float32Array.from({ length: features }, () => 2 * dice.unit() - 1),
  );
  let state = { rows: 1, width: hidden, values: new Float32Array(hidden) };
  let furthest = 0;
  for (const [t, probabilities] of referenceForward(described, weights, inputs).entries()) {
    const answer = await network.step({ rows: 1, width: features, values: inputs[t]! }, state)();
    if (E.isLeft(answer)) throw new Error(answer.left.sentence);
    for (const [i, probability] of probabilities.entries())
      furthest = Math.max(furthest, Math.abs(probability - answer.right.y.values[i]!));
    state = { ...state, values: answer.right.next.values.slice() };
  }
  await inference.close();
  return furthest;
};
