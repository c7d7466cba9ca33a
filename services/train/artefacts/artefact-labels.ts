import { ARTEFACT_CLASSES } from '../../../stream-models/artefacts/artefact-classes.ts';
import { COMPARED, type RhythmSpan } from '../../evaluate/rhythm/reference-rhythms.ts';
import type { BeatSequence, Reference } from '../beat-sequences/beat-sequence.ts';

const BEAT = ARTEFACT_CLASSES.indexOf('beat');
const RED_BEAT = ARTEFACT_CLASSES.indexOf('beat of a red rhythm');
const ARTEFACT = ARTEFACT_CLASSES.indexOf('artefact');
const TEACHES_NOTHING = -1;

const RED_WORDS: readonly string[] = COMPARED.ventricular.words;
/** What was detected there is neither known to be a beat nor known to be none. */
const UNKNOWN_WORDS = ['NOISE', 'ASYS'];

/** The rhythm of the reference at a moment, in its own words; '' where it says none. */
export const rhythmAt = (spans: readonly RhythmSpan[], seconds: number): string =>
  spans.find(({ fromSeconds, toSeconds }) => fromSeconds <= seconds && seconds < toSeconds)?.rhythm ?? '';

export const isRed = (rhythm: string): boolean => RED_WORDS.includes(rhythm);
export const isUnknown = (rhythm: string): boolean => UNKNOWN_WORDS.includes(rhythm);

/**
 * Where beats are annotated: what lies within 150 ms of one is a beat, of any class, and so is all that was detected in
 * flutter, whose waves nobody annotates. All else is an artefact. `sequence`: labelled by the annotated beats.
 */
export const labelledByBeats = (sequence: BeatSequence, { excluded }: Reference): BeatSequence => ({
  ...sequence,
  labels: sequence.labels.map((label, i) => {
    const at = sequence.atSeconds[i]!;
    if (excluded.some(({ fromSeconds, toSeconds }) => at >= fromSeconds && at <= toSeconds)) return BEAT;
    return label >= 0 ? BEAT : ARTEFACT;
  }),
});

/**
 * Where only the rhythm is annotated: `sequence` is labelled by what the detector itself finds without added noise, outside
 * of noise and asystole. What it finds besides in added noise is an artefact, but in a red rhythm, where a wave may
 * well be found at another place, it teaches nothing.
 */
export const labelledByRhythm = (sequence: BeatSequence, spans: readonly RhythmSpan[]): BeatSequence => ({
  ...sequence,
  labels: sequence.labels.map((label, i) => {
    const rhythm = rhythmAt(spans, sequence.atSeconds[i]!);
    if (isUnknown(rhythm)) return TEACHES_NOTHING;
    if (isRed(rhythm)) return label >= 0 ? RED_BEAT : TEACHES_NOTHING;
    return label >= 0 ? BEAT : ARTEFACT;
  }),
});
