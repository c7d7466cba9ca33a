import { join } from 'node:path';
import type { Ec57Result } from '../../stream-models/evaluation/ec57.ts';
import type { GruNetwork } from '../../stream-models/network/description.ts';
import type { BeatSequence } from './beat-sequence.ts';
import { type Calibration, calibration } from './calibration.ts';
import { loadCheckpoint, saveCheckpoint } from './checkpoint.ts';
import { classify } from './classify.ts';
import { compared, score } from './figures.ts';
import { type FitState, fitEpoch, startFit } from './fit.ts';
import type { Trainer } from './trainer.ts';
import type { TrainingRecord } from './training-records.ts';

/** Held-out patients are asked every so many epochs, and the fit is written down. */
export const ASK_EVERY_EPOCHS = 2;

export interface FitPlan {
  readonly network: GruNetwork;
  readonly trainer: Trainer;
  readonly seed: number;
  readonly epochs: number;
  /** Where checkpoints are written. */
  readonly out: string;
  /** Says which run a checkpoint belongs to. */
  readonly settings: string;
  readonly resume: boolean;
  readonly signal: AbortSignal | undefined;
  readonly onEpoch: (note: string) => void;
}

/** What the held-out recordings of a fold gave at one epoch. */
export interface Asked {
  readonly epoch: number;
  readonly results: readonly HeldOut[];
}

/** What one recording gave that the network had never seen. */
export interface HeldOut {
  readonly record: string;
  readonly result: Ec57Result;
  readonly calibration: Calibration;
}

interface FoldCheckpoint {
  readonly settings: string;
  readonly state: FitState;
  readonly asked: readonly Asked[];
}

/** Fits one network to the epoch that is wanted, from a checkpoint if one may be taken up, asking `held` on the way. */
export const fitWithCheckpoints = async (
  plan: FitPlan,
  label: string,
  seed: number,
  sequences: readonly BeatSequence[],
  held: readonly TrainingRecord[],
  until: number,
): Promise<FoldCheckpoint> => {
  const { network, trainer, epochs, settings, signal } = plan;
  const path = join(plan.out, `${label.replaceAll(' ', '-')}.checkpoint`);
  const found = plan.resume ? await loadCheckpoint<FoldCheckpoint>(path, settings) : undefined;
  let state = found?.state ?? startFit(network, seed);
  const asked = [...(found?.asked ?? [])];
  for (let done = 0; done < state.epoch; done++) plan.onEpoch(`${label}: taken up`);
  while (state.epoch < until) {
    signal?.throwIfAborted();
    state = await fitEpoch(trainer, state, sequences, { seed, epochs });
    if (state.epoch % ASK_EVERY_EPOCHS === 0 || state.epoch === until) {
      if (held.length > 0) asked.push({ epoch: state.epoch, results: await ask(network, state, held) });
      await saveCheckpoint(path, { settings, state, asked } satisfies FoldCheckpoint);
    }
    plan.onEpoch(`${label}: loss ${state.loss.toFixed(3)}`);
  }
  return { settings, state, asked };
};

const ask = async (
  network: GruNetwork,
  state: FitState,
  held: readonly TrainingRecord[],
): Promise<Asked['results']> => {
  const sequences = held.map(({ sequence }) => sequence);
  const answers = await classify(network, state.mean, sequences);
  return held.map(({ name, sequence, reference }, i) => ({
    record: name,
    result: compared(sequence, answers[i]!.classes, reference),
    calibration: calibration(answers[i]!.classes, answers[i]!.probabilities, sequence.labels),
  }));
};

export interface CrossValidation {
  /** Every recording, answered by a network that never saw its patient, at an epoch chosen without it. */
  readonly results: readonly HeldOut[];
  /** The epoch at which all folds together did best: where the final fit stops. */
  readonly bestEpoch: number;
  readonly byEpoch: readonly { readonly epoch: number; readonly score: number }[];
}

/**
 * Cross-validation by patient. Recordings that share a patient stay in one fold. A fold's figures are taken at the epoch
 * at which the other folds did best, so that no held-out patient has a say in when to stop for itself.
 */
export const crossValidate = async (
  plan: FitPlan,
  records: readonly TrainingRecord[],
  folds: number,
): Promise<CrossValidation> => {
  const parts = foldsOf(records, folds);
  const asked: (readonly Asked[])[] = [];
  for (const [number, held] of parts.entries()) {
    const training = records
      .filter((record) => !held.includes(record))
      .flatMap(({ sequence, copies }) => [sequence, ...copies]);
    const label = `fold ${number + 1} of ${parts.length}`;
    const fold = await fitWithCheckpoints(plan, label, plan.seed + number, training, held, plan.epochs);
    asked.push(fold.asked);
  }
  const results = asked.flatMap((fold, number) => {
    const epoch = bestEpochOf(asked.filter((_, other) => other !== number || asked.length === 1));
    return fold.find((each) => each.epoch === epoch)?.results ?? [];
  });
  const byEpoch = epochsOf(asked).map((epoch) => ({ epoch, score: pooled(asked, epoch) }));
  return { results, bestEpoch: bestEpochOf(asked), byEpoch };
};

/** Patients dealt out in turn, so that every fold has early and late ones of the list. */
export const foldsOf = (records: readonly TrainingRecord[], folds: number): readonly (readonly TrainingRecord[])[] => {
  const patients = [...new Set(records.map(({ patient }) => patient))];
  const count = Math.max(2, Math.min(folds, patients.length));
  return Array.from({ length: count }, (_, fold) =>
    records.filter(({ patient }) => patients.indexOf(patient) % count === fold),
  );
};

const epochsOf = (asked: readonly (readonly Asked[])[]): readonly number[] => asked[0]?.map(({ epoch }) => epoch) ?? [];

const pooled = (asked: readonly (readonly Asked[])[], epoch: number): number =>
  score(asked.flatMap((fold) => fold.find((each) => each.epoch === epoch)?.results ?? []).map(({ result }) => result));

const bestEpochOf = (asked: readonly (readonly Asked[])[]): number =>
  epochsOf(asked).reduce(
    (best, epoch) => (pooled(asked, epoch) > pooled(asked, best) ? epoch : best),
    epochsOf(asked)[0] ?? 0,
  );
