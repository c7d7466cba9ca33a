import type { GruNetwork } from '../../../stream-models/network/description.ts';
import { RHYTHM_CLASSES } from '../../../stream-models/rhythm-network/rhythm-classes.ts';
import { RHYTHM_FEATURES } from '../../../stream-models/rhythm-network/rhythm-input.ts';
import { fitMembers, type WindowedPlan } from '../windowed-fit.ts';
import { epochWindows, secondWeights } from './rhythm-batches.ts';
import type { RhythmSequence } from './rhythm-sequence.ts';

/** One member: a GRU over seconds. */
export const RHYTHM_MEMBER: GruNetwork = {
  features: RHYTHM_FEATURES,
  encoder: 48,
  hidden: 32,
  classes: RHYTHM_CLASSES,
};

export interface RhythmPlan extends WindowedPlan {
  readonly seed: number;
}

/** How the learning rate begins; it falls to a thirtieth along half a cosine. */
export const RHYTHM_RATE = { first: 3e-3, leastShare: 0.03 };

/** Fits the members of a plan to sequences of seconds, and joins them. */
export const fitRhythm = (plan: RhythmPlan, label: string, seed: number, sequences: readonly RhythmSequence[]) =>
  fitMembers(plan, label, seed, (dice) =>
    epochWindows(sequences, secondWeights(sequences), dice, plan.network.encoder),
  );
