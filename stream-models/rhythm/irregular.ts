import type { Microseconds, Moment } from '../../schemas/units.ts';
import type { RhythmProbabilities } from '../rhythm-network/rhythm-classes.ts';
import type { Claim } from '../vocabulary/present-conditions.ts';
import type { ClassifiedBeat } from '../vocabulary/sighting.ts';
import { ATRIAL_BEATS_KEPT, type AtrialBeats, atrialBeatsStart, steadyShare, withAtrialBeat } from './atrial-beats.ts';
import { atrialFeatures } from './atrial-features.ts';
import { atrialLogit } from './atrial-rule.ts';
import { atrialWordWeights } from './atrial-weights.ts';
import { type AtrialWords, withAtrialWord, wordFeatures } from './atrial-words.ts';

/**
 * What is remembered to tell atrial fibrillation: the newest beats, how many came since the last look, and, while beats are few, the
 * rhythm network's words.
 */
export interface IrregularMemory {
  readonly atrial: AtrialBeats;
  readonly unseen: number;
  readonly words: AtrialWords;
}

export const irregularStart: IrregularMemory = { atrial: atrialBeatsStart, unseen: 0, words: [] };

const LOOK_EVERY = 4;
/** Log odds from which a look says so: while beats are still few, … */
const RAISE = 0;
/** … and once there are all of them: a bed that is looked at all day must not fall for the one odd minute. */
const RAISE_WHEN_FULL = 1;
const END = -1.5;

const isFull = ({ beats }: AtrialBeats): boolean => beats.length === ATRIAL_BEATS_KEPT;

/** Takes the network's word on the second that ends at `at`. Once there are all beats no word is asked for, and none is kept. */
export const hearAtrialWord = (memory: IrregularMemory, word: RhythmProbabilities, at: Moment): IrregularMemory => {
  if (!isFull(memory.atrial)) return { ...memory, words: withAtrialWord(memory.words, word, at) };
  return memory.words.length === 0 ? memory : { ...memory, words: [] };
};

const shareOf = (logOdds: number): number => Math.round(100 / (1 + Math.exp(-logOdds)));

/**
 * Atrial fibrillation, from the irregularity of the newest beats (at most 48) and the wave before their QRS, looked at every
 * four beats; some 10 s after the first beat it can be said. While beats are few the rhythm network's words count with them; once there
 * are 48 the rule is alone, because it knows strangers better than the network does. Beats of ventricular or unknown class tell nothing. `at` of the
 * claim is the oldest beat that was looked at. `rr`: the interval from the beat before, undefined after a break.
 */
export const judgeIrregular = (
  memory: IrregularMemory,
  beat: ClassifiedBeat,
  rr: Microseconds | undefined,
): readonly [IrregularMemory, readonly Claim[]] => {
  const atrial = withAtrialBeat(memory.atrial, beat, rr);
  if (memory.unseen + 1 < LOOK_EVERY) return [{ ...memory, atrial, unseen: memory.unseen + 1 }, []];
  const looked: IrregularMemory = { ...memory, atrial, unseen: 0 };
  const features = atrialFeatures(atrial);
  if (features === undefined) return [looked, []];
  const from = atrial.beats[0]?.at ?? beat.at;
  const words = isFull(atrial) ? undefined : wordFeatures(memory.words, from, beat.said);
  const logit = words === undefined ? atrialLogit(features) : atrialLogit([...features, ...words], atrialWordWeights);
  if (logit > (isFull(atrial) ? RAISE_WHEN_FULL : RAISE)) {
    const steady = Math.round(100 * steadyShare(atrial));
    const heard = words === undefined ? '' : `, network: AF ${shareOf(words[2]!)} %`;
    const evidence = `RR irregular over ${atrial.beats.length} beats, ${steady} % of the wave before QRS steady${heard}`;
    return [looked, [{ condition: 'af', present: true, at: from, evidence }]];
  }
  if (logit >= END) return [looked, []];
  return [looked, [{ condition: 'af', present: false, at: beat.at, evidence: 'RR regular, or P waves, again' }]];
};
