/** Hours that got a number, asked for again without each of their signals. */
import { setImmediate as immediately } from 'node:timers/promises';
import * as E from 'fp-ts/lib/Either.js';
import type { HiddenInput } from '../../stream-models/deterioration/hidden-inputs.ts';
import type { StepNetwork } from '../ports/inference.ts';

/** One hour of one bed: its signals, hidden one after the other, and the state that the network had before the hour. */
export interface HiddenTurn {
  readonly bed: number;
  /** Number of the question in the batch. */
  readonly question: number;
  readonly state: Float32Array;
  readonly hidden: readonly HiddenInput[];
}

/** Rows of one call: some 1 ms. Alarms go through the same thread, and other partitions' turns come in between. */
const ROWS_MAX = 256;

/** Turns that go in one call, in order: at most ROWS_MAX rows, but always one turn. */
const callsOf = (turns: readonly HiddenTurn[]): readonly (readonly HiddenTurn[])[] => {
  const calls: HiddenTurn[][] = [];
  let rows = Number.POSITIVE_INFINITY;
  for (const turn of turns) {
    if (rows + turn.hidden.length > ROWS_MAX) {
      calls.push([]);
      rows = 0;
    }
    calls.at(-1)!.push(turn);
    rows += turn.hidden.length;
  }
  return calls;
};

/** Several turns in one call. When that fails, each alone: one bed's bad numbers are not its neighbours'. */
const askCall = async (
  network: StepNetwork,
  turns: readonly HiddenTurn[],
  onFailure: (sentence: string) => void,
): Promise<readonly (readonly number[])[]> => {
  const { features, hidden: width, classes } = network;
  const rows = turns.reduce((sum, { hidden }) => sum + hidden.length, 0);
  const x = { rows, width: features, values: new Float32Array(rows * features) };
  const state = { rows, width, values: new Float32Array(rows * width) };
  let row = 0;
  for (const turn of turns)
    for (const each of turn.hidden) {
      x.values.set(each.x, row * features);
      state.values.set(turn.state, row++ * width);
    }
  const answer = await network.step(x, state)();
  if (E.isRight(answer)) {
    const { values } = answer.right.y;
    let next = 0;
    return turns.map(({ hidden }) => hidden.map(() => values[++next * classes - 1]!));
  }
  if (turns.length > 1) {
    const alone: (readonly number[])[] = [];
    for (const turn of turns) alone.push(...(await askCall(network, [turn], onFailure)));
    return alone;
  }
  onFailure(`a risk of sepsis stands without what it leans on: ${answer.left.sentence}`);
  return [[]];
};

/** Per turn the risks without each of its signals; empty where the network did not answer. The network's states are left as they are. */
export const risksWithout = async (
  network: StepNetwork,
  turns: readonly HiddenTurn[],
  onFailure: (sentence: string) => void,
): Promise<readonly (readonly number[])[]> => {
  const said: (readonly number[])[] = [];
  for (const call of callsOf(turns)) {
    if (said.length > 0) await immediately();
    said.push(...(await askCall(network, call, onFailure)));
  }
  return said;
};
