import { type GruNetwork, isBias, WEIGHT_NAMES, type WeightName, weightShapes } from './description.ts';
import type { GraphBuilder, Value } from './graph.ts';

export interface AdamSettings {
  /** Gradients longer than this (all weights together) are shortened to it. */
  readonly gradientNormMax: number;
  /** Share of a matrix taken off per step, times the learning rate (AdamW); biases keep theirs. */
  readonly weightDecay: number;
  readonly beta1: number;
  readonly beta2: number;
}

export const ADAM_USUAL: AdamSettings = { gradientNormMax: 1, weightDecay: 0.01, beta1: 0.9, beta2: 0.999 };

/** Keeps the division finite where a gradient has always been zero. */
const EPSILON = 1e-8;

/** All gradients, shortened together to `normMax` where they are longer. */
export const clipped = (
  graph: GraphBuilder,
  gradients: Readonly<Record<WeightName, Value>>,
  normMax: number,
): Readonly<Record<WeightName, Value>> => {
  const squares = WEIGHT_NAMES.map((name) => graph.op('ReduceSumSquare', [gradients[name]], { keepdims: 0 }));
  const norm = graph.op('Sqrt', [graph.op('Sum', squares)]);
  const most = graph.scalar(normMax);
  const factor = graph.op('Div', [most, graph.op('Max', [norm, most])]);
  const short = (name: WeightName) => graph.op('Mul', [gradients[name], factor]);
  return Object.fromEntries(WEIGHT_NAMES.map((name) => [name, short(name)])) as Record<WeightName, Value>;
};

/**
 * One step of Adam with decoupled weight decay. Inputs: `rate` [] (learning rate), `stepNumber` [] (1 at the first step),
 * the moments `m.NAME` and `v.NAME`. Outputs: `NAME.next`, `m.NAME.next`, `v.NAME.next`.
 */
export const adamStep = (
  graph: GraphBuilder,
  network: GruNetwork,
  gradients: Readonly<Record<WeightName, Value>>,
  settings: AdamSettings,
): void => {
  const mul = (a: Value, b: Value) => graph.op('Mul', [a, b]);
  const add = (a: Value, b: Value) => graph.op('Add', [a, b]);
  const rate = graph.input('rate', []);
  const stepNumber = graph.input('stepNumber', []);
  const one = graph.scalar(1);
  const corrected = (beta: Value) => graph.op('Sub', [one, graph.op('Pow', [beta, stepNumber])]);
  const beta1 = graph.scalar(settings.beta1);
  const beta2 = graph.scalar(settings.beta2);
  const fresh1 = graph.scalar(1 - settings.beta1);
  const fresh2 = graph.scalar(1 - settings.beta2);
  const correction1 = corrected(beta1);
  const correction2 = corrected(beta2);
  const epsilon = graph.scalar(EPSILON);
  const kept = graph.op('Sub', [one, mul(rate, graph.scalar(settings.weightDecay))]);
  const shapes = weightShapes(network);
  for (const name of WEIGHT_NAMES) {
    const gradient = gradients[name];
    const m = add(mul(graph.input(`m.${name}`, shapes[name]), beta1), mul(gradient, fresh1));
    const v = add(mul(graph.input(`v.${name}`, shapes[name]), beta2), mul(mul(gradient, gradient), fresh2));
    const spread = graph.op('Sqrt', [graph.op('Div', [v, correction2])]);
    const direction = graph.op('Div', [graph.op('Div', [m, correction1]), add(spread, epsilon)]);
    const before = isBias(name) ? name : mul(name, kept);
    graph.output(`${name}.next`, graph.op('Sub', [before, mul(rate, direction)]), shapes[name]);
    graph.output(`m.${name}.next`, m, shapes[name]);
    graph.output(`v.${name}.next`, v, shapes[name]);
  }
};
