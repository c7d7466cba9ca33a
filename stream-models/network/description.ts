/**
 * A recurrent network that reads one input vector per step: a dense encoder, one GRU layer, a dense layer with softmax.
 *
 *   e  = relu(x·We + be)
 *   z  = sigmoid(e·Wz + h·Uz + …)    r = sigmoid(e·Wr + h·Ur + …)    n = tanh(e·Wn + bn + r ∘ (h·Un + cn))
 *   h' = n + z ∘ (h - n)
 *   y  = softmax(h'·Wo + bo)            with a direct part: softmax(h'·Wo + x·Wd + bo)
 *
 * This is the "reset after" GRU (ONNX `linear_before_reset = 1`; Keras, cuDNN). Everything else about a network (the step
 * graph that serves, the training-step graph, the reference) is made from this description.
 */
export interface GruNetwork {
  /** Width of the input vector. */
  readonly features: number;
  /** Width of the encoder. */
  readonly encoder: number;
  /** Width of the hidden state. */
  readonly hidden: number;
  readonly classes: readonly string[];
  /**
   * Networks of one shape that lie side by side in it, 1 where nothing is said: encoder and state are as many equal parts, and weights
   * between different parts are zero (`joinedNetwork`).
   */
  readonly members?: number;
}

/** The names of the weights in the order in which graphs take and give them. W* multiply inputs, U the state. */
export const WEIGHT_NAMES = ['We', 'be', 'Wx', 'bx', 'Uh', 'bh', 'Wo', 'bo'] as const;
export type WeightName = (typeof WEIGHT_NAMES)[number];

/** Whether a weight is added, not multiplied: it starts at zero and does not decay. */
export const isBias = (name: WeightName): boolean => name.startsWith('b');

/**
 * Row-major float32 matrices. `Wd` [features, classes], where it is there, is what the input says of the classes past encoder and state: it is
 * fitted apart, so training knows none, and only what serves has it (`withDirectPart`).
 */
export type Weights = Readonly<Record<WeightName, Float32Array>> & { readonly Wd?: Float32Array };

/** Rows and columns of each weight. The three gates lie side by side in the order z, r, n. */
export const weightShapes = (network: GruNetwork): Readonly<Record<WeightName, readonly [number, number]>> => ({
  We: [network.features, network.encoder],
  be: [1, network.encoder],
  Wx: [network.encoder, 3 * network.hidden],
  bx: [1, 3 * network.hidden],
  Uh: [network.hidden, 3 * network.hidden],
  bh: [1, 3 * network.hidden],
  Wo: [network.hidden, network.classes.length],
  bo: [1, network.classes.length],
});

/** A number for every weight, for example zeros for the moments of Adam. */
export const filledWeights = (network: GruNetwork, value: (name: WeightName) => number): Weights => {
  const shapes = weightShapes(network);
  const made = (name: WeightName) => new Float32Array(shapes[name][0] * shapes[name][1]).fill(value(name));
  return Object.fromEntries(WEIGHT_NAMES.map((name) => [name, made(name)])) as unknown as Weights;
};
