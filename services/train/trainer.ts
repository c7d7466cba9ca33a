import type { AdamSettings } from '../../stream-models/network/adam.ts';
import type { BatchShape } from '../../stream-models/network/backward.ts';
import {
  filledWeights,
  type GruNetwork,
  WEIGHT_NAMES,
  type Weights,
  weightShapes,
} from '../../stream-models/network/description.ts';
import { trainingGraph } from '../../stream-models/network/training-graph.ts';
import { type NamedTensor, openGraph } from '../adapters/onnx/graph-session.ts';

/** Everything that training carries from step to step. */
export interface Learning {
  readonly weights: Weights;
  readonly m: Weights;
  readonly v: Weights;
  /** Steps done. */
  readonly steps: number;
}

/** Sequences side by side, step after step: every array is [steps·rows, …]. */
export interface TrainingBatch {
  readonly x: Float32Array;
  /** Rows that add up to 1, [steps·rows, classes]. */
  readonly target: Float32Array;
  /** [steps·rows]; 0 masks a step. */
  readonly weight: Float32Array;
  /** The states that the sequences begin with, [rows, hidden]: for windows that go on. Undefined: zeros. */
  readonly state?: Float32Array;
  /** What the encoder's units are multiplied with, [steps·rows, encoder]: dropout (Srivastava 2014). Undefined: all ones. */
  readonly kept?: Float32Array;
}

/** What one step of training gave. */
export interface Stepped {
  readonly learning: Learning;
  readonly loss: number;
  /** The states after the last step, by the weights before, [rows, hidden]. */
  readonly last: Float32Array;
}

export interface Trainer {
  readonly step: (before: Learning, batch: TrainingBatch, rate: number) => Promise<Stepped>;
  readonly close: () => Promise<void>;
}

/** Where training starts: given weights, no moments. */
export const startLearning = (network: GruNetwork, weights: Weights): Learning => ({
  weights,
  m: filledWeights(network, () => 0),
  v: filledWeights(network, () => 0),
  steps: 0,
});

/** Opens the training-step graph of a network. Rejects with an Error when the loss is no number any more. */
export const openTrainer = async (network: GruNetwork, shape: BatchShape, settings: AdamSettings): Promise<Trainer> => {
  const graph = await openGraph(trainingGraph(network, shape, settings));
  const shapes = weightShapes(network);
  const all = shape.steps * shape.rows;
  const zeros = new Float32Array(shape.rows * network.hidden);
  const ones = new Float32Array(all * network.encoder).fill(1);
  const inputsOf = (before: Learning, batch: TrainingBatch, rate: number): Record<string, NamedTensor> => {
    const inputs: Record<string, NamedTensor> = {
      x: { dimensions: [all, network.features], values: batch.x },
      state: { dimensions: [shape.rows, network.hidden], values: batch.state ?? zeros },
      kept: { dimensions: [all, network.encoder], values: batch.kept ?? ones },
      target: { dimensions: [all, network.classes.length], values: batch.target },
      weight: { dimensions: [all, 1], values: batch.weight },
      rate: { dimensions: [], values: Float32Array.of(rate) },
      stepNumber: { dimensions: [], values: Float32Array.of(before.steps + 1) },
    };
    for (const name of WEIGHT_NAMES) {
      inputs[name] = { dimensions: shapes[name], values: before.weights[name] };
      inputs[`m.${name}`] = { dimensions: shapes[name], values: before.m[name] };
      inputs[`v.${name}`] = { dimensions: shapes[name], values: before.v[name] };
    }
    return inputs;
  };
  return {
    step: async (before, batch, rate) => {
      const outputs = await graph.run(inputsOf(before, batch, rate));
      const loss = outputs['loss']![0]!;
      if (!Number.isFinite(loss))
        throw new Error(`training broke down at step ${before.steps + 1}: the loss is ${loss}`);
      const next = (prefix: string) =>
        Object.fromEntries(WEIGHT_NAMES.map((name) => [name, outputs[`${prefix}${name}.next`]!])) as unknown as Weights;
      return {
        learning: { weights: next(''), m: next('m.'), v: next('v.'), steps: before.steps + 1 },
        loss,
        last: outputs['last']!,
      };
    },
    close: () => graph.close(),
  };
};
