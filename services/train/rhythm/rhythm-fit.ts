import { ADAM_USUAL } from '../../../stream-models/network/adam.ts';
import type { GruNetwork } from '../../../stream-models/network/description.ts';
import { RHYTHM_CLASSES } from '../../../stream-models/rhythm-network/rhythm-classes.ts';
import { RHYTHM_FEATURES } from '../../../stream-models/rhythm-network/rhythm-input.ts';
import { openTrainer, type Trainer } from '../trainer.ts';
import { fitMembers, type WindowedPlan } from '../windowed-fit.ts';
import { taughtByAlarms } from './alarm-lessons.ts';
import type { AlarmedSequence } from './alarmed-recordings.ts';
import { epochWindows, ROWS, STEPS, secondWeights } from './rhythm-batches.ts';
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
export const WEIGHT_DECAY = 0.02;

/** Opens what fits one member, a batch after the other. */
export const openRhythmTrainer = (): Promise<Trainer> =>
  openTrainer(RHYTHM_MEMBER, { steps: STEPS, rows: ROWS }, { ...ADAM_USUAL, weightDecay: WEIGHT_DECAY });

/** Fits the members of a plan to sequences of seconds, and joins them. */
const fitRhythm = (plan: RhythmPlan, label: string, seed: number, sequences: readonly RhythmSequence[]) =>
  fitMembers(plan, label, seed, (dice) =>
    epochWindows(sequences, secondWeights(sequences), dice, plan.network.encoder),
  );

/**
 * Fits the members of a plan to sequences of seconds and to what judged alarms teach, and joins them. What the latter teach is told by a
 * network that is fitted to the sequences alone.
 */
export const fitRhythmWithAlarms = async (
  plan: RhythmPlan,
  label: string,
  seed: number,
  sequences: readonly RhythmSequence[],
  alarmed: readonly AlarmedSequence[],
) => {
  if (alarmed.length === 0) return fitRhythm(plan, label, seed, sequences);
  const { joined: teacher } = await fitRhythm({ ...plan, members: 1 }, `${label} teacher`, seed, sequences);
  return fitRhythm(plan, label, seed, [...sequences, ...(await taughtByAlarms(teacher, alarmed))]);
};
