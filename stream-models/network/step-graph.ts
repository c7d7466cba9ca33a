import { cellForward } from './cell.ts';
import { type GruNetwork, WEIGHT_NAMES, type Weights, weightShapes } from './description.ts';
import { startGraph } from './graph.ts';

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
  const graph = startGraph('step');
  const shapes = weightShapes(network);
  const x = graph.input('x', ['rows', network.features]);
  const state = graph.input('state', ['rows', network.hidden]);
  for (const name of WEIGHT_NAMES) graph.constant(name, shapes[name], weights[name]);
  const encoded = graph.op('Relu', [graph.op('Gemm', [x, 'We', 'be'])]);
  const gates = graph.op('Gemm', [encoded, 'Wx', 'bx']);
  const { next } = cellForward(graph, network.hidden, { Uh: 'Uh', bh: 'bh' }, gates, state);
  const y = graph.op('Softmax', [graph.op('Gemm', [next, 'Wo', 'bo'])], { axis: 1 });
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
