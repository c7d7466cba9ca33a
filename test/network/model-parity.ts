/** Whether a model file says step by step what plain arithmetic says of the whole sequence. */
import { readFile } from 'node:fs/promises';
import { fromBinary } from '@bufbuild/protobuf';
import * as E from 'fp-ts/lib/Either.js';
import { ModelProtoSchema } from '../../schemas/generated/onnx/onnx_pb.ts';
import { openOrtInference } from '../../services/adapters/onnx/ort-inference.ts';
import { WEIGHT_NAMES, type Weights } from '../../stream-models/network/description.ts';
import { referenceForward } from '../../stream-models/network/reference.ts';
import { diceFrom } from '../../stream-models/network/seeded.ts';

/** The furthest that a probability lies from the reference's, over a sequence of thrown inputs. */
export const furthestFromWhole = async (path: string, steps: number): Promise<number> => {
  const { graph, metadataProps } = fromBinary(ModelProtoSchema, await readFile(path));
  const said = new Map(metadataProps.map(({ key, value }) => [key, value]));
  const valuesOf = (name: string): Float32Array => {
    const bytes = graph!.initializer.find((tensor) => tensor.name === name)!.rawData;
    return new Float32Array(Uint8Array.from(bytes).buffer);
  };
  const weights = Object.fromEntries(WEIGHT_NAMES.map((name) => [name, valuesOf(name)])) as unknown as Weights;
  const inference = openOrtInference({ providers: ['cpu'] });
  const { network } = await inference.load(path);
  const { features, hidden } = network;
  const sizes = { features, hidden, encoder: Number(said.get('encoder')), classes: said.get('classes')!.split(',') };
  const dice = diceFrom(1);
  const inputs = Array.from({ length: steps }, () =>
    Float32Array.from({ length: features }, () => 2 * dice.unit() - 1),
  );
  let state = { rows: 1, width: hidden, values: new Float32Array(hidden) };
  let furthest = 0;
  for (const [t, probabilities] of referenceForward(sizes, weights, inputs).entries()) {
    const answer = await network.step({ rows: 1, width: features, values: inputs[t]! }, state)();
    if (E.isLeft(answer)) throw new Error(answer.left.sentence);
    for (const [i, probability] of probabilities.entries())
      furthest = Math.max(furthest, Math.abs(probability - answer.right.y.values[i]!));
    state = { ...state, values: answer.right.next.values.slice() };
  }
  await inference.close();
  return furthest;
};
