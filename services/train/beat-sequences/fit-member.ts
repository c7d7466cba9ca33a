import { join } from 'node:path';
import type { Weights } from '../../../stream-models/network/description.ts';
import { loadCheckpoint, saveCheckpoint } from '../checkpoint.ts';
import type { LossCurve } from '../loss-plot.ts';
import type { WindowedPlan } from '../windowed-fit.ts';
import type { BeatSequence } from './beat-sequence.ts';
import { type FitState, fitEpoch, startFit } from './fit.ts';

/** A fit is written down every so many epochs. */
const SAVE_EVERY_EPOCHS = 2;

/** What the fits of networks that read beats have in common. */
export interface MemberPlan extends Omit<WindowedPlan, 'rate' | 'members'> {
  /** Told when a fit is over. */
  readonly onFit: (curve: LossCurve) => void;
}

/** What a fit learns from. */
export interface Lessons {
  readonly seed: number;
  readonly sequences: readonly BeatSequence[];
  /** What a beat counts by its class, in the order of the network's classes. */
  readonly classWeights: readonly number[];
}

interface FitCheckpoint {
  readonly settings: string;
  readonly state: FitState;
}

/** Fits one member, from a checkpoint if one may be taken up. The same plan and lessons give the same bits. */
export const fitMember = async (
  plan: MemberPlan,
  label: string,
  { seed, sequences, classWeights }: Lessons,
): Promise<Weights> => {
  const { network, trainer, epochs, settings, signal } = plan;
  const path = join(plan.out, `${label.replaceAll(/[ ,]+/g, '-')}.checkpoint`);
  const found = plan.resume ? await loadCheckpoint<FitCheckpoint>(path, settings) : undefined;
  let state = found?.state ?? startFit(network, seed);
  for (let done = 0; done < state.epoch; done++) plan.onEpoch(`${label}: taken up`);
  while (state.epoch < epochs) {
    signal?.throwIfAborted();
    state = await fitEpoch(trainer, state, sequences, { seed, epochs, network, classWeights });
    if (state.epoch % SAVE_EVERY_EPOCHS === 0 || state.epoch === epochs)
      await saveCheckpoint(path, { settings, state } satisfies FitCheckpoint);
    plan.onEpoch(`${label}: loss ${state.loss.toFixed(3)}`);
  }
  plan.onFit({ label, losses: state.losses });
  return state.mean;
};
