import { type AdamSettings, adamStep, clipped } from './adam.ts';
import { type BatchShape, lossAndGradients } from './backward.ts';
import { type GruNetwork, WEIGHT_NAMES, weightShapes } from './description.ts';
import { startGraph } from './graph.ts';

/**
 * The model file of one training step: forward over all steps, loss, gradients through time, norm clipping, Adam.
 * Inputs: `x`, `state`, `kept`, `target`, `weight`, the weights by name, and those of Adam. Outputs: `loss`, `last` (the state after
 * the last step) and the new weights and moments.
 */
export const trainingGraph = (network: GruNetwork, shape: BatchShape, settings: AdamSettings): Uint8Array => {
  const graph = startGraph('training step');
  const { loss, gradients, last } = lossAndGradients(graph, network, shape);
  graph.output('loss', loss, [1, 1]);
  graph.output('last', last, [shape.rows, network.hidden]);
  adamStep(graph, network, clipped(graph, gradients, settings.gradientNormMax), settings);
  return graph.model({});
};

/** The same without Adam: outputs `loss` and `d.NAME` for every weight. It exists so that gradients can be checked. */
export const gradientGraph = (network: GruNetwork, shape: BatchShape): Uint8Array => {
  const graph = startGraph('gradients');
  const { loss, gradients } = lossAndGradients(graph, network, shape);
  graph.output('loss', loss, [1, 1]);
  for (const name of WEIGHT_NAMES) graph.output(`d.${name}`, gradients[name], weightShapes(network)[name]);
  return graph.model({});
};
