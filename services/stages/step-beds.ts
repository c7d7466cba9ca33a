/** All beds through one network together: the k-th input of every bed in one call, states carried bed by bed. */
import * as E from 'fp-ts/lib/Either.js';
import type { StepNetwork } from '../ports/inference.ts';
import { askTogether } from './ask-together.ts';

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
    const answered = await askTogether(
      network,
      turns.map(({ bed, x }) => ({ x, state: states[bed]! })),
    );
    turns.forEach(({ bed, item }, i) => {
      const answer = answered[i]!;
      if (E.isLeft(answer)) onFailure(answer.left.sentence);
      else answers[bed]!.set(item, answer.right.y);
      states[bed] = E.isLeft(answer) ? new Float32Array(network.hidden) : answer.right.state;
    });
  }
  return { answers, states };
};
