/** All beds' peaks through the network of artefacts together, beside the network that classifies them. */
import type { Observed } from '../../stream-models/analysis/observed.ts';
import { ARTEFACT } from '../../stream-models/artefacts/artefact-classes.ts';
import type { StepNetwork } from '../ports/inference.ts';
import { beatTurns } from './classify-beats.ts';
import { stepBeds } from './step-beds.ts';

export interface FoundArtefacts {
  /** Per bed and observed item: how probable it is that a peak is no beat; undefined for what is no peak and without an answer. */
  readonly artefacts: readonly (readonly (number | undefined)[])[];
  /** Per bed: the hidden state after its last peak. */
  readonly states: readonly Float32Array[];
}

/**
 * Without a network, and where it does not answer (told to `onFailure`), every peak counts as a beat: rather a rate too high
 * than a heart unheard.
 */
export const findArtefacts = async (
  network: StepNetwork | undefined,
  before: readonly Float32Array[],
  observed: readonly { readonly seen: readonly Observed[] }[],
  onFailure: (sentence: string) => void = () => {},
): Promise<FoundArtefacts> => {
  const artefacts: (number | undefined)[][] = observed.map(({ seen }) => new Array(seen.length));
  if (network === undefined) return { artefacts, states: before };
  const queues = observed.map(({ seen }) => beatTurns(seen));
  const { answers, states } = await stepBeds(network, before, queues, onFailure);
  for (const [bed, of] of answers.entries()) for (const [item, y] of of) artefacts[bed]![item] = y[ARTEFACT];
  return { artefacts, states };
};
