/**
 * How complete a minute is, as one finds it who looks from number to number: all in seconds, numbers in their order, the
 * minute from `minute` × 60 on. Of the minute before only the last number counts.
 */
export const shareOf = (numbers: readonly number[], minute: number, limit: number): number => {
  const from = minute * 60;
  const inside = numbers.filter((n) => n >= from && n < from + 60);
  const before = numbers.filter((n) => n >= from - 60 && n < from).at(-1);
  let there = 0;
  const all = before === undefined ? inside : [before, ...inside];
  all.forEach((n, i) => {
    const until = Math.min(n + limit, all[i + 1] ?? Number.POSITIVE_INFINITY, from + 60);
    there += Math.max(0, until - Math.max(n, from));
  });
  return inside.length === 0 ? 0 : there / 60;
};
