/**
 * Makes an answer that is dear at most once in `everyMs`: who asks meanwhile gets the same, however many they are. Rejects with what
 * `make` rejects with; then the next to ask has it made anew.
 */
export const askedTogether = <A>(make: () => Promise<A>, everyMs: number): (() => Promise<A>) => {
  let made: { readonly answer: Promise<A>; readonly atMs: number } | undefined;
  return () => {
    if (made !== undefined && performance.now() - made.atMs < everyMs) return made.answer;
    const answer = make();
    const mine = { answer, atMs: performance.now() };
    made = mine;
    answer.catch(() => {
      if (made === mine) made = undefined;
    });
    return answer;
  };
};
