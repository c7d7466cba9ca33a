/**
 * What becomes of each beat of a regular stretch that is to have another rhythm: premature atrial beats, runs of them, atrial
 * fibrillation, paces that change (which are no such beats), ventricular beats.
 */

import type { Dice } from '../../../../stream-models/dice.ts';
import type { TimedBeat } from '../../../../stream-models/evaluation/ec57.ts';
import type { Focus } from './broadened.ts';
import { type PrematureBeats, someEctopy } from './ectopy.ts';

/** What becomes of one beat. */
export interface Change {
  /** Seconds that its distance to the beat before becomes longer (or shorter, below 0). */
  readonly longerS: number;
  /** What its P wave is multiplied with. */
  readonly pGain: number;
  readonly class: TimedBeat['class'];
  /** A ventricular focus that takes the beat over. */
  readonly focus?: Focus;
}

/** What becomes of beats, by their number; the others stay as they are. */
export type RhythmPlan = ReadonlyMap<number, Change>;

/** A beat may be moved when it and its neighbours are normal and the rhythm is even. */
const EVEN_SHARE = 0.12;
const EVEN_BEATS = 3;

const FIBRILLATION_CHANCE = 0.0015;
const PACE_CHANCE = 0.008;
const VENTRICULAR_CHANCE = 0.05;

/** The P wave of an ectopic focus: smaller, larger, upside down, or as usual. */
const ectopicP = (dice: Dice): number => {
  const kind = dice.unit();
  if (kind < 0.3) return 1;
  if (kind < 0.6) return -1.5 * dice.unit();
  if (kind < 0.85) return 0.6 * dice.unit();
  return 1.3 + 0.7 * dice.unit();
};

const isEvenAt = (beats: readonly TimedBeat[], i: number): boolean => {
  if (i < EVEN_BEATS || i + 1 >= beats.length) return false;
  const own = beats[i]!.atSeconds - beats[i - 1]!.atSeconds;
  for (let k = i - EVEN_BEATS + 1; k <= i + 1; k++) {
    if (beats[k]!.class !== 'N' || beats[k - 1]!.class !== 'N') return false;
    const distance = beats[k]!.atSeconds - beats[k - 1]!.atSeconds;
    if (Math.abs(distance / own - 1) > EVEN_SHARE) return false;
  }
  return true;
};

/** Another rhythm for the even stretches, from the dice. Beats that are not normal stay what they are. */
export const otherRhythm = (
  beats: readonly TimedBeat[],
  dice: Dice,
  foci: readonly Focus[],
  often: PrematureBeats,
): RhythmPlan => {
  const plan = new Map<number, Change>();
  const distance = (i: number): number => beats[i]!.atSeconds - beats[i - 1]!.atSeconds;
  const evenFrom = (i: number, most: number): number => {
    let count = 0;
    while (count < most && isEvenAt(beats, i + count)) count++;
    return count;
  };
  const { loneChance, runChance, wobble, varies, pauseMost } = someEctopy(often, dice);
  const premature = (i: number, count: number): number => {
    const share = 0.6 + 0.27 * dice.unit();
    const pGain = ectopicP(dice);
    for (let k = i; k < i + count; k++) {
      const own = (varies ? 0.5 + 0.4 * dice.unit() : share) * (1 + wobble * dice.normal());
      plan.set(k, { longerS: (own - 1) * distance(k), pGain, class: 'S' });
    }
    // What follows comes after a pause: the sinus node was reset.
    const pause = 1 + pauseMost * dice.unit();
    if (i + count < beats.length)
      plan.set(i + count, { longerS: (pause - 1) * distance(i + count), pGain: 1, class: beats[i + count]!.class });
    return count + 1 + dice.below(3);
  };
  const ventricular = (i: number, count: number): number => {
    const focus = foci[dice.below(foci.length)]!;
    const first = 0.45 + 0.5 * dice.unit();
    const then = 0.4 + 0.4 * dice.unit();
    for (let k = i; k < i + count; k++) {
      const share = (k === i ? first : then) * (1 + 0.04 * dice.normal());
      plan.set(k, { longerS: (share - 1) * distance(k), pGain: 0.2 * dice.normal(), class: 'V', focus });
    }
    const pause = 1 + (1 - first) * (0.5 + 0.7 * dice.unit());
    if (i + count < beats.length)
      plan.set(i + count, { longerS: (pause - 1) * distance(i + count), pGain: 1, class: beats[i + count]!.class });
    return count + 1 + dice.below(2);
  };
  const fibrillation = (i: number, count: number): number => {
    const mean = 0.65 + 0.4 * dice.unit();
    for (let k = i; k < i + count; k++) {
      const share = Math.max(0.5, Math.min(1.7, mean * Math.exp(0.2 * dice.normal())));
      plan.set(k, { longerS: (share - 1) * distance(k), pGain: 0.15 * dice.normal(), class: beats[k]!.class });
    }
    return count;
  };
  const otherPace = (i: number, count: number): number => {
    const to = 0.7 + 0.6 * dice.unit();
    const ramp = 4 + dice.below(12);
    for (let k = i; k < i + count; k++) {
      const along = Math.min(1, (k - i + 1) / ramp, (i + count - k) / ramp);
      const share = 1 + (to - 1) * along + 0.02 * dice.normal();
      plan.set(k, { longerS: (share - 1) * distance(k), pGain: 1, class: beats[k]!.class });
    }
    return count;
  };
  for (let i = 1; i < beats.length; ) {
    if (!isEvenAt(beats, i)) {
      i++;
      continue;
    }
    const chance = dice.unit();
    if (chance < loneChance) i += premature(i, 1);
    else if (chance < loneChance + runChance) i += premature(i, evenFrom(i, 2 + Math.floor(40 * dice.unit() ** 3)));
    else if (chance < loneChance + runChance + FIBRILLATION_CHANCE)
      i += fibrillation(i, evenFrom(i, 40 + dice.below(160)));
    else if (chance < loneChance + runChance + FIBRILLATION_CHANCE + PACE_CHANCE)
      i += otherPace(i, evenFrom(i, 15 + dice.below(40)));
    else if (foci.length > 0 && dice.unit() < VENTRICULAR_CHANCE)
      i += ventricular(i, evenFrom(i, dice.unit() < 0.85 ? 1 : 2 + dice.below(5)));
    else i++;
  }
  return plan;
};
