import { elapsed, type Moment, seconds } from '../../schemas/units.ts';
import { probabilityOf, type RhythmProbabilities } from '../rhythm-network/rhythm-classes.ts';

/** The rhythm network's word on one second, as far as the atria go. */
export interface AtrialWord {
  readonly at: Moment;
  /** Log odds of atrial fibrillation. */
  readonly fibrillating: number;
  /** Probability of noise, 0 … 1. */
  readonly noise: number;
}

/** The newest words, oldest first, at most WORDS_KEPT. */
export type AtrialWords = readonly AtrialWord[];

export const WORDS_KEPT = 60;
/** A network that has said nothing for so long says nothing of now. */
const FRESH = seconds(2);
/** Keeps log odds finite: the network is not surer than that. */
const DOUBT = 1e-4;

/** After the word on the second that ends at `at`. */
export const withAtrialWord = (words: AtrialWords, word: RhythmProbabilities, at: Moment): AtrialWords => {
  const af = probabilityOf(word, 'af');
  const fibrillating = Math.log((af + DOUBT) / (1 - af + DOUBT));
  return [...words.slice(1 - WORDS_KEPT), { at, fibrillating, noise: probabilityOf(word, 'noise') }];
};

/** What the rule takes from the words, in the order of `wordFeatures`. */
export const wordFeatureNames = ['mean log odds of AF', 'mean probability of noise', 'newest log odds of AF'] as const;

/** The words on the seconds from `from` to `at`; undefined where the network is silent, and then the rule is alone. */
export const wordFeatures = (words: AtrialWords, from: Moment, at: Moment): readonly number[] | undefined => {
  let count = 0;
  let fibrillating = 0;
  let noise = 0;
  let newest: AtrialWord | undefined;
  for (const word of words) {
    if (word.at < from || word.at > at) continue;
    count++;
    fibrillating += word.fibrillating;
    noise += word.noise;
    newest = word;
  }
  if (newest === undefined || elapsed(newest.at, at) > FRESH) return undefined;
  return [fibrillating / count, noise / count, newest.fibrillating];
};
