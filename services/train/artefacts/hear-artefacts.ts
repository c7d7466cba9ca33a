import { inSeconds, microseconds } from '../../../schemas/units.ts';
import { type Dice, diceFrom } from '../../../stream-models/dice.ts';
import {
  isNoisyAt,
  NOISE_FROM_S,
  NOISE_STRETCH_S,
  peakToPeak,
  signalPower,
  withNoise,
} from '../../evaluate/beats/noise-stress.ts';
import type { RhythmSpan } from '../../evaluate/rhythm/reference-rhythms.ts';
import type { EcgLead } from '../../recordings/leads.ts';
import type { WfdbRecord } from '../../recordings/wfdb/record.ts';
import { type BeatSequence, beatSequence, type Reference } from '../beat-sequences/beat-sequence.ts';
import { hearBeats, leadsOf } from '../hear-record.ts';
import { nameSeed } from '../name-seed.ts';
import { isUnknown, labelledByBeats, labelledByRhythm, rhythmAt } from './artefact-labels.ts';
import { addMotion, MOTION_KINDS, type MotionKind } from './made-motion.ts';
import { type CopyNoise, noisyCopy } from './noisy-copy.ts';
import { channelsOf, halfOf, type RecordedNoise } from './recorded-noise.ts';

/** A recording as it was read. */
export interface ArtefactRecording {
  readonly name: string;
  readonly patient: string;
  readonly record: WfdbRecord;
  /** What is known of it: its beats (then `reference.beats` holds them) or only its rhythms. */
  readonly knows: 'beats' | 'rhythms';
  readonly reference: Reference;
  readonly spans: readonly RhythmSpan[];
}

/** Noise of em by which recordings are judged: its half, and how loud. */
const RECORDED = {
  'em, second half, 6 dB': { half: 'second', snrDb: 6 },
  'em, second half, 0 dB': { half: 'second', snrDb: 0 },
  'em, 6 dB': { half: 'both', snrDb: 6 },
  'em, 0 dB': { half: 'both', snrDb: 0 },
} as const;
const RECORDED_NAMES = Object.keys(RECORDED) as readonly (keyof typeof RECORDED)[];

/**
 * How a recording is played to networks that never saw its patient: as it is, or from 5:00 on, two minutes with and two without in turn,
 * with em as `nst` adds it, or with made motion of one kind.
 */
export type Condition = 'no noise' | keyof typeof RECORDED | MotionKind;
export const CONDITION_NAMES: readonly Condition[] = ['no noise', ...RECORDED_NAMES, ...MOTION_KINDS];

/** A recording as networks read it: as it is, its noisy copies, and what it is judged by. */
export interface HeardRecording {
  readonly name: string;
  readonly patient: string;
  readonly knows: 'beats' | 'rhythms';
  readonly reference: Reference;
  readonly spans: readonly RhythmSpan[];
  readonly sequence: BeatSequence;
  readonly copies: readonly BeatSequence[];
  /** With noise or motion; of recordings whose beats are known, and never taught. */
  readonly stressed: Readonly<Partial<Record<Condition, BeatSequence>>>;
}

/** What recordings are changed by. */
export interface HearingNoise {
  readonly copies: CopyNoise;
  /** Electrode motion: the half that no copy has, and both. */
  readonly motion: Readonly<Record<'second' | 'both', WfdbRecord>>;
}

export const hearingNoise = ({ motion, muscle }: RecordedNoise): HearingNoise => ({
  copies: { motion: channelsOf(halfOf(motion, 'first')), muscle: channelsOf(halfOf(muscle, 'first')) },
  motion: { second: halfOf(motion, 'second'), both: motion },
});

export interface CopiesWanted {
  readonly seed: number;
  /** Noisy copies of a recording whose beats are known; of others half as many. */
  readonly copies: number;
  /** Kinds of made motion that copies have beside recorded noise, each copy one. */
  readonly motion: readonly MotionKind[];
  readonly noise: HearingNoise;
}

const samplesOf = ({ beats }: Reference, rateHz: number): readonly number[] =>
  beats.map(({ atSeconds }) => Math.round(atSeconds * rateHz));

const heardWithBeats = (of: ArtefactRecording, wanted: CopiesWanted): HeardRecording => {
  const { name, record, reference } = of;
  const { seed, noise } = wanted;
  const { rateHz } = record.header;
  const beats = samplesOf(reference, rateHz);
  const dice = diceFrom(nameSeed(seed, name));
  const leads = leadsOf(record);
  const heard = (played: readonly EcgLead[]): BeatSequence =>
    labelledByBeats(beatSequence(name, hearBeats(played, rateHz), reference), reference);
  const recorded = RECORDED_NAMES.map((condition) => {
    const { half, snrDb } = RECORDED[condition];
    return [condition, heard(leadsOf(withNoise(record, beats, noise.motion[half], snrDb)))] as const;
  });
  const made = MOTION_KINDS.map((kind) => {
    const ownDice = diceFrom(nameSeed(seed, `${kind} of ${name}`));
    return [kind, heard(withMotion(leads, beats, rateHz, kind, ownDice))] as const;
  });
  return {
    ...withoutSignals(of),
    sequence: heard(leads),
    copies: copiesOf(leads, beats, rateHz, dice, wanted, wanted.copies).map(heard),
    stressed: Object.fromEntries([...recorded, ...made]),
  };
};

/** How long made motion goes on before its parameters are thrown anew: one recording shows more than one of each kind. */
const MOTION_STRETCH_S = NOISE_STRETCH_S / 4;

/** Leads with made motion of one kind, in the stretches where `nst` adds noise. */
const withMotion = (
  leads: readonly EcgLead[],
  beats: readonly number[],
  rateHz: number,
  kind: MotionKind,
  dice: Dice,
): readonly EcgLead[] => {
  const moved = leads.map((lead) => ({ ...lead, samplesMv: lead.samplesMv.slice() }));
  const rangesMv = leads.map(({ samplesMv }) => peakToPeak(signalPower(samplesMv, beats, rateHz)));
  const lengthSeconds = Math.max(...leads.map(({ samplesMv }) => samplesMv.length)) / rateHz;
  for (let at = NOISE_FROM_S; at < lengthSeconds; at += MOTION_STRETCH_S)
    if (isNoisyAt(at)) addMotion(moved, rangesMv, rateHz, [at, at + MOTION_STRETCH_S], kind, dice);
  return moved;
};

const heardWithRhythms = (of: ArtefactRecording, wanted: CopiesWanted): HeardRecording => {
  const { name, record, spans } = of;
  const { rateHz } = record.header;
  const leads = leadsOf(record);
  const dice = diceFrom(nameSeed(wanted.seed, name));
  const plain = hearBeats(leads, rateHz);
  const found: Reference = {
    beats: plain.flatMap((seen) =>
      seen.tag === 'BeatSeen' ? [{ atSeconds: inSeconds(microseconds(seen.at)), class: 'N' }] : [],
    ),
    excluded: [],
  };
  const known = { ...found, beats: found.beats.filter(({ atSeconds }) => !isUnknown(rhythmAt(spans, atSeconds))) };
  const labelled = (heard: typeof plain): BeatSequence => labelledByRhythm(beatSequence(name, heard, known), spans);
  const made = copiesOf(leads, samplesOf(found, rateHz), rateHz, dice, wanted, Math.ceil(wanted.copies / 2));
  return {
    ...withoutSignals(of),
    sequence: labelled(plain),
    copies: made.map((played) => labelled(hearBeats(played, rateHz))),
    stressed: {},
  };
};

const copiesOf = (
  leads: readonly EcgLead[],
  beats: readonly number[],
  rateHz: number,
  dice: Dice,
  { motion, noise }: CopiesWanted,
  count: number,
): readonly (readonly EcgLead[])[] => {
  const kinds = dice.shuffled(motion);
  return Array.from({ length: count }, (_, copy) =>
    noisyCopy(leads, beats, rateHz, dice, noise.copies, kinds[copy % kinds.length]),
  );
};

const withoutSignals = ({ name, patient, knows, reference, spans }: ArtefactRecording) => ({
  ...{ name, patient, knows, reference, spans },
});

/** Hears a recording, its noisy copies, and what it is judged by, as analysis would. */
export const heardRecording = (of: ArtefactRecording, wanted: CopiesWanted): HeardRecording =>
  of.knows === 'beats' ? heardWithBeats(of, wanted) : heardWithRhythms(of, wanted);
