/** Inputs of many beds through a network in one call, each with its own hidden state. */
import * as E from 'fp-ts/lib/Either.js';
import type { InferenceError, StepNetwork } from '../ports/inference.ts';

/** One input of one bed: `features` numbers, and the `hidden` numbers of the bed's state before it. */
export interface Asked {
  readonly x: Float32Array;
  readonly state: Float32Array;
}

/** What the network said: `classes` numbers, and the state after the input. */
export interface Said {
  readonly y: Float32Array;
  readonly state: Float32Array;
}

/** Asks for all turns in one call. When that fails, for each turn alone: one bed's bad numbers are not its neighbours'. */
export const askTogether = async (
  network: StepNetwork,
  turns: readonly Asked[],
): Promise<readonly E.Either<InferenceError, Said>[]> => {
  const { features, hidden, classes } = network;
  const x = { rows: turns.length, width: features, values: new Float32Array(turns.length * features) };
  const state = { rows: turns.length, width: hidden, values: new Float32Array(turns.length * hidden) };
  turns.forEach((turn, row) => {
    x.values.set(turn.x, row * features);
    state.values.set(turn.state, row * hidden);
  });
  const answer = await network.step(x, state)();
  if (E.isRight(answer)) {
    const { y, next } = answer.right;
    return turns.map((_, row) =>
      E.right({
        y: y.values.slice(row * classes, (row + 1) * classes),
        state: next.values.slice(row * hidden, (row + 1) * hidden),
      }),
    );
  }
  if (turns.length < 2) return [answer];
  const alone: E.Either<InferenceError, Said>[] = [];
  for (const turn of turns) alone.push(...(await askTogether(network, [turn])));
  return alone;
};
