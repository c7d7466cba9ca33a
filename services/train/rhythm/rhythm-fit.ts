import { join } from 'node:path';
import type { GruNetwork, Weights } from '../../../stream-models/network/description.ts';
import { initialWeights } from '../../../stream-models/network/initial-weights.ts';
import { joinedNetwork, type Weighted } from '../../../stream-models/network/joined.ts';
import { diceFrom } from '../../../stream-models/network/seeded.ts';
import { RHYTHM_CLASSES } from '../../../stream-models/rhythm-network/rhythm-classes.ts';
import { RHYTHM_FEATURES } from '../../../stream-models/rhythm-network/rhythm-input.ts';
import { loadCheckpoint, saveCheckpoint } from '../checkpoint.ts';
import { movedTowards } from '../fit.ts';
import { type Learning, startLearning, type Trainer } from '../trainer.ts';
import { epochWindows, ROWS, secondWeights } from './rhythm-batches.ts';
import type { RhythmSequence } from './rhythm-sequence.ts';

/** One member: a GRU over seconds. */
export const RHYTHM_MEMBER: GruNetwork = {
  features: RHYTHM_FEATURES,
  encoder: 48,
  hidden: 32,
  classes: RHYTHM_CLASSES,
};

export interface RhythmPlan {
  readonly trainer: Trainer;
  readonly seed: number;
  readonly epochs: number;
  /** Networks that are fitted from different seeds and joined. */
  readonly members: number;
  readonly out: string;
  readonly settings: string;
  readonly resume: boolean;
  readonly signal: AbortSignal | undefined;
  readonly onEpoch: (note: string) => void;
}

/** Where a fit stands after whole epochs: enough to go on to the same bits. */
interface RhythmFit {
  readonly epoch: number;
  readonly learning: Learning;
  /** The running mean of the weights, which is what is kept. */
  readonly mean: Weights;
  readonly losses: readonly number[];
}

/** How the learning rate begins; it falls to a thirtieth along half a cosine. */
const RATE = 3e-3;
const RATE_LEAST_SHARE = 0.03;
/** Share of a new weight in the running mean, once it has settled. */
const MEAN_PULL = 0.01;

/** One epoch: all seconds once, states carried from window to window. Its dice come from seed and epoch. */
const rhythmEpoch = async (
  { trainer, epochs, signal }: RhythmPlan,
  fit: RhythmFit,
  sequences: readonly RhythmSequence[],
  seed: number,
): Promise<RhythmFit> => {
  const dice = diceFrom(seed * 7919 + fit.epoch * 104_729 + 1);
  const along = fit.epoch / epochs;
  const rate = RATE * (RATE_LEAST_SHARE + (1 - RATE_LEAST_SHARE) * 0.5 * (1 + Math.cos(Math.PI * along)));
  const { hidden, encoder } = RHYTHM_MEMBER;
  let { learning, mean } = fit;
  let state: Float32Array = new Float32Array(ROWS * hidden);
  let lossSum = 0;
  let batches = 0;
  for (const { batch, isFresh } of epochWindows(sequences, secondWeights(sequences), dice, encoder)) {
    signal?.throwIfAborted();
    for (let lane = 0; lane < ROWS; lane++) if (isFresh[lane] === 1) state.fill(0, lane * hidden, (lane + 1) * hidden);
    const done = await trainer.step(learning, { ...batch, state }, rate);
    learning = done.learning;
    state = done.last.slice();
    mean = movedTowards(mean, learning.weights, Math.max(MEAN_PULL, 1 / learning.steps));
    lossSum += done.loss;
    batches += 1;
  }
  return { epoch: fit.epoch + 1, learning, mean, losses: [...fit.losses, lossSum / Math.max(1, batches)] };
};

interface FitCheckpoint {
  readonly settings: string;
  readonly fit: RhythmFit;
}

const fitOne = async (
  plan: RhythmPlan,
  label: string,
  seed: number,
  sequences: readonly RhythmSequence[],
): Promise<RhythmFit> => {
  const path = join(plan.out, `${label.replaceAll(' ', '-')}.checkpoint`);
  const found = plan.resume ? await loadCheckpoint<FitCheckpoint>(path, plan.settings) : undefined;
  const weights = initialWeights(RHYTHM_MEMBER, seed);
  let fit: RhythmFit = found?.fit ?? {
    ...{ epoch: 0, learning: startLearning(RHYTHM_MEMBER, weights), mean: weights, losses: [] },
  };
  for (let done = 0; done < fit.epoch; done++) plan.onEpoch(`${label}: taken up`);
  while (fit.epoch < plan.epochs) {
    fit = await rhythmEpoch(plan, fit, sequences, seed);
    await saveCheckpoint(path, { settings: plan.settings, fit } satisfies FitCheckpoint);
    plan.onEpoch(`${label}: loss ${fit.losses.at(-1)!.toFixed(4)}`);
  }
  return fit;
};

/** Fits the members and joins them. Checkpoints after each epoch are taken up where they are of the same run. */
export const fitMembers = async (
  plan: RhythmPlan,
  label: string,
  seed: number,
  sequences: readonly RhythmSequence[],
): Promise<{ readonly joined: Weighted; readonly losses: readonly (readonly number[])[] }> => {
  const members: Weights[] = [];
  const losses: (readonly number[])[] = [];
  for (let member = 0; member < plan.members; member++) {
    const fit = await fitOne(plan, `${label} member ${member + 1}`, seed + 1000 * member, sequences);
    members.push(fit.mean);
    losses.push(fit.losses);
  }
  return { joined: joinedNetwork(RHYTHM_MEMBER, members), losses };
};
