import { type CellStep, cellBackward, cellForward } from './cell.ts';
import { type GruNetwork, WEIGHT_NAMES, type WeightName, weightShapes } from './description.ts';
import type { GraphBuilder, Value } from './graph.ts';
import { crossEntropy } from './loss.ts';

/** How many steps and rows one training call has. Tensors over all of them are [steps·rows, …], step after step. */
export interface BatchShape {
  readonly steps: number;
  readonly rows: number;
}

export interface LossAndGradients {
  readonly loss: Value;
  readonly gradients: Readonly<Record<WeightName, Value>>;
  /** The state after the last step, [rows, hidden]. */
  readonly last: Value;
}

/** Whatever multiplies all steps at once is one Gemm; only the state's own part goes step by step. */
interface Forward {
  readonly x: Value;
  /** What the encoder's units are multiplied with in this training step, [steps·rows, encoder]: 0 drops one. */
  readonly kept: Value;
  readonly encoded: Value;
  readonly cells: readonly CellStep[];
  /** The states after each step, [steps·rows, hidden]. */
  readonly states: Value;
  readonly logits: Value;
}

const forward = (graph: GraphBuilder, network: GruNetwork, { steps, rows }: BatchShape): Forward => {
  const x = graph.input('x', [steps * rows, network.features]);
  let state = graph.input('state', [rows, network.hidden]);
  const kept = graph.input('kept', [steps * rows, network.encoder]);
  const encoded = graph.op('Mul', [graph.op('Relu', [graph.op('Gemm', [x, 'We', 'be'])]), kept]);
  const gates = graph.split(graph.op('Gemm', [encoded, 'Wx', 'bx']), 0, new Array(steps).fill(rows));
  const cells: CellStep[] = [];
  for (const ofStep of gates) {
    const ofState = graph.op('Gemm', [state, 'Uh', 'bh']);
    const cell = cellForward(graph, network.hidden, { gates: ofStep, ofState, before: state });
    cells.push(cell);
    state = cell.next;
  }
  const states = joined(
    graph,
    cells.map((cell) => cell.next),
  );
  return { x, kept, encoded, cells, states, logits: graph.op('Gemm', [states, 'Wo', 'bo']) };
};

/**
 * Forward over all steps, the loss, and its gradients by every weight, through time, as ordinary nodes. Inputs: `x`,
 * `state`, `kept`, `target`, `weight` and the weights by name.
 */
export const lossAndGradients = (graph: GraphBuilder, network: GruNetwork, shape: BatchShape): LossAndGradients => {
  const shapes = weightShapes(network);
  for (const name of WEIGHT_NAMES) graph.input(name, shapes[name]);
  const all = shape.steps * shape.rows;
  const target = graph.input('target', [all, network.classes.length]);
  const weight = graph.input('weight', [all, 1]);
  const { x, kept, encoded, cells, states, logits } = forward(graph, network, shape);
  const { loss, ofLogits } = crossEntropy(graph, logits, target, weight);

  const ofStates = graph.split(
    graph.op('Gemm', [ofLogits, 'Wo'], { transB: 1 }),
    0,
    new Array(shape.steps).fill(shape.rows),
  );
  const one = graph.scalar(1);
  const ofGates: Value[] = [];
  const ofStateParts: Value[] = [];
  let fromLater: Value | undefined;
  for (let t = shape.steps - 1; t >= 0; t--) {
    const here = ofStates[t]!;
    const ofNext = fromLater === undefined ? here : graph.op('Add', [here, fromLater]);
    const step = cellBackward(graph, 'Uh', one, cells[t]!, ofNext);
    ofGates.unshift(step.gates);
    ofStateParts.unshift(step.ofState);
    fromLater = step.before;
  }
  const gates = joined(graph, ofGates);
  const ofState = joined(graph, ofStateParts);
  const before = joined(
    graph,
    cells.map((cell) => cell.before),
  );
  const live = graph.op('Mul', [graph.op('Sign', [encoded]), kept]);
  const ofEncoded = graph.op('Mul', [graph.op('Gemm', [gates, 'Wx'], { transB: 1 }), live]);
  const product = (left: Value, right: Value) => graph.op('Gemm', [left, right], { transA: 1 });
  return {
    loss,
    last: cells.at(-1)!.next,
    gradients: {
      We: product(x, ofEncoded),
      be: graph.sum(ofEncoded, 0),
      Wx: product(encoded, gates),
      bx: graph.sum(gates, 0),
      Uh: product(before, ofState),
      bh: graph.sum(ofState, 0),
      Wo: product(states, ofLogits),
      bo: graph.sum(ofLogits, 0),
    },
  };
};

const joined = (graph: GraphBuilder, parts: readonly Value[]): Value => graph.op('Concat', parts, { axis: 0 });
