import type { Microseconds } from '../../schemas/units.ts';
import type { ClassifiedBeat } from '../analysis/sighting.ts';
import { ATRIAL_BEATS_KEPT, type AtrialBeats, atrialBeatsStart, steadyShare, withAtrialBeat } from './atrial-beats.ts';
import { atrialFeatures } from './atrial-features.ts';
import { atrialLogit } from './atrial-rule.ts';
import type { Claim } from './present-conditions.ts';

/** What is remembered to tell atrial fibrillation: the newest beats, and how many came since the last look. */
export interface IrregularMemory {
  readonly atrial: AtrialBeats;
  readonly unseen: number;
}

export const irregularStart: IrregularMemory = { atrial: atrialBeatsStart, unseen: 0 };

const LOOK_EVERY = 4;
/** Log odds from which a look says so: while beats are still few, … */
const RAISE = 0;
/** … and once there are all of them: a bed that is looked at all day must not fall for the one odd minute. */
const RAISE_WHEN_FULL = 1;
const END = -1.5;

/**
 * Atrial fibrillation, from the irregularity of the newest beats (at most 48) and the wave before their QRS, looked at every
 * four beats; some 15 s after the first beat it can be said. Beats of ventricular or unknown class tell nothing. `at` of the
 * claim is the oldest beat that was looked at. `rr`: the interval from the beat before, undefined after a break.
 */
export const judgeIrregular = (
  memory: IrregularMemory,
  beat: ClassifiedBeat,
  rr: Microseconds | undefined,
): readonly [IrregularMemory, readonly Claim[]] => {
  const atrial = withAtrialBeat(memory.atrial, beat, rr);
  if (memory.unseen + 1 < LOOK_EVERY) return [{ atrial, unseen: memory.unseen + 1 }, []];
  const looked: IrregularMemory = { atrial, unseen: 0 };
  const features = atrialFeatures(atrial);
  if (features === undefined) return [looked, []];
  const logit = atrialLogit(features);
  const count = atrial.beats.length;
  if (logit > (count === ATRIAL_BEATS_KEPT ? RAISE_WHEN_FULL : RAISE)) {
    const steady = Math.round(100 * steadyShare(atrial));
    const evidence = `RR irregular over ${count} beats, ${steady} % of the wave before QRS steady`;
    return [looked, [{ condition: 'af', present: true, at: atrial.beats[0]?.at ?? beat.at, evidence }]];
  }
  if (logit >= END) return [looked, []];
  return [looked, [{ condition: 'af', present: false, at: beat.at, evidence: 'RR regular, or P waves, again' }]];
};
