/** Partitions go on side by side and each asks the networks: what is asked in one turn of the loop is one call. */
import * as E from 'fp-ts/lib/Either.js';
import type { StepNetwork, Tensor } from '../ports/inference.ts';

type Answer = Awaited<ReturnType<ReturnType<StepNetwork['step']>>>;

interface Asked {
  readonly x: Tensor;
  readonly state: Tensor;
  readonly answer: (answer: Answer | Promise<Answer>) => void;
}

const stacked = (tensors: readonly Tensor[]): Tensor => {
  const [first] = tensors;
  if (tensors.length === 1) return first!;
  const rows = tensors.reduce((sum, tensor) => sum + tensor.rows, 0);
  const values = new Float32Array(rows * first!.width);
  let at = 0;
  for (const tensor of tensors) {
    values.set(tensor.values, at);
    at += tensor.values.length;
  }
  return { rows, width: first!.width, values };
};

const rowsOf = ({ width, values }: Tensor, from: number, rows: number): Tensor => ({
  rows,
  width,
  values: values.subarray(from * width, (from + rows) * width),
});

/**
 * A network that answers what is asked in one turn of the event loop by one call: a call costs as much for one row as for eight.
 * A row's answer does not depend on the other rows (`StepNetwork`), so everybody hears what he would have heard alone. When a common
 * call fails, each is asked alone: one bed's bad numbers are not another partition's.
 */
export const gatherSteps = (network: StepNetwork): StepNetwork => {
  let waiting: Asked[] = [];

  const alone = ({ x, state, answer }: Asked): void => answer(network.step(x, state)());

  const askAll = async (): Promise<void> => {
    const asked = waiting;
    waiting = [];
    if (asked.length === 1) return alone(asked[0]!);
    const together = network.step(stacked(asked.map(({ x }) => x)), stacked(asked.map(({ state }) => state)));
    const answered = await together();
    if (E.isLeft(answered)) return asked.forEach(alone);
    const { y, next } = answered.right;
    let from = 0;
    for (const { x, answer } of asked) {
      answer(E.right({ y: rowsOf(y, from, x.rows), next: rowsOf(next, from, x.rows) }));
      from += x.rows;
    }
  };

  return {
    ...network,
    step: (x, state) => () =>
      new Promise<Answer>((answer) => {
        if (waiting.length === 0) setImmediate(askAll);
        waiting.push({ x, state, answer });
      }),
  };
};
