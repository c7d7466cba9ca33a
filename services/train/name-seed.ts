/** A seed of a record's own, from the run's seed and its name, so that its copies do not depend on which others are there. */
export const nameSeed = (seed: number, name: string): number =>
  seed * 31 + [...name].reduce((sum, letter) => (sum * 33 + letter.charCodeAt(0)) % 1_000_003, 7);
