import { ARTEFACT, ARTEFACT_CLASSES } from '../../../stream-models/artefacts/artefact-classes.ts';
import { BEAT_FEATURES } from '../../../stream-models/beats/beat-input.ts';
import type { GruNetwork, Weights } from '../../../stream-models/network/description.ts';
import { joinedNetwork, type Weighted } from '../../../stream-models/network/joined.ts';
import { askBeats } from '../beat-sequences/ask-beats.ts';
import type { BeatSequence } from '../beat-sequences/beat-sequence.ts';
import { fitMember, type MemberPlan } from '../beat-sequences/fit-member.ts';
import { CONDITION_NAMES, type Condition, type HeardRecording } from './hear-artefacts.ts';

/** One member: a GRU over detected beats. */
export const ARTEFACT_MEMBER: GruNetwork = {
  features: BEAT_FEATURES,
  encoder: 32,
  hidden: 48,
  classes: ARTEFACT_CLASSES,
};

/** What a beat counts by its class, in the order of ARTEFACT_CLASSES: one of a red rhythm that is lost may be an alarm that is. */
export const ARTEFACT_WEIGHTS = [1, 2, 1] as const;

const SEED_STEP = 1_000;

export interface ArtefactPlan extends MemberPlan {
  readonly members: number;
  readonly seed: number;
}

/** Fits the members, each from its own seed, to the recordings and their copies, and joins them. */
export const fitArtefacts = async (
  plan: ArtefactPlan,
  label: string,
  seed: number,
  recordings: readonly HeardRecording[],
): Promise<Weighted> => {
  const sequences = recordings.flatMap(({ sequence, copies }) => [sequence, ...copies]);
  const fitted: Weights[] = [];
  for (let i = 0; i < plan.members; i++) {
    const lessons = { seed: seed + SEED_STEP * i, sequences, classWeights: ARTEFACT_WEIGHTS };
    fitted.push(await fitMember(plan, `${label}, network ${i + 1}`, lessons));
  }
  return joinedNetwork(plan.network, fitted);
};

/** Detected beats, and the probability of each that it is an artefact. */
export interface Asked {
  readonly sequence: BeatSequence;
  readonly artefact: Float32Array;
}

/** What a network that never saw a recording's patient said of it. */
export interface HeldOutArtefacts {
  readonly of: HeardRecording;
  /** 'no noise' of all; the others of recordings whose beats are known. */
  readonly asked: Readonly<Partial<Record<Condition, Asked>>>;
  /** Its noisy copies. Their noise, but not their heart, was heard in training. */
  readonly copies: readonly Asked[];
}

/** Patients dealt out in turn, those whose beats are known and the others each for themselves; copies go with their patient. */
export const artefactFolds = (
  recordings: readonly HeardRecording[],
  folds: number,
): readonly (readonly HeardRecording[])[] => {
  const patientsWho = (known: HeardRecording['knows']): readonly string[] => [
    ...new Set(recordings.filter(({ knows }) => knows === known).map(({ patient }) => patient)),
  ];
  const dealt = [patientsWho('beats'), patientsWho('rhythms')];
  const count = Math.max(2, Math.min(folds, ...dealt.map(({ length }) => length)));
  return Array.from({ length: count }, (_, fold) => {
    const held = new Set(dealt.flatMap((patients) => patients.filter((_patient, i) => i % count === fold)));
    return recordings.filter(({ patient }) => held.has(patient));
  });
};

const ask = async (network: Weighted, of: HeardRecording): Promise<HeldOutArtefacts> => {
  const sequences = { ...of.stressed, 'no noise': of.sequence } as Readonly<Partial<Record<Condition, BeatSequence>>>;
  const conditions = CONDITION_NAMES.filter((condition) => sequences[condition] !== undefined);
  const all = [...conditions.map((condition) => sequences[condition]!), ...of.copies];
  const asked = (await askBeats(network, all)).map((probabilities, i): Asked => {
    const sequence = all[i]!;
    const artefact = Float32Array.from(
      sequence.labels,
      (_, beat) => probabilities[beat * ARTEFACT_CLASSES.length + ARTEFACT]!,
    );
    return { sequence, artefact };
  });
  return {
    of,
    asked: Object.fromEntries(conditions.map((condition, i) => [condition, asked[i]!])),
    copies: asked.slice(conditions.length),
  };
};

/** Each fold's patients are judged by networks that were fitted to all others. */
export const heldOutArtefacts = async (
  plan: ArtefactPlan,
  recordings: readonly HeardRecording[],
  folds: readonly (readonly HeardRecording[])[],
): Promise<readonly HeldOutArtefacts[]> => {
  const answers: HeldOutArtefacts[] = [];
  for (const [number, held] of folds.entries()) {
    const label = `fold ${number + 1} of ${folds.length}`;
    const others = recordings.filter((recording) => !held.includes(recording));
    const network = await fitArtefacts(plan, label, plan.seed + number, others);
    for (const of of held) answers.push(await ask(network, of));
  }
  return answers;
};
