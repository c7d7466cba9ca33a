import type { GruNetwork, Weights } from '../../../stream-models/network/description.ts';
import { initialWeights } from '../../../stream-models/network/initial-weights.ts';
import { diceFrom } from '../../../stream-models/network/seeded.ts';
import type { Stay } from '../../stays/read-stays.ts';
import { movedTowards } from '../fit.ts';
import { type Learning, startLearning, type Trainer } from '../trainer.ts';
import { epochWindows, ROWS, type Teaching } from './stay-batches.ts';

/** Where a fit stands after whole epochs: enough to go on to the same bits. */
export interface StayFit {
  readonly epoch: number;
  readonly learning: Learning;
  /** The running mean of the weights, which is what is kept. */
  readonly mean: Weights;
  /** Mean loss of each epoch. */
  readonly losses: readonly number[];
}

/** How the learning rate begins; it falls to a fiftieth along half a cosine. */
const RATE = 2e-3;
const RATE_LEAST_SHARE = 0.02;
/** Share of a new weight in the running mean, once it has settled. */
const MEAN_PULL = 0.01;

export const startStayFit = (network: GruNetwork, seed: number): StayFit => {
  const weights = initialWeights(network, seed);
  return { epoch: 0, learning: startLearning(network, weights), mean: weights, losses: [] };
};

/** One epoch: all stays once, states carried from window to window. Its dice come from seed and epoch, so it can be done again alone. */
export const stayEpoch = async (
  trainer: Trainer,
  network: GruNetwork,
  fit: StayFit,
  stays: readonly Stay[],
  teaching: Teaching,
  {
    seed,
    epochs,
    signal,
  }: { readonly seed: number; readonly epochs: number; readonly signal?: AbortSignal | undefined },
): Promise<StayFit> => {
  const dice = diceFrom(seed * 7919 + fit.epoch * 104_729 + 1);
  const along = fit.epoch / epochs;
  const rate = RATE * (RATE_LEAST_SHARE + (1 - RATE_LEAST_SHARE) * 0.5 * (1 + Math.cos(Math.PI * along)));
  let { learning, mean } = fit;
  let state: Float32Array = new Float32Array(ROWS * network.hidden);
  let lossSum = 0;
  let batches = 0;
  for (const { batch, isFresh } of epochWindows(stays, teaching, dice)) {
    signal?.throwIfAborted();
    for (let lane = 0; lane < ROWS; lane++)
      if (isFresh[lane] === 1) state.fill(0, lane * network.hidden, (lane + 1) * network.hidden);
    const done = await trainer.step(learning, { ...batch, state }, rate);
    learning = done.learning;
    state = done.last.slice();
    mean = movedTowards(mean, learning.weights, Math.max(MEAN_PULL, 1 / learning.steps));
    lossSum += done.loss;
    batches += 1;
  }
  return { epoch: fit.epoch + 1, learning, mean, losses: [...fit.losses, lossSum / Math.max(1, batches)] };
};
