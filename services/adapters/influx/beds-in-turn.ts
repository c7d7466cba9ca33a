/** Does work of a bed one after the other; work of different beds side by side. `beds` undefined: of all. */
export type BedsInTurn = <A>(beds: ReadonlySet<string> | undefined, work: () => Promise<A>) => Promise<A>;

/** What is of all beds waits for everything before it, and everything after it waits for that. */
export const bedsInTurn = (): BedsInTurn => {
  const lastOf = new Map<string, Promise<unknown>>();
  let lastOfAll: Promise<unknown> = Promise.resolve();
  return (beds, work) => {
    const before = beds === undefined ? [...lastOf.values()] : [...beds].map((bed) => lastOf.get(bed));
    const turn = Promise.all([lastOfAll, ...before]).then(work);
    const over = turn.then(
      () => undefined,
      () => undefined,
    );
    if (beds === undefined) {
      lastOf.clear();
      lastOfAll = over;
      return turn;
    }
    for (const bed of beds) lastOf.set(bed, over);
    void over.then(() => {
      for (const bed of beds) if (lastOf.get(bed) === over) lastOf.delete(bed);
    });
    return turn;
  };
};
