/**
 * Ventricular beats anywhere in a recording, whatever its rhythm: patients in atrial fibrillation have them as well, and who
 * has seen only normal beats there takes every broad one for normal.
 */

import type { Dice } from '../../../../stream-models/dice.ts';
import type { TimedBeat } from '../../../../stream-models/evaluation/ec57.ts';
import type { Focus } from './broadened.ts';
import type { Change, RhythmPlan } from './rhythm-plan.ts';

/** Chance at each normal beat that it becomes ventricular, or the first one of a run. */
const VENTRICULAR_CHANCE = 0.06;
const LONE_SHARE = 0.85;
const RUN_LEAST = 2;
const RUN_MORE = 5;
const PAUSE_CHANCE = 0.6;

/** Single ventricular beats and short runs of the given foci (at least one). Beats that are not normal stay what they are. */
export const ventricularAnywhere = (beats: readonly TimedBeat[], dice: Dice, foci: readonly Focus[]): RhythmPlan => {
  const plan = new Map<number, Change>();
  const distance = (i: number): number => beats[i]!.atSeconds - beats[i - 1]!.atSeconds;
  const isNormal = (i: number): boolean => beats[i]?.class === 'N';
  for (let i = 1; i + 1 < beats.length; i++) {
    if (!isNormal(i) || !isNormal(i + 1) || dice.unit() >= VENTRICULAR_CHANCE) continue;
    const focus = foci[dice.below(foci.length)]!;
    const wanted = dice.unit() < LONE_SHARE ? 1 : RUN_LEAST + dice.below(RUN_MORE);
    let count = 1;
    while (count < wanted && isNormal(i + count)) count++;
    for (let k = i; k < i + count; k++) {
      const share = k === i ? 0.5 + 0.6 * dice.unit() : 0.4 + 0.4 * dice.unit();
      plan.set(k, { longerS: (share - 1) * distance(k), pGain: 0.2 * dice.normal(), class: 'V', focus });
    }
    const next = i + count;
    if (next < beats.length && dice.unit() < PAUSE_CHANCE)
      plan.set(next, { longerS: 0.5 * dice.unit() * distance(next), pGain: 1, class: beats[next]!.class });
    i = next + dice.below(2);
  }
  return plan;
};
