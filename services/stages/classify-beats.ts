/** All beds' beats through the network together. */

import type { BeatClassName } from '../../schemas/words.ts';
import type { Observed } from '../../stream-models/analysis/observed.ts';
import { BEAT_CLASSES } from '../../stream-models/beats/beat-input.ts';
import type { StepNetwork } from '../ports/inference.ts';
import { stepBeds, type Turn } from './step-beds.ts';

export interface Verdict {
  readonly class: BeatClassName;
  readonly probability: number;
  /** Of all classes, in the order of BEAT_CLASSES. */
  readonly probabilities: Float32Array;
}

export interface Verdicts {
  /** Per bed and observed item: the verdict on it, undefined for what is no beat and when the network gave no answer. */
  readonly verdicts: readonly (readonly (Verdict | undefined)[])[];
  /** Per bed: the hidden state after its last beat. */
  readonly states: readonly Float32Array[];
}

/** The items of one bed that a network of beats shall see, in order; a reset stands before the beat that follows it. */
export const beatTurns = (seen: readonly Observed[]): readonly Turn[] => {
  const turns: Turn[] = [];
  for (let item = 0; item < seen.length; item++) {
    const each = seen[item]!;
    if (each.tag === 'StateReset') turns.push('reset');
    if (each.tag === 'BeatToClassify') turns.push({ item, x: each.x });
  }
  return turns;
};

const verdictOf = (probabilities: Float32Array): Verdict => {
  let best = 0;
  for (let c = 1; c < probabilities.length; c++) if (probabilities[c]! > probabilities[best]!) best = c;
  return { class: BEAT_CLASSES[best]!, probability: probabilities[best]!, probabilities };
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
  const verdicts: (Verdict | undefined)[][] = observed.map(({ seen }) => new Array(seen.length));
  if (network === undefined) return { verdicts, states: before };
  const queues = observed.map(({ seen }) => beatTurns(seen));
  const { answers, states } = await stepBeds(network, before, queues, onFailure);
  for (const [bed, of] of answers.entries()) for (const [item, y] of of) verdicts[bed]![item] = verdictOf(y);
  return { verdicts, states };
};
