/** How a heart's ectopic atrial beats are to come: seldom, or with any frequency, up to most beats (a sick sinus node). */
import type { Dice } from '../../../../stream-models/dice.ts';

/** How the premature atrial beats of one copy behave. */
export interface Ectopy {
  /** Chance at each even beat that it is premature, alone. */
  readonly loneChance: number;
  /** Chance at each even beat that a run begins. */
  readonly runChance: number;
  /** Spread of the distances within a run, as a share of them. */
  readonly wobble: number;
  /** Whether each premature beat has a distance of its own, and not that of its focus. */
  readonly varies: boolean;
  /** The longest pause behind a premature beat, beyond a usual distance and as a share of it. */
  readonly pauseMost: number;
}

/** How often the premature beats of a set of copies come. */
export type PrematureBeats = 'seldom' | 'any-frequency';

const SELDOM: Ectopy = { loneChance: 0.05, runChance: 0.006, wobble: 0.03, varies: false, pauseMost: 0.35 };
/** In a set of any frequency so many copies have them seldom all the same: most patients do. */
const SELDOM_SHARE = 0.5;

/** The behaviour of one copy's premature beats, from the dice; of those that come seldom no die is thrown. */
export const someEctopy = (premature: PrematureBeats, dice: Dice): Ectopy => {
  if (premature === 'seldom' || dice.unit() < SELDOM_SHARE) return SELDOM;
  const often = dice.unit();
  return {
    loneChance: 0.05 + 0.45 * often,
    runChance: 0.006 + 0.11 * often * dice.unit(),
    wobble: 0.03 + 0.03 * dice.unit(),
    varies: dice.unit() < 0.5,
    pauseMost: 0.35 + 0.55 * dice.unit(),
  };
};
