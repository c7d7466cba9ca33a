import { join } from 'node:path';
import type { Ec57Result } from '../../stream-models/evaluation/ec57.ts';
import type { Weights } from '../../stream-models/network/description.ts';
import { joinedNetwork, type Weighted } from '../../stream-models/network/joined.ts';
import { beatWeights } from './batches.ts';
import type { BeatSequence } from './beat-sequence.ts';
import { type Calibration, calibration } from './calibration.ts';
import { loadCheckpoint, saveCheckpoint } from './checkpoint.ts';
import { classify } from './classify.ts';
import { compared } from './figures.ts';
import { type FitState, fitEpoch, startFit } from './fit.ts';
import { type Discriminants, discriminate, fitDiscriminants, momentsOf } from './linear-discriminants.ts';
import type { LossCurve } from './loss-plot.ts';
import { CLASS_WEIGHTS, type Member } from './members.ts';
import { raised } from './raised.ts';
import type { TrainingRecord } from './training-records.ts';
import type { WindowedPlan } from './windowed-fit.ts';

/** A fit is written down every so many epochs. */
export const SAVE_EVERY_EPOCHS = 2;

export interface FitPlan extends Omit<WindowedPlan, 'rate' | 'members'> {
  readonly members: readonly Member[];
  readonly seed: number;
  /** Patients of whom only the rhythm is known: members that want them learn from them in every fit; nobody is asked of them. */
  readonly further: readonly BeatSequence[];
  /** Told when a fit is over. */
  readonly onFit: (curve: LossCurve) => void;
}

/** What one recording gave that the network had never seen. */
export interface HeldOut {
  readonly record: string;
  readonly result: Ec57Result;
  /** What linear discriminants gave, fitted on the other patients' recordings as they are. */
  readonly plain: Ec57Result;
  readonly calibration: Calibration;
}

interface FitCheckpoint {
  readonly settings: string;
  readonly state: FitState;
}

/** Fits one member, from a checkpoint if one may be taken up. */
const fitMember = async (
  plan: FitPlan,
  label: string,
  seed: number,
  { premature, hasFurther, classWeights, seedOffset }: Member,
  records: readonly TrainingRecord[],
): Promise<Weights> => {
  const { network, trainer, epochs, settings, signal } = plan;
  const path = join(plan.out, `${label.replaceAll(/[ ,]+/g, '-')}.checkpoint`);
  const found = plan.resume ? await loadCheckpoint<FitCheckpoint>(path, settings) : undefined;
  const own = seed + seedOffset;
  const annotated = records.flatMap(({ sequence, copies }) => [sequence, ...copies[premature]]);
  const sequences = hasFurther ? [...annotated, ...plan.further] : annotated;
  let state = found?.state ?? startFit(network, own);
  for (let done = 0; done < state.epoch; done++) plan.onEpoch(`${label}: taken up`);
  while (state.epoch < epochs) {
    signal?.throwIfAborted();
    state = await fitEpoch(trainer, state, sequences, {
      seed: own,
      epochs,
      encoder: network.encoder,
      classWeights,
    });
    if (state.epoch % SAVE_EVERY_EPOCHS === 0 || state.epoch === epochs)
      await saveCheckpoint(path, { settings, state } satisfies FitCheckpoint);
    plan.onEpoch(`${label}: loss ${state.loss.toFixed(3)}`);
  }
  plan.onFit({ label, losses: state.losses });
  return state.mean;
};

/** Fits all members on the same recordings, each on its copies and from its own seed, and joins them. */
export const fitJoined = async (
  plan: FitPlan,
  label: string,
  seed: number,
  records: readonly TrainingRecord[],
): Promise<Weighted> => {
  const fitted: Weights[] = [];
  for (const [i, member] of plan.members.entries())
    fitted.push(await fitMember(plan, `${label}, network ${i + 1}`, seed, member, records));
  const { network, weights } = joinedNetwork(plan.network, fitted);
  return { network, weights: { ...weights, bo: raised(weights.bo) } };
};

const ask = async (
  { network, weights }: Weighted,
  discriminants: Discriminants,
  held: readonly TrainingRecord[],
): Promise<readonly HeldOut[]> => {
  const sequences = held.map(({ sequence }) => sequence);
  const answers = await classify(network, weights, sequences);
  return held.map(({ name, sequence, reference }, i) => ({
    record: name,
    result: compared(sequence, answers[i]!.classes, reference),
    plain: compared(sequence, discriminate(discriminants, sequence), reference),
    calibration: calibration(answers[i]!.classes, answers[i]!.probabilities, sequence.labels),
  }));
};

/**
 * Cross-validation by patient: every recording, answered by a network that never saw its patient. Recordings that share a
 * patient stay in one fold, and a recording's changed copies on its own side. Every fit takes the same number of epochs: no
 * held-out patient has a say in when to stop.
 */
export const crossValidate = async (
  plan: FitPlan,
  records: readonly TrainingRecord[],
  folds: number,
): Promise<readonly HeldOut[]> => {
  const parts = foldsOf(records, folds);
  const moments = records.map(({ name, sequence }) => momentsOf(name, [sequence]));
  const asked: HeldOut[] = [];
  for (const [number, held] of parts.entries()) {
    const training = records.filter((record) => !held.includes(record));
    const label = `fold ${number + 1} of ${parts.length}`;
    const joined = await fitJoined(plan, label, plan.seed + number, training);
    const others = moments.filter(({ record }) => !held.some(({ name }) => name === record));
    asked.push(
      ...(await ask(
        joined,
        fitDiscriminants(
          others,
          beatWeights(
            training.map(({ sequence }) => sequence),
            CLASS_WEIGHTS.seldom,
          ),
        ),
        held,
      )),
    );
  }
  return asked;
};

/** Patients dealt out in turn, so that every fold has early and late ones of the list. */
export const foldsOf = (records: readonly TrainingRecord[], folds: number): readonly (readonly TrainingRecord[])[] => {
  const patients = [...new Set(records.map(({ patient }) => patient))];
  const count = Math.max(2, Math.min(folds, patients.length));
  return Array.from({ length: count }, (_, fold) =>
    records.filter(({ patient }) => patients.indexOf(patient) % count === fold),
  );
};
