/** A stream of numbers that depends on the seed alone: the only chance there is in trainings, simulated wards and bootstraps. */
export interface Dice {
  /** At least 0, below 1. */
  readonly unit: () => number;
  /** A whole number, at least 0, below `count`. */
  readonly below: (count: number) => number;
  /** Mean 0, deviation 1 (Box–Muller). */
  readonly normal: () => number;
  /** A new order of the same items (Fisher–Yates). */
  readonly shuffled: <Item>(items: readonly Item[]) => Item[];
  /** The whole state. Give it to `diceFrom` to go on from here. */
  readonly state: () => number;
}

/** Dice from a seed (mulberry32, public domain). The same seed gives the same numbers on every machine. */
export const diceFrom = (seed: number): Dice => {
  // Signed, so that it stays a small integer: a step is then several times as fast.
  let state = seed | 0;
  const unit = () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const below = (count: number) => Math.floor(unit() * count);
  return {
    unit,
    below,
    normal: () => Math.sqrt(-2 * Math.log(1 - unit())) * Math.cos(2 * Math.PI * unit()),
    shuffled: (items) => {
      const order = [...items];
      for (let i = order.length - 1; i > 0; i--) {
        const j = below(i + 1);
        [order[i], order[j]] = [order[j]!, order[i]!];
      }
      return order;
    },
    state: () => state,
  };
};
