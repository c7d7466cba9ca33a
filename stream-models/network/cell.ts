import type { GraphBuilder, Value } from './graph.ts';

/** One GRU step inside a graph, with what its backward pass needs. All but the gates' sums are [rows, hidden]. */
export interface CellStep {
  readonly before: Value;
  readonly next: Value;
  readonly z: Value;
  readonly r: Value;
  readonly n: Value;
  /** The state's part of the candidate, before the reset gate. */
  readonly stateOfN: Value;
}

/** What one step of the cell is made of inside a graph: the inputs' and the state's part of the gates, and the state before. */
export interface CellInputs {
  /** [rows, 3·hidden] each. */
  readonly gates: Value;
  readonly ofState: Value;
  /** [rows, hidden] */
  readonly before: Value;
}

/** One step of the cell: element-wise operators alone. Its gates lie along `axis`, behind rows and, where there are several, members. */
export const cellForward = (
  graph: GraphBuilder,
  hidden: number,
  { gates, ofState, before }: CellInputs,
  axis = 1,
): CellStep => {
  const [inputZr, inputN] = graph.split(gates, axis, [2 * hidden, hidden]) as [Value, Value];
  const [stateZr, stateOfN] = graph.split(ofState, axis, [2 * hidden, hidden]) as [Value, Value];
  const zr = graph.op('Sigmoid', [graph.op('Add', [inputZr, stateZr])]);
  const [z, r] = graph.split(zr, axis, [hidden, hidden]) as [Value, Value];
  const n = graph.op('Tanh', [graph.op('Add', [inputN, graph.op('Mul', [r, stateOfN])])]);
  const next = graph.op('Add', [n, graph.op('Mul', [z, graph.op('Sub', [before, n])])]);
  return { before, next, z, r, n, stateOfN };
};

export interface CellGradients {
  /** Of the inputs' part of the gates and of the state's part, [rows, 3·hidden]. */
  readonly gates: Value;
  readonly ofState: Value;
  /** Of the state before the step, [rows, hidden]. */
  readonly before: Value;
}

/** The gradients of one step, from the gradient of the state after it. `one` is the number 1 inside the graph. */
export const cellBackward = (
  graph: GraphBuilder,
  Uh: Value,
  one: Value,
  step: CellStep,
  ofNext: Value,
): CellGradients => {
  const { before, z, r, n, stateOfN } = step;
  const mul = (a: Value, b: Value) => graph.op('Mul', [a, b]);
  const less = (a: Value, b: Value) => graph.op('Sub', [a, b]);
  const sigmoidSlope = (gate: Value) => mul(gate, less(one, gate));
  const kept = mul(ofNext, z);
  const ofN = mul(less(ofNext, kept), less(one, mul(n, n)));
  const ofZ = mul(mul(ofNext, less(before, n)), sigmoidSlope(z));
  const ofR = mul(mul(ofN, stateOfN), sigmoidSlope(r));
  const gates = graph.op('Concat', [ofZ, ofR, ofN], { axis: 1 });
  const ofState = graph.op('Concat', [ofZ, ofR, mul(ofN, r)], { axis: 1 });
  const through = graph.op('Gemm', [ofState, Uh], { transB: 1 });
  return { gates, ofState, before: graph.op('Add', [kept, through]) };
};
