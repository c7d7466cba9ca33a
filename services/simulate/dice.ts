/**
 * A small seeded generator (mulberry32, public domain): the same seed gives the same ward on every machine. Its whole
 * state is one number, which travels in the bed's memory.
 */
export interface Dice {
  /** Evenly from 0 to 1, 1 not included. */
  readonly uniform: () => number;
  /** Bell-shaped around 0 with standard deviation 1 (sum of 4 uniforms; never beyond ±3.5). */
  readonly normal: () => number;
  /** Give it to `diceFrom` to go on from here. */
  readonly state: () => number;
}

const NORMAL_SCALE = Math.sqrt(3);

/** Dice that fall alike for the same seed on every machine (Mulberry32). */
export const diceFrom = (seed: number): Dice => {
  let state = seed >>> 0;
  const uniform = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
  const normal = (): number => NORMAL_SCALE * (uniform() + uniform() + uniform() + uniform() - 2);
  return { uniform, normal, state: () => state };
};

/** Another seed for the n-th of something, far from those of its neighbours. */
export const seedFor = (seed: number, n: number): number =>
  Math.floor(diceFrom((seed ^ Math.imul(n + 1, 0x9e3779b1)) >>> 0).uniform() * 4294967296);
