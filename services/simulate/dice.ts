/** The dice of a simulated bed. Their whole state is one number, which travels in the bed's memory. */
import { type Dice, diceFrom } from '../../stream-models/dice.ts';

export interface WardDice extends Pick<Dice, 'unit' | 'state'> {
  /** Bell-shaped around 0 with standard deviation 1 (sum of 4 evenly thrown; never beyond ±3.5): no heart beats out of all measure. */
  readonly normal: () => number;
}

const NORMAL_SCALE = Math.sqrt(3);

/** Dice that fall alike for the same seed on every machine. */
export const wardDiceFrom = (seed: number): WardDice => {
  const { unit, state } = diceFrom(seed);
  return { unit, state, normal: () => NORMAL_SCALE * (unit() + unit() + unit() + unit() - 2) };
};

/** Another seed for the n-th of something, far from those of its neighbours. */
export const seedFor = (seed: number, n: number): number =>
  Math.floor(diceFrom((seed ^ Math.imul(n + 1, 0x9e3779b1)) >>> 0).unit() * 4294967296);
