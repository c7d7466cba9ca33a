/** Sorts the first `count` numbers in place, ascending: some dozens are sorted faster by insertion than by asking for it. */
export const sortFew = (values: Float64Array, count: number): void => {
  for (let i = 1; i < count; i++) {
    const value = values[i]!;
    let at = i;
    for (; at > 0 && values[at - 1]! > value; at--) values[at] = values[at - 1]!;
    values[at] = value;
  }
};
