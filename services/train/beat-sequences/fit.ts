import { diceFrom } from '../../../stream-models/dice.ts';
import type { GruNetwork, Weights } from '../../../stream-models/network/description.ts';
import { initialWeights } from '../../../stream-models/network/initial-weights.ts';
import { movedTowards } from '../running-mean.ts';
import { type Learning, startLearning, type Trainer } from '../trainer.ts';
import { beatWeights, epochBatches } from './batches.ts';
import type { BeatSequence } from './beat-sequence.ts';

/** Where a fit stands after whole epochs: enough to go on to the same bits. */
export interface FitState {
  readonly epoch: number;
  readonly learning: Learning;
  /** The running mean of the weights: steadier than the weights themselves, and what is kept in the end. */
  readonly mean: Weights;
  readonly loss: number;
  /** The loss of every epoch so far. */
  readonly losses: readonly number[];
}

/** How the learning rate begins; it falls to a twentieth along half a cosine. */
const RATE = 3e-3;
const RATE_LEAST_SHARE = 0.05;
/** Share of a new weight in the running mean, once it has settled. */
const MEAN_PULL = 0.02;

/** Where a fit begins. */
export const startFit = (network: GruNetwork, seed: number): FitState => {
  const weights = initialWeights(network, seed);
  return { epoch: 0, learning: startLearning(network, weights), mean: weights, loss: Number.NaN, losses: [] };
};

interface EpochOptions {
  readonly seed: number;
  readonly epochs: number;
  readonly network: GruNetwork;
  /** What a beat counts by its class, in the order of the network's classes. */
  readonly classWeights: readonly number[];
}

/** One epoch: all beats of all sequences once. Its dice come from seed and epoch, so it can be done again alone. */
export const fitEpoch = async (
  trainer: Trainer,
  state: FitState,
  sequences: readonly BeatSequence[],
  { seed, epochs, network, classWeights }: EpochOptions,
): Promise<FitState> => {
  const dice = diceFrom(seed * 7919 + state.epoch * 104_729 + 1);
  const weights = beatWeights(sequences, classWeights);
  const along = state.epoch / epochs;
  const rate = RATE * (RATE_LEAST_SHARE + (1 - RATE_LEAST_SHARE) * 0.5 * (1 + Math.cos(Math.PI * along)));
  let { learning, mean } = state;
  let lossSum = 0;
  let batches = 0;
  for (const batch of epochBatches(sequences, weights, dice, network)) {
    const done = await trainer.step(learning, batch, rate);
    learning = done.learning;
    mean = movedTowards(mean, learning.weights, Math.max(MEAN_PULL, 1 / learning.steps));
    lossSum += done.loss;
    batches += 1;
  }
  const loss = lossSum / Math.max(1, batches);
  return { epoch: state.epoch + 1, learning, mean, loss, losses: [...state.losses, loss] };
};
