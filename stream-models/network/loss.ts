import type { GraphBuilder, Value } from './graph.ts';

export interface Loss {
  /** [1, 1] */
  readonly loss: Value;
  /** The gradient of the loss by the logits, [steps·rows, classes]. */
  readonly ofLogits: Value;
}

/**
 * Softmax cross entropy, averaged by weight: -Σ weight · Σ target · log softmax / Σ weight. A step with weight 0 is masked.
 * `target` rows add up to 1, [steps·rows, classes]; `weight` is [steps·rows, 1].
 */
export const crossEntropy = (graph: GraphBuilder, logits: Value, target: Value, weight: Value): Loss => {
  const share = graph.op('Div', [weight, graph.op('Add', [graph.sum(weight, 0), graph.scalar(1e-9)])]);
  const logs = graph.op('LogSoftmax', [logits], { axis: 1 });
  const perStep = graph.sum(graph.op('Mul', [target, logs]), 1);
  const loss = graph.op('Neg', [graph.sum(graph.op('Mul', [perStep, share]), 0)]);
  const ofLogits = graph.op('Mul', [graph.op('Sub', [graph.op('Exp', [logs]), target]), share]);
  return { loss, ofLogits };
};
