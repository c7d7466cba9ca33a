/**
 * What each member of the joined network learns from. A network whose copies have premature atrial beats seldom misses most
 * of them where they are as frequent as normal ones; one that has seen any frequency takes more beats for them, and
 * ventricular ones too. Joined they do better than either (MODEL_CARD.md of beats, "What was tried").
 */
import type { PrematureBeats } from './ectopy.ts';

/** One member: its seed beside the fit's, which copies it learns from, and what a beat counts by its class there. */
export interface Member {
  readonly seedOffset: number;
  readonly premature: PrematureBeats;
  readonly classWeights: readonly number[];
}

/**
 * What a beat counts by its class, in the order of BEAT_CLASSES: rare ones more, ventricular ones most for their number
 * (they raise alarms); fusion beats little, since nearly all of DS1's are one patient's. Where premature atrial beats are of
 * any frequency there are so many more of them that each counts less.
 */
export const CLASS_WEIGHTS: Readonly<Record<PrematureBeats, readonly number[]>> = {
  seldom: [1, 3.5, 4, 2, 1],
  'any-frequency': [1, 1.5, 4, 2, 1],
};

/** So many members, the first ones, learn from copies where premature atrial beats come seldom. */
const SELDOM_MEMBERS = 2;
const SEED_STEP = 1_000;

/** `count` members, in order. Members of the other copies count their seeds from the first one's again. */
export const membersOf = (count: number): readonly Member[] =>
  Array.from({ length: count }, (_, i) => {
    const isSeldom = i < SELDOM_MEMBERS;
    const premature = isSeldom ? 'seldom' : 'any-frequency';
    return {
      seedOffset: SEED_STEP * (isSeldom ? i : i - SELDOM_MEMBERS),
      premature,
      classWeights: CLASS_WEIGHTS[premature],
    };
  });
