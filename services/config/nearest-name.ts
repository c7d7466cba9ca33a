/** The known name that a mistyped one most likely meant; undefined when none is near. */
export const nearestName = (given: string, known: readonly string[]): string | undefined => {
  let best: string | undefined;
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
