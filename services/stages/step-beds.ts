/** All beds through one network together: the k-th input of every bed in one call, states carried bed by bed. */
import * as E from 'fp-ts/lib/Either.js';
import type { StepNetwork } from '../ports/inference.ts';

/** One input of one bed, or the word that its state begins anew before the next. `item`: the caller's own number for it. */
export type Turn = { readonly item: number; readonly x: Float32Array } | 'reset';

export interface Stepped {
  /** Per bed, by item: the network's output row; undefined where there was no input or no answer. */
  readonly answers: readonly ReadonlyMap<number, Float32Array>[];
  /** Per bed: the hidden state after its last input. */
  readonly states: readonly Float32Array[];
}

interface BedTurn {
  readonly bed: number;
  readonly item: number;
  readonly x: Float32Array;
}

/** Takes each bed's next input, resetting states on the way. */
const nextTurns = (queues: Turn[][], states: Float32Array[]): BedTurn[] => {
  const turns: BedTurn[] = [];
  for (const [bed, queue] of queues.entries()) {
    let turn = queue.shift();
    while (turn === 'reset') {
      states[bed] = new Float32Array(states[bed]!.length);
      turn = queue.shift();
    }
    if (turn !== undefined) turns.push({ bed, ...turn });
  }
  return turns;
};

interface Answer {
  readonly y: Float32Array | undefined;
  readonly state: Float32Array;
}

/** Asks for all turns in one call. When that fails, for each turn alone: one bed's bad numbers are not its neighbours'. */
const ask = async (
  network: StepNetwork,
  turns: readonly BedTurn[],
  states: readonly Float32Array[],
  onFailure: (sentence: string) => void,
): Promise<readonly Answer[]> => {
  const { features, hidden, classes } = network;
  const x = { rows: turns.length, width: features, values: new Float32Array(turns.length * features) };
  const state = { rows: turns.length, width: hidden, values: new Float32Array(turns.length * hidden) };
  turns.forEach((turn, row) => {
    x.values.set(turn.x, row * features);
    state.values.set(states[turn.bed]!, row * hidden);
  });
  const answer = await network.step(x, state)();
  if (E.isRight(answer)) {
    const { y, next } = answer.right;
    return turns.map((_, row) => ({
      y: y.values.slice(row * classes, (row + 1) * classes),
      state: next.values.slice(row * hidden, (row + 1) * hidden),
    }));
  }
  if (turns.length > 1) {
    const alone: Answer[] = [];
    for (const turn of turns) alone.push(...(await ask(network, [turn], states, onFailure)));
    return alone;
  }
  onFailure(answer.left.sentence);
  return [{ y: undefined, state: new Float32Array(hidden) }];
};

/** Of a bed that asks nothing, as most do in most batches. Never written to. */
const NO_ANSWERS = new Map<number, Float32Array>();

/**
 * Left answers of the network are told to `onFailure`; their inputs get no answer and their beds' states begin anew, so that a
 * blown-up state cannot stay. `queues` are the beds' inputs in order, `before` their states.
 */
export const stepBeds = async (
  network: StepNetwork,
  before: readonly Float32Array[],
  queues: readonly (readonly Turn[])[],
  onFailure: (sentence: string) => void,
): Promise<Stepped> => {
  const states = [...before];
  const answers = queues.map((queue) => (queue.length === 0 ? NO_ANSWERS : new Map<number, Float32Array>()));
  const waiting = queues.map((queue) => [...queue]);
  for (let turns = nextTurns(waiting, states); turns.length > 0; turns = nextTurns(waiting, states)) {
    const answered = await ask(network, turns, states, onFailure);
    turns.forEach(({ bed, item }, i) => {
      const { y, state } = answered[i]!;
      states[bed] = state;
      if (y !== undefined) answers[bed]!.set(item, y);
    });
  }
  return { answers, states };
};
