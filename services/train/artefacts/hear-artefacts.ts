import { inSeconds, microseconds } from '../../../schemas/units.ts';
import { type Dice, diceFrom } from '../../../stream-models/network/seeded.ts';
import { withNoise } from '../../evaluate/beats/noise-stress.ts';
import type { RhythmSpan } from '../../evaluate/rhythm/reference-rhythms.ts';
import type { WfdbRecord } from '../../recordings/wfdb/record.ts';
import { type BeatSequence, beatSequence, type Reference } from '../beat-sequence.ts';
import { type HeardLead, hearBeats, leadsOf } from '../hear-record.ts';
import { nameSeed } from '../name-seed.ts';
import { isUnknown, labelledByBeats, labelledByRhythm, rhythmAt } from './artefact-labels.ts';
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

/** How a recording is played to networks that never saw its patient: as it is, or with noise from 5:00 on as `nst` adds it. */
export const CONDITIONS = {
  'no noise': undefined,
  'em, second half, 6 dB': { half: 'second', snrDb: 6 },
  'em, second half, 0 dB': { half: 'second', snrDb: 0 },
  'em, 6 dB': { half: 'both', snrDb: 6 },
  'em, 0 dB': { half: 'both', snrDb: 0 },
} as const;
export type Condition = keyof typeof CONDITIONS;
export const CONDITION_NAMES = Object.keys(CONDITIONS) as readonly Condition[];

/** A recording as networks read it: as it is, its noisy copies, and what it is judged by. */
export interface HeardRecording {
  readonly name: string;
  readonly patient: string;
  readonly knows: 'beats' | 'rhythms';
  readonly reference: Reference;
  readonly spans: readonly RhythmSpan[];
  readonly sequence: BeatSequence;
  readonly copies: readonly BeatSequence[];
  /** With noise; of recordings whose beats are known, and never taught. */
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
  readonly noise: HearingNoise;
}

const samplesOf = ({ beats }: Reference, rateHz: number): readonly number[] =>
  beats.map(({ atSeconds }) => Math.round(atSeconds * rateHz));

const heardWithBeats = (of: ArtefactRecording, { seed, copies, noise }: CopiesWanted): HeardRecording => {
  const { name, record, reference } = of;
  const { rateHz } = record.header;
  const beats = samplesOf(reference, rateHz);
  const dice = diceFrom(nameSeed(seed, name));
  const leads = leadsOf(record);
  const heard = (played: readonly HeardLead[]): BeatSequence =>
    labelledByBeats(beatSequence(name, hearBeats(played, rateHz), reference), reference);
  const stressed = CONDITION_NAMES.flatMap((condition) => {
    const added = CONDITIONS[condition];
    if (added === undefined) return [];
    return [[condition, heard(leadsOf(withNoise(record, beats, noise.motion[added.half], added.snrDb)))] as const];
  });
  return {
    ...withoutSignals(of),
    sequence: heard(leads),
    copies: copiesOf(leads, beats, rateHz, dice, noise, copies).map(heard),
    stressed: Object.fromEntries(stressed),
  };
};

const heardWithRhythms = (of: ArtefactRecording, { seed, copies, noise }: CopiesWanted): HeardRecording => {
  const { name, record, spans } = of;
  const { rateHz } = record.header;
  const leads = leadsOf(record);
  const dice = diceFrom(nameSeed(seed, name));
  const plain = hearBeats(leads, rateHz);
  const found: Reference = {
    beats: plain.flatMap((seen) =>
      seen.tag === 'BeatSeen' ? [{ atSeconds: inSeconds(microseconds(seen.at)), class: 'N' }] : [],
    ),
    excluded: [],
  };
  const known = { ...found, beats: found.beats.filter(({ atSeconds }) => !isUnknown(rhythmAt(spans, atSeconds))) };
  const labelled = (heard: typeof plain): BeatSequence => labelledByRhythm(beatSequence(name, heard, known), spans);
  const made = copiesOf(leads, samplesOf(found, rateHz), rateHz, dice, noise, Math.ceil(copies / 2));
  return {
    ...withoutSignals(of),
    sequence: labelled(plain),
    copies: made.map((played) => labelled(hearBeats(played, rateHz))),
    stressed: {},
  };
};

const copiesOf = (
  leads: readonly HeardLead[],
  beats: readonly number[],
  rateHz: number,
  dice: Dice,
  noise: HearingNoise,
  count: number,
): readonly (readonly HeardLead[])[] =>
  Array.from({ length: count }, () => noisyCopy(leads, beats, rateHz, dice, noise.copies));

const withoutSignals = ({ name, patient, knows, reference, spans }: ArtefactRecording) => ({
  ...{ name, patient, knows, reference, spans },
});

/** Hears a recording, its noisy copies, and what it is judged by, as analysis would. */
export const heardRecording = (of: ArtefactRecording, wanted: CopiesWanted): HeardRecording =>
  of.knows === 'beats' ? heardWithBeats(of, wanted) : heardWithRhythms(of, wanted);
