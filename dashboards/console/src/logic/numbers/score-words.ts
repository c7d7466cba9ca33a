/** NEWS2 as it may be shown now: a number only while analysis hears the bed and goes on saying it, else why there is none. */
import type { LiveBed } from '../../../../../schemas/live.ts';
import { ageText, analysisHears } from '../time/age.ts';

/** It is said again at least once a minute. One that no longer is, as of a patient who turns out to be a child, must not look live. */
const SCORE_STALE_AFTER_US = 150e6;

export interface ScoreWords {
  readonly value: number | undefined;
  /** Why there is no number, in words that fit into a tile; empty where there is one. */
  readonly why: string;
  readonly sentence: string;
  /** "now", "12 s"; empty where nothing was said. */
  readonly age: string;
}

/** What stands for the score in a tile and in the open bed. */
export const scoreWords = ({ score, analysedUs }: Pick<LiveBed, 'score' | 'analysedUs'>, nowUs: number): ScoreWords => {
  const none = (why: string, sentence: string): ScoreWords => ({ value: undefined, why, sentence, age });
  const age = score === null ? '' : ageText(nowUs - score.atUs);
  if (score === null) return none('no score yet', 'No score has been computed yet.');
  if (!analysisHears(analysedUs, nowUs)) return none('no analysis', 'Analysis does not hear this bed.');
  if (nowUs - score.atUs >= SCORE_STALE_AFTER_US) return none('too old', 'Too old: it was not said again.');
  if (score.value === null) return none('data missing', 'Insufficient data: no score is made of missing inputs.');
  return { value: score.value, why: '', sentence: score.response, age };
};
