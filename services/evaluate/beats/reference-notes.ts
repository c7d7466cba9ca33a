import type { JudgedRecord } from './judge-beats.ts';

/** A reference that ends so long before its recording has not merely ended with its last beat. */
const EARLY_S = 10;

const clock = (seconds: number): string => {
  const whole = Math.round(seconds);
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, '0')}`;
};

/** Sentences about references that do not lie on their recordings, or say what `bxb` reads otherwise; each names the records. */
export const referenceNotes = (judged: readonly JudgedRecord[]): readonly string[] => {
  const named = (
    isMeant: (record: JudgedRecord) => boolean,
    word: (record: JudgedRecord) => string,
    sentence: string,
  ): readonly string[] => {
    const meant = judged.filter(isMeant);
    return meant.length === 0
      ? []
      : [`${sentence}: ${meant.map((each) => `${each.record} (${word(each)})`).join(', ')}.`];
  };
  return [
    ...named(
      ({ fit }) => fit.beatsBehind > 0,
      ({ fit }) => `${fit.beatsBehind} after ${clock(fit.lengthSeconds)}`,
      'Beats of the reference after the end of the recording are in no figure',
    ),
    ...named(
      ({ fit }) => fit.lengthSeconds - fit.endsAtSeconds > EARLY_S,
      ({ fit }) => `at ${clock(fit.endsAtSeconds)} of ${clock(fit.lengthSeconds)}`,
      'The reference ends before the recording, and beats said after it count as wrong, as in bxb',
    ),
    ...named(
      ({ fit }) => fit.escapeBeats > 0,
      ({ fit }) => String(fit.escapeBeats),
      'Escape beats of atrium and junction (e, j) are N here and S in bxb',
    ),
  ];
};
