import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as E from 'fp-ts/lib/Either.js';
import { describe, expect, it } from 'vitest';
import { type GraphSession, type NamedTensor, openGraph } from '../../services/adapters/onnx/graph-session.ts';
import { openOrtInference } from '../../services/adapters/onnx/ort-inference.ts';
import type { Tensor } from '../../services/ports/inference.ts';
import { openTrainer, startLearning } from '../../services/train/trainer.ts';
import { diceFrom } from '../../stream-models/dice.ts';
import { ADAM_USUAL } from '../../stream-models/network/adam.ts';
import { type GruNetwork, WEIGHT_NAMES, type Weights, weightShapes } from '../../stream-models/network/description.ts';
import { initialWeights } from '../../stream-models/network/initial-weights.ts';
import { stepGraph } from '../../stream-models/network/step-graph.ts';
import { gradientGraph } from '../../stream-models/network/training-graph.ts';
import { referenceForward } from './reference-forward.ts';

const NETWORK: GruNetwork = { features: 4, encoder: 6, hidden: 5, classes: ['a', 'b', 'c'] };
const SHAPE = { steps: 6, rows: 3 };

const randomNumbers = (count: number, seed: number): Float32Array => {
  const dice = diceFrom(seed);
  return Float32Array.from({ length: count }, () => 2 * dice.unit() - 1);
};
const oneHot = (classes: readonly number[], width: number): Float32Array => {
  const rows = new Float32Array(classes.length * width);
  for (const [row, found] of classes.entries()) rows[row * width + found] = 1;
  return rows;
};
const inputsOf = (weights: Weights): Record<string, NamedTensor> => {
  const all = SHAPE.steps * SHAPE.rows;
  const dice = diceFrom(5);
  const classes = Array.from({ length: all }, () => dice.below(3));
  const inputs: Record<string, NamedTensor> = {
    x: { dimensions: [all, 4], values: randomNumbers(all * 4, 3) },
    state: { dimensions: [SHAPE.rows, 5], values: randomNumbers(SHAPE.rows * 5, 4) },
    // One unit in four is dropped, the others count more.
    kept: { dimensions: [all, 6], values: Float32Array.from({ length: all * 6 }, (_, i) => (i % 4 === 1 ? 0 : 4 / 3)) },
    target: { dimensions: [all, 3], values: oneHot(classes, 3) },
    // One step in five is masked, the others weigh differently.
    weight: {
      dimensions: [all, 1],
      values: Float32Array.from({ length: all }, (_, i) => (i % 5 === 0 ? 0 : 1 + (i % 3))),
    },
  };
  const shapes = weightShapes(NETWORK);
  for (const name of WEIGHT_NAMES) inputs[name] = { dimensions: shapes[name], values: weights[name] };
  return inputs;
};

describe('the gradients of the training graph', () => {
  const lossAt = async (graph: GraphSession, weights: Weights) => (await graph.run(inputsOf(weights)))['loss']![0]!;

  it('are the slopes of the loss, for every weight, through time and masked steps', async () => {
    const graph = await openGraph(gradientGraph(NETWORK, SHAPE));
    const weights = initialWeights(NETWORK, 11);
    for (const name of WEIGHT_NAMES) weights[name].set(weights[name].map((value, i) => value + 0.1 * Math.sin(i)));
    // Encoder units that are on or off for every input: a slope across the bend of relu would say nothing.
    weights.be.set(weights.be.map((_, i) => (i % 2 === 0 ? 5 : -5)));
    const gradients = await graph.run(inputsOf(weights));
    const width = 4e-3;
    for (const name of WEIGHT_NAMES) {
      for (let i = 0; i < weights[name].length; i += 1 + Math.floor(weights[name].length / 12)) {
        const nudged = async (by: number) => {
          const values = weights[name].slice();
          values[i]! += by;
          return lossAt(graph, { ...weights, [name]: values });
        };
        const slope = ((await nudged(width)) - (await nudged(-width))) / (2 * width);
        expect(Math.abs(gradients[`d.${name}`]![i]! - slope), `${name}[${i}]: slope ${slope}`).toBeLessThan(4e-4);
      }
      expect(Math.max(...gradients[`d.${name}`]!.map(Math.abs)), `${name} matters`).toBeGreaterThan(1e-3);
    }
    await graph.close();
  });

  it('do not see masked steps', async () => {
    const graph = await openGraph(gradientGraph(NETWORK, SHAPE));
    const inputs = inputsOf(initialWeights(NETWORK, 11));
    const target = inputs['target']!.values.slice();
    const before = await graph.run(inputs);
    target.copyWithin(0, 1, 3);
    target[2] = inputs['target']!.values[0]!;
    expect(target).not.toEqual(inputs['target']!.values);
    expect(await graph.run({ ...inputs, target: { ...inputs['target']!, values: target } })).toEqual(before);
    await graph.close();
  });
});

describe('the step graph', () => {
  it('says step by step what the network says to the whole sequence, within 1e-5', async () => {
    const network: GruNetwork = { features: 20, encoder: 32, hidden: 48, classes: ['N', 'S', 'V', 'F', 'Q'] };
    const weights = initialWeights(network, 3);
    const folder = await mkdtemp(join(tmpdir(), 'vigil-parity-'));
    await writeFile(join(folder, 'step.onnx'), stepGraph(network, weights));
    const inference = openOrtInference({ providers: ['cpu'] });
    const { network: served } = await inference.load(join(folder, 'step.onnx'));
    const inputs = Array.from({ length: 200 }, (_, i) => randomNumbers(20, i).map((value) => 3 * value));
    let state: Tensor = { rows: 1, width: 48, values: new Float32Array(48) };
    let furthest = 0;
    for (const [t, said] of referenceForward(network, weights, inputs).entries()) {
      const answer = await served.step({ rows: 1, width: 20, values: inputs[t]! }, state)();
      if (E.isLeft(answer)) throw new Error(answer.left.sentence);
      said.forEach((probability, i) => {
        furthest = Math.max(furthest, Math.abs(probability - answer.right.y.values[i]!));
      });
      state = { ...state, values: answer.right.next.values };
    }
    expect(furthest).toBeLessThan(1e-5);
    await inference.close();
    await rm(folder, { recursive: true });
  });
});

/** Two classes by a rule that needs memory: is the input larger than that of the step before? */
const memoryTask = (seed: number, steps: number, rows: number) => {
  const dice = diceFrom(seed);
  const x = Float32Array.from({ length: steps * rows }, () => 2 * dice.unit() - 1);
  const classes = Array.from(x, (value, i) => (i < rows ? 0 : value > x[i - rows]! ? 1 : 0));
  const weight = Float32Array.from(x, (_, i) => (i < rows ? 0 : 1));
  return { x, target: oneHot(classes, 2), weight };
};

describe('training', () => {
  const network: GruNetwork = { features: 1, encoder: 8, hidden: 16, classes: ['not larger', 'larger'] };
  const shape = { steps: 12, rows: 32 };
  const trained = async (seed: number, steps: number) => {
    const trainer = await openTrainer(network, shape, ADAM_USUAL);
    let learning = startLearning(network, initialWeights(network, seed));
    const losses: number[] = [];
    for (let i = 0; i < steps; i++) {
      const task = memoryTask(i % 8, shape.steps, shape.rows);
      const done = await trainer.step(learning, task, 0.02);
      learning = done.learning;
      losses.push(done.loss);
    }
    await trainer.close();
    return { learning, losses };
  };

  it('learns a rule that needs memory', async () => {
    const { losses } = await trained(1, 300);
    expect(losses[0]).toBeGreaterThan(0.6);
    expect(Math.max(...losses.slice(-8))).toBeLessThan(0.2);
  });

  it('gives the same bits again from the same seed, and others from another', async () => {
    const [once, again, other] = [await trained(4, 20), await trained(4, 20), await trained(5, 20)];
    expect(again).toEqual(once);
    expect(other.losses).not.toEqual(once.losses);
  });
});
