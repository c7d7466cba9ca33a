/**
 * The known name that a mistyped one most likely meant: a few letters away, or one word of it longer or shorter ("VIGIL_DATA_DIRECTORY").
 * Undefined when none is near.
 */
export const nearestName = (given: string, known: readonly string[]): string | undefined => {
  const continued = known.find((name) => continues(given, name) || continues(name, given));
  let best = continued;
  let bestDistance = Math.min(3, Math.max(2, Math.floor(given.length / 4))) + 1;
  for (const name of known) {
    const distance = editDistance(given.toLowerCase(), name.toLowerCase());
    if (distance < bestDistance) {
      best = name;
      bestDistance = distance;
    }
  }
  return best;
};

const WORD = 4;
/** Begins with all of the other and goes on within its last word: not with a word more, as what is called VIGIL_PORT_8420_TCP. */
const continues = (long: string, short: string): boolean =>
  short.length > WORD && long.length > short.length && long.startsWith(short) && long[short.length] !== '_';

/** Letters to insert, leave out or change to make one word of the other (Levenshtein). */
const editDistance = (one: string, other: string): number => {
  let before = Array.from({ length: other.length + 1 }, (_, i) => i);
  for (let i = 1; i <= one.length; i++) {
    const row = [i];
    for (let k = 1; k <= other.length; k++) {
      const change = before[k - 1]! + (one[i - 1] === other[k - 1] ? 0 : 1);
      row.push(Math.min(change, before[k]! + 1, row[k - 1]! + 1));
    }
    before = row;
  }
  return before[other.length]!;
};
