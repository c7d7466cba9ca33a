import type { Ec57Result } from '../../../stream-models/evaluation/ec57.ts';
import type { Weights } from '../../../stream-models/network/description.ts';
import { joinedNetwork, type Weighted } from '../../../stream-models/network/joined.ts';
import { beatWeights } from '../beat-sequences/batches.ts';
import type { BeatSequence } from '../beat-sequences/beat-sequence.ts';
import { fitMember, type Lessons, type MemberPlan } from '../beat-sequences/fit-member.ts';
import { type Calibration, calibration } from './calibration.ts';
import { classify } from './classify.ts';
import { compared } from './figures.ts';
import { type Discriminants, discriminate, fitDiscriminants, momentsOf } from './linear-discriminants.ts';
import { CLASS_WEIGHTS, type Member } from './members.ts';
import { type Stranger, taughtBy } from './patients/strangers.ts';
import type { TrainingRecord } from './patients/training-records.ts';
import { raised } from './raised.ts';

export interface FitPlan extends MemberPlan {
  readonly members: readonly Member[];
  readonly seed: number;
  /** Patients of whom only the rhythm is known: members that want them learn from them in every fit; nobody is asked of them. */
  readonly further: readonly BeatSequence[];
  /** Patients of whom nothing is known, as teachers of members that want them (`strangers.ts`). Nobody is asked of them. */
  readonly strangers: readonly Stranger[];
}

/** What one recording gave that the network had never seen. */
export interface HeldOut {
  readonly record: string;
  readonly result: Ec57Result;
  /** What linear discriminants gave, fitted on the other patients' recordings as they are. */
  readonly plain: Ec57Result;
  readonly calibration: Calibration;
}

/** What one member learns from: the recordings with the copies that it is shown, and of others what it wants. */
const lessonsOf = (
  { further }: FitPlan,
  seed: number,
  { premature, hasFurther, hasStrangers, classWeights, seedOffset }: Member,
  records: readonly TrainingRecord[],
  taught: readonly BeatSequence[],
): Lessons => {
  const annotated = records.flatMap(({ sequence, copies }) => [sequence, ...copies[premature]]);
  const others = [...(hasFurther ? further : []), ...(hasStrangers ? taught : [])];
  return { seed: seed + seedOffset, sequences: [...annotated, ...others], classWeights };
};

const fitOne = (
  plan: FitPlan,
  label: string,
  seed: number,
  records: readonly TrainingRecord[],
  taught: readonly BeatSequence[],
  [i, member]: readonly [number, Member],
): Promise<Weights> => fitMember(plan, `${label}, network ${i + 1}`, lessonsOf(plan, seed, member, records, taught));

/** Fits the members that learn from no stranger on the same recordings, each on its copies and from its own seed, in order. */
export const fitTeachers = async (
  plan: FitPlan,
  label: string,
  seed: number,
  records: readonly TrainingRecord[],
): Promise<readonly Weights[]> => {
  const teachers: Weights[] = [];
  for (const member of plan.members.entries())
    if (!member[1].hasStrangers) teachers.push(await fitOne(plan, label, seed, records, [], member));
  return teachers;
};

/** Fits the other members, on what the `teachers` (those of `fitTeachers`), joined, are sure of in strangers too, and joins all in order. */
export const fitTaught = async (
  plan: FitPlan,
  label: string,
  seed: number,
  records: readonly TrainingRecord[],
  teachers: readonly Weights[],
): Promise<Weighted> => {
  const { network, members, strangers } = plan;
  const taught = strangers.length === 0 ? [] : await taughtBy(joinedNetwork(network, teachers), strangers);
  const fitted: Weights[] = [];
  let teacher = 0;
  for (const member of members.entries())
    fitted.push(
      member[1].hasStrangers ? await fitOne(plan, label, seed, records, taught, member) : teachers[teacher++]!,
    );
  const joined = joinedNetwork(network, fitted);
  return { ...joined, weights: { ...joined.weights, bo: raised(joined.weights.bo) } };
};

/** Fits all members and joins them: first those that teach, then those that learn from them too. */
export const fitJoined = async (
  plan: FitPlan,
  label: string,
  seed: number,
  records: readonly TrainingRecord[],
): Promise<Weighted> => fitTaught(plan, label, seed, records, await fitTeachers(plan, label, seed, records));

const ask = async (
  joined: Weighted,
  discriminants: Discriminants,
  held: readonly TrainingRecord[],
): Promise<readonly HeldOut[]> => {
  const sequences = held.map(({ sequence }) => sequence);
  const answers = await classify(joined, sequences);
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
