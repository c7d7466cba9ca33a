import { cellForward } from './cell.ts';
import { type GruNetwork, WEIGHT_NAMES, type WeightName, type Weights, weightShapes } from './description.ts';
import { type GraphBuilder, startGraph, type Value } from './graph.ts';
import { memberGates } from './joined.ts';

/**
 * The model file that serves: inputs `x` [rows, features] and `state` [rows, hidden]; outputs `y` [rows, classes]
 * (probabilities) and `next` [rows, hidden]. The hidden state of a bed starts as zeros. Metadata says the widths and the
 * names of the classes, besides what the caller adds.
 */
export const stepGraph = (
  network: GruNetwork,
  weights: Weights,
  metadata: Readonly<Record<string, string>> = {},
): Uint8Array => {
  const { members = 1 } = network;
  const graph = startGraph('step');
  const shapes = weightShapes(network);
  const x = graph.input('x', ['rows', network.features]);
  const state = graph.input('state', ['rows', network.hidden]);
  for (const name of WEIGHT_NAMES)
    if (members === 1 || !OF_GATES.includes(name)) graph.constant(name, shapes[name], weights[name]);
  const encoded = graph.op('Relu', [graph.op('Gemm', [x, 'We', 'be'])]);
  const next =
    members === 1 ? oneCell(graph, network, encoded, state) : cellOfEach(graph, network, weights, encoded, state);
  const past = weights.Wd === undefined ? 'bo' : directly(graph, network, weights.Wd, x);
  const y = graph.op('Softmax', [graph.op('Gemm', [next, 'Wo', past])], { axis: 1 });
  graph.output('y', y, ['rows', network.classes.length]);
  graph.output('next', next, ['rows', network.hidden]);
  return graph.model({
    features: String(network.features),
    encoder: String(network.encoder),
    hidden: String(network.hidden),
    classes: network.classes.join(','),
    ...metadata,
  });
};

/** What the input says of the classes past encoder and state, with their biases: [rows, classes]. */
const directly = (graph: GraphBuilder, { features, classes }: GruNetwork, Wd: Float32Array, x: Value): Value =>
  graph.op('Gemm', [x, graph.constant('Wd', [features, classes.length], Wd), 'bo']);

const OF_GATES: readonly WeightName[] = ['Wx', 'bx', 'Uh', 'bh'];

const oneCell = (graph: GraphBuilder, { hidden }: GruNetwork, encoded: Value, before: Value): Value => {
  const gates = graph.op('Gemm', [encoded, 'Wx', 'bx']);
  const ofState = graph.op('Gemm', [before, 'Uh', 'bh']);
  return cellForward(graph, hidden, { gates, ofState, before }).next;
};

/**
 * The state after the step, [rows, hidden]: each member multiplies its own part alone, and what is element-wise is done for all at once.
 * With the zeros between six members multiplied as well, a call took twice as long (`test/bench/RESULTS.md`).
 */
const cellOfEach = (
  graph: GraphBuilder,
  network: GruNetwork,
  weights: Weights,
  encoded: Value,
  before: Value,
): Value => {
  const { encoder, hidden, members = 1 } = network;
  const [inEncoder, inHidden] = [encoder / members, hidden / members];
  const partsOf = (whole: Value, width: number) => graph.split(whole, 1, new Array(members).fill(width));
  const [encodedParts, beforeParts] = [partsOf(encoded, inEncoder), partsOf(before, inHidden)];
  const gates: Value[] = [];
  const ofState: Value[] = [];
  for (let member = 0; member < members; member++) {
    const own = memberGates(network, weights, member);
    const affine = (from: Value, rows: number, W: 'Wx' | 'Uh', b: 'bx' | 'bh'): Value =>
      graph.op('Gemm', [
        from,
        graph.constant(`${W}.${member}`, [rows, 3 * inHidden], own[W]),
        graph.constant(`${b}.${member}`, [1, 3 * inHidden], own[b]),
      ]);
    gates.push(affine(encodedParts[member]!, inEncoder, 'Wx', 'bx'));
    ofState.push(affine(beforeParts[member]!, inHidden, 'Uh', 'bh'));
  }
  const byMember = (whole: Value, width: number) => graph.reshape(whole, [-1, members, width]);
  const sideBySide = (parts: readonly Value[]) => byMember(graph.op('Concat', parts, { axis: 1 }), 3 * inHidden);
  const inputs = { gates: sideBySide(gates), ofState: sideBySide(ofState), before: byMember(before, inHidden) };
  return graph.reshape(cellForward(graph, inHidden, inputs, 2).next, [-1, hidden]);
};
