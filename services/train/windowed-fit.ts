import { join } from 'node:path';
import { type Dice, diceFrom } from '../../stream-models/dice.ts';
import type { GruNetwork, Weights } from '../../stream-models/network/description.ts';
import { initialWeights } from '../../stream-models/network/initial-weights.ts';
import { joinedNetwork, type Weighted } from '../../stream-models/network/joined.ts';
import { loadCheckpoint, saveCheckpoint } from './checkpoint.ts';
import { movedTowards } from './running-mean.ts';
import { type Learning, startLearning, type Trainer, type TrainingBatch } from './trainer.ts';

/** Where a fit stands after whole epochs: enough to go on to the same bits. */
export interface WindowedFit {
  readonly epoch: number;
  readonly learning: Learning;
  /** The running mean of the weights, which is what is kept. */
  readonly mean: Weights;
  /** Mean loss of each epoch. */
  readonly losses: readonly number[];
}

/** A window of sequences side by side that go on from the window before, but where `isFresh`, one per row, is 1. */
export interface Window {
  readonly batch: TrainingBatch;
  readonly isFresh: Uint8Array;
}

/** How the learning rate begins and how far it falls, along half a cosine. */
export interface FallingRate {
  readonly first: number;
  readonly leastShare: number;
}

export interface WindowedPlan {
  /** One member; those of other seeds are joined with it. */
  readonly network: GruNetwork;
  readonly members: number;
  readonly trainer: Trainer;
  readonly rate: FallingRate;
  readonly epochs: number;
  /** Where checkpoints are written. */
  readonly out: string;
  /** Says which run a checkpoint belongs to. */
  readonly settings: string;
  readonly resume: boolean;
  readonly signal: AbortSignal | undefined;
  readonly onEpoch: (note: string) => void;
}

/** The windows of one epoch, all sequences once, by these dice. */
export type WindowsOf = (dice: Dice) => Iterable<Window>;

/** Share of a new weight in the running mean, once it has settled. */
const MEAN_PULL = 0.01;

const startFit = (network: GruNetwork, seed: number): WindowedFit => {
  const weights = initialWeights(network, seed);
  return { epoch: 0, learning: startLearning(network, weights), mean: weights, losses: [] };
};

/** One epoch, states carried from window to window. Its dice come from seed and epoch, so it can be done again alone. */
const fitEpoch = async (
  { network: { hidden }, trainer, rate: { first, leastShare }, epochs, signal }: WindowedPlan,
  fit: WindowedFit,
  seed: number,
  windowsOf: WindowsOf,
): Promise<WindowedFit> => {
  const along = fit.epoch / epochs;
  const rate = first * (leastShare + (1 - leastShare) * 0.5 * (1 + Math.cos(Math.PI * along)));
  let { learning, mean } = fit;
  let state: Float32Array | undefined;
  let lossSum = 0;
  let batches = 0;
  for (const { batch, isFresh } of windowsOf(diceFrom(seed * 7919 + fit.epoch * 104_729 + 1))) {
    signal?.throwIfAborted();
    state ??= new Float32Array(isFresh.length * hidden);
    for (let row = 0; row < isFresh.length; row++)
      if (isFresh[row] === 1) state.fill(0, row * hidden, (row + 1) * hidden);
    const done = await trainer.step(learning, { ...batch, state }, rate);
    learning = done.learning;
    state = done.last.slice();
    mean = movedTowards(mean, learning.weights, Math.max(MEAN_PULL, 1 / learning.steps));
    lossSum += done.loss;
    batches += 1;
  }
  return { epoch: fit.epoch + 1, learning, mean, losses: [...fit.losses, lossSum / Math.max(1, batches)] };
};

interface Checkpoint {
  readonly settings: string;
  readonly fit: WindowedFit;
}

const fitMember = async (
  plan: WindowedPlan,
  label: string,
  seed: number,
  windowsOf: WindowsOf,
): Promise<WindowedFit> => {
  const { network, epochs, settings, onEpoch } = plan;
  const path = join(plan.out, `${label.replaceAll(' ', '-')}.checkpoint`);
  const found = plan.resume ? await loadCheckpoint<Checkpoint>(path, settings) : undefined;
  let fit = found?.fit ?? startFit(network, seed);
  for (let done = 0; done < fit.epoch; done++) onEpoch(`${label}: taken up`);
  while (fit.epoch < epochs) {
    fit = await fitEpoch(plan, fit, seed, windowsOf);
    await saveCheckpoint(path, { settings, fit } satisfies Checkpoint);
    onEpoch(`${label}: loss ${fit.losses.at(-1)!.toFixed(4)}`);
  }
  return fit;
};

/** Fits the members, each from its own seed, and joins them. Checkpoints are taken up where they are of the same run. */
export const fitMembers = async (
  plan: WindowedPlan,
  label: string,
  seed: number,
  windowsOf: WindowsOf,
): Promise<{ readonly joined: Weighted; readonly losses: readonly (readonly number[])[] }> => {
  const fits: WindowedFit[] = [];
  for (let member = 0; member < plan.members; member++)
    fits.push(await fitMember(plan, `${label} member ${member + 1}`, seed + 1000 * member, windowsOf));
  const means = fits.map(({ mean }) => mean);
  return { joined: joinedNetwork(plan.network, means), losses: fits.map(({ losses }) => losses) };
};
