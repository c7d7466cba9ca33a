/** All beds' beats through the network together: the k-th beat of every bed in one call, states carried bed by bed. */
import * as E from 'fp-ts/lib/Either.js';
import type { Observed } from '../../stream-models/analysis/observe.ts';
import type { BeatClassName } from '../../stream-models/analysis/sighting.ts';
import { BEAT_CLASSES } from '../../stream-models/beats/beat-input.ts';
import type { StepNetwork } from '../ports/inference.ts';

export interface Verdict {
  readonly class: BeatClassName;
  readonly probability: number;
}

export interface Verdicts {
  /** Per bed and observed item: the verdict on it, undefined for what is no beat and when the network gave no answer. */
  readonly verdicts: readonly (readonly (Verdict | undefined)[])[];
  /** Per bed: the hidden state after its last beat. */
  readonly states: readonly Float32Array[];
}

interface Turn {
  readonly bed: number;
  readonly item: number;
  readonly x: Float32Array;
}

/** The items of one bed that the network shall see, in order; a reset stands before the beat that follows it. */
const turnsOf = (bed: number, seen: readonly Observed[]): (Turn | 'reset')[] => {
  const turns: (Turn | 'reset')[] = [];
  for (const [item, each] of seen.entries()) {
    if (each.tag === 'StateReset') turns.push('reset');
    if (each.tag === 'BeatToClassify') turns.push({ bed, item, x: each.x });
  }
  return turns;
};

const verdictOf = (y: Float32Array, row: number, classes: number): Verdict => {
  let best = 0;
  for (let c = 1; c < classes; c++) if (y[row * classes + c]! > y[row * classes + best]!) best = c;
  return { class: BEAT_CLASSES[best]!, probability: y[row * classes + best]! };
};

/** Takes each bed's next beat, resetting states on the way. */
const nextTurns = (queues: (Turn | 'reset')[][], states: Float32Array[]): Turn[] => {
  const turns: Turn[] = [];
  for (const [bed, queue] of queues.entries()) {
    let turn = queue.shift();
    while (turn === 'reset') {
      states[bed] = new Float32Array(states[bed]!.length);
      turn = queue.shift();
    }
    if (turn !== undefined) turns.push(turn);
  }
  return turns;
};

interface Answer {
  readonly verdict: Verdict | undefined;
  readonly state: Float32Array;
}

/** Asks for all turns in one call. When that fails, for each turn alone: one bed's bad numbers are not its neighbours'. */
const ask = async (
  network: StepNetwork,
  turns: readonly Turn[],
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
      verdict: verdictOf(y.values, row, classes),
      state: next.values.slice(row * hidden, (row + 1) * hidden),
    }));
  }
  if (turns.length > 1) {
    const alone: Answer[] = [];
    for (const turn of turns) alone.push(...(await ask(network, [turn], states, onFailure)));
    return alone;
  }
  onFailure(answer.left.sentence);
  return [{ verdict: undefined, state: new Float32Array(hidden) }];
};

/**
 * Left answers of the network are told to `onFailure`; their beats get no verdict and their beds' states begin anew, so
 * that a blown-up state cannot stay.
 */
export const classifyBeats = async (
  network: StepNetwork | undefined,
  before: readonly Float32Array[],
  observed: readonly { readonly seen: readonly Observed[] }[],
  onFailure: (sentence: string) => void = () => {},
): Promise<Verdicts> => {
  const states = [...before];
  const verdicts: (Verdict | undefined)[][] = observed.map(({ seen }) => new Array(seen.length));
  if (network === undefined) return { verdicts, states };
  const queues = observed.map(({ seen }, bed) => turnsOf(bed, seen));
  for (let turns = nextTurns(queues, states); turns.length > 0; turns = nextTurns(queues, states)) {
    const answers = await ask(network, turns, states, onFailure);
    turns.forEach(({ bed, item }, i) => {
      states[bed] = answers[i]!.state;
      verdicts[bed]![item] = answers[i]!.verdict;
    });
  }
  return { verdicts, states };
};
