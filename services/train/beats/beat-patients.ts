import { BEAT_FEATURES } from '../../../stream-models/beats/beat-input.ts';
import { recordNames } from '../../recordings/wfdb/record.ts';
import type { BeatSequence } from '../beat-sequences/beat-sequence.ts';
import { tensorsHash } from '../beat-sequences/tensors-hash.ts';
import { noiseOf } from '../noise-channels.ts';
import { BEAT_NETWORK } from './beat-network.ts';
import type { Member } from './members.ts';
import { furtherPatients, type UnannotatedWanted } from './patients/further-patients.ts';
import { fibrillationRuleHash } from './patients/in-fibrillation.ts';
import { heardStrangers, type Stranger } from './patients/strangers.ts';
import {
  type CopiesWanted,
  referencesOrThrow,
  type TrainingRecord,
  trainingRecord,
} from './patients/training-records.ts';

/** Whom a network of beats learns from. */
export interface BeatPatients {
  /** Annotated beat by beat; these alone are asked as well. */
  readonly records: readonly TrainingRecord[];
  /** Of whom only the rhythm is known. */
  readonly further: readonly BeatSequence[];
  /** Of whom nothing is known. */
  readonly strangers: readonly Stranger[];
}

export interface BeatPatientsWanted {
  readonly data: string;
  readonly noise?: string;
  readonly further?: string;
  readonly strangers?: string;
  readonly seed: number;
  readonly copies: number;
  readonly members: readonly Member[];
  readonly signal?: AbortSignal;
}

/** Hears all of them, with the copies that the members want. Throws an Error that names the recording or folder that cannot be used. */
export const hearPatients = async (
  wanted: BeatPatientsWanted,
  advance: (note: string) => void,
): Promise<BeatPatients> => {
  const { data, seed, copies, signal } = wanted;
  const names = await recordNames(data);
  await referencesOrThrow(data, names);
  const noise = await noiseOf(wanted.noise);
  const premature = prematureOf(wanted.members);
  return {
    records: await heard(data, names, { copies, seed, noise, premature }, signal, advance),
    further: await furtherHeard(wanted.further, { seed, noise, signal }, advance),
    strangers: await strangersHeard(wanted.strangers, { seed, noise, signal }, advance),
  };
};

const prematureOf = (members: readonly Member[]) => [...new Set(members.map(({ premature }) => premature))];

const heard = async (
  data: string,
  names: readonly string[],
  how: CopiesWanted,
  signal: AbortSignal | undefined,
  advance: (note: string) => void,
): Promise<readonly TrainingRecord[]> => {
  const records: TrainingRecord[] = [];
  for (const name of names) {
    signal?.throwIfAborted();
    records.push(await trainingRecord(data, name, how));
    advance(`heard ${name}`);
  }
  return records;
};

const furtherHeard = async (
  directory: string | undefined,
  how: UnannotatedWanted,
  advance: (note: string) => void,
): Promise<readonly BeatSequence[]> => {
  if (directory === undefined) return [];
  const further = await furtherPatients(directory, how);
  advance(`heard ${further.length} patients of whom the rhythm is known`);
  return further;
};

const strangersHeard = async (
  directory: string | undefined,
  how: UnannotatedWanted,
  advance: (note: string) => void,
): Promise<readonly Stranger[]> => {
  if (directory === undefined) return [];
  const strangers = await heardStrangers(directory, how);
  advance(`heard ${strangers.length} patients of whom nothing is known`);
  return strangers;
};

/** Everything that the result depends on, in words: options, network, and hashes of the tensors themselves. */
export const beatSettings = (
  { records, further, strangers }: BeatPatients,
  members: readonly Member[],
  options: Readonly<Record<string, number>>,
): string =>
  JSON.stringify({
    ...options,
    records: records.length,
    beats: records.reduce((sum, { sequence }) => sum + sequence.labels.length, 0),
    network: { features: BEAT_FEATURES, encoder: BEAT_NETWORK.encoder, hidden: BEAT_NETWORK.hidden },
    tensors: Object.fromEntries(
      prematureOf(members).map((often) => [
        often,
        tensorsHash(records.map(({ name, sequence, copies }) => [name, [sequence, ...copies[often]]])),
      ]),
    ),
    further: { patients: further.length, tensors: tensorsHash([['further patients', further]]) },
    // Left out where there are none, so that what was trained without them can be taken up.
    ...(strangers.length > 0 && {
      strangers: {
        patients: strangers.length,
        tensors: tensorsHash(strangers.map(hashedStranger)),
        fibrillation: fibrillationRuleHash(),
      },
    }),
  });

const hashedStranger = ({ name, plain, copies }: Stranger): readonly [string, readonly BeatSequence[]] => [
  name,
  [plain, ...copies.map(({ sequence }) => sequence)],
];
