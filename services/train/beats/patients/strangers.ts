/**
 * Patients of whom nothing is known, as teachers: what some networks are sure of in them teaches the others, on changed copies too
 * (self-training with noise: Xie et al., CVPR 2020). Few patients are annotated beat by beat; bedside monitors have recorded any
 * number. Where a stranger seems to be in atrial fibrillation only N is believed: what is sure there is mostly uneven, not premature.
 */
import { inSeconds, microseconds } from '../../../../schemas/units.ts';
import { BEAT_CLASSES } from '../../../../stream-models/beats/beat-input.ts';
import { diceFrom } from '../../../../stream-models/dice.ts';
import { type BeatSeen, type EcgBroken, SHAPE_BEFORE } from '../../../../stream-models/ecg/sighting.ts';
import type { TimedBeat } from '../../../../stream-models/evaluation/ec57.ts';
import type { Weighted } from '../../../../stream-models/network/joined.ts';
import { recordNames } from '../../../recordings/wfdb/record.ts';
import { askBeats } from '../../beat-sequences/ask-beats.ts';
import { type BeatSequence, beatSequence, labelsOf } from '../../beat-sequences/beat-sequence.ts';
import { hearBeats, leadsOf } from '../../hear-record.ts';
import { nameSeed } from '../../name-seed.ts';
import { openedRecord } from '../../recording-folders.ts';
import { changedCopy } from '../copies/augment.ts';
import type { UnannotatedWanted } from './further-patients.ts';
import { beatsInFibrillation } from './in-fibrillation.ts';

type Heard = BeatSeen | EcgBroken;

/** One recording of a stranger, as it is and changed. Nothing of it has a label. */
export interface Stranger {
  readonly name: string;
  readonly plain: BeatSequence;
  /** What `plain` is made of, of each beat only what comes before the R peak. */
  readonly heard: readonly Heard[];
  /** `share`: seconds of the copy over seconds of the recording, for copies of another pace. */
  readonly copies: readonly { readonly share: number; readonly sequence: BeatSequence }[];
}

const COPIES = 2;
/** Fewer beats tell too little of what is usual in a recording. */
const BEATS_LEAST = 30;
/** What is said of so many beats is not believed: there is no usual one yet. */
const FIRST_BEATS = 8;
/** How sure the networks must be of a class before they are believed. Of fusion and unknown beats they never are. */
const SURE_FROM: Readonly<Partial<Record<(typeof BEAT_CLASSES)[number], number>>> = { N: 0.95, S: 0.85, V: 0.85 };
/** Strangers count together like so many long recordings (`beatWeights`), as further patients do. */
const GROUPS = 40;
const TEACHES_NOTHING = -1;
const NORMAL = BEAT_CLASSES.indexOf('N');

/**
 * Hears the recordings of a folder and two changed copies of each; those without an ECG lead or with fewer than thirty beats are
 * left out. The same folder and seed give the same. Throws an Error that names the record that cannot be read, or a folder where
 * no record can be used.
 */
export const heardStrangers = async (
  directory: string,
  { seed, noise, signal }: UnannotatedWanted,
): Promise<readonly Stranger[]> => {
  const strangers: Stranger[] = [];
  for (const name of await recordNames(directory)) {
    signal?.throwIfAborted();
    const record = await openedRecord(directory, name);
    const { rateHz } = record.header;
    const leads = leadsOf(record);
    if (leads.length === 0) continue;
    const sequence = (heard: readonly Heard[]): BeatSequence =>
      beatSequence(`strangers ${strangers.length % GROUPS}`, heard, { beats: [], excluded: [] });
    const dice = diceFrom(nameSeed(seed, `stranger ${name}`));
    const heard = hearBeats(leads, rateHz);
    const plain = sequence(heard);
    if (plain.labels.length < BEATS_LEAST) continue;
    const copies = Array.from({ length: COPIES }, () => {
      const changed = changedCopy(leads, rateHz, dice, noise);
      return { share: rateHz / changed.rateHz, sequence: sequence(hearBeats(changed.leads, changed.rateHz)) };
    });
    strangers.push({ name, plain, heard: heard.map(beforeThePeak), copies });
  }
  if (strangers.length === 0)
    throw new Error(
      `${directory} has no record with an ECG lead and ${BEATS_LEAST} beats; give a folder that has some`,
    );
  return strangers;
};

/** Shapes of a hundred thousand beats would fill the memory; the rule of atrial fibrillation wants this much of one lead. */
const beforeThePeak = (heard: Heard): Heard =>
  heard.tag === 'BeatSeen'
    ? { ...heard, shapes: heard.shapes.slice(0, 1).map((shape) => shape.slice(0, SHAPE_BEFORE)) }
    : heard;

/**
 * Strangers' recordings and copies with the classes that `teacher` is sure of. Beats of which it is not sure, and those of a copy
 * that lie at none of the recording's, teach nothing.
 */
export const taughtBy = async (teacher: Weighted, strangers: readonly Stranger[]): Promise<readonly BeatSequence[]> => {
  const answers = await askBeats(
    teacher,
    strangers.map(({ plain }) => plain),
  );
  return strangers.flatMap((stranger, i) => {
    const sure = { ...stranger.plain, labels: sureClasses(stranger, answers[i]!) };
    return [sure, ...stranger.copies.map(({ share, sequence }) => labelledAs(sequence, sure, share))];
  });
};

/** `probabilities`: [beats, BEAT_CLASSES]. */
const sureClasses = ({ plain, heard }: Stranger, probabilities: Float32Array): Int8Array => {
  const { atSeconds } = plain;
  const width = BEAT_CLASSES.length;
  const of = (beat: number) => probabilities.subarray(beat * width, (beat + 1) * width);
  const likeliest = Int8Array.from(atSeconds, (_, beat) => of(beat).indexOf(Math.max(...of(beat))));
  const numbers = new Map(Array.from(atSeconds, (at, beat) => [at, beat]));
  const numberOf = ({ at }: BeatSeen) => numbers.get(inSeconds(microseconds(at)));
  const classOf = (beat: BeatSeen) => {
    const number = numberOf(beat);
    return number === undefined ? undefined : BEAT_CLASSES[likeliest[number]!];
  };
  const uneven = new Set([...beatsInFibrillation(heard, classOf)].map(numberOf));
  return likeliest.map((best, beat) => {
    const from = SURE_FROM[BEAT_CLASSES[best]!];
    const isSure = beat >= FIRST_BEATS && from !== undefined && of(beat)[best]! >= from;
    return isSure && (best === NORMAL || !uneven.has(beat)) ? best : TEACHES_NOTHING;
  });
};

/** A copy's beats have the classes of the recording's beats at the same places. */
const labelledAs = (copy: BeatSequence, { labels, atSeconds }: BeatSequence, share: number): BeatSequence => {
  const beats = Array.from(labels).flatMap((label, i): TimedBeat[] => {
    const name = BEAT_CLASSES[label];
    return name === undefined ? [] : [{ atSeconds: atSeconds[i]! * share, class: name }];
  });
  return { ...copy, labels: labelsOf([...copy.atSeconds], { beats, excluded: [] }) };
};
