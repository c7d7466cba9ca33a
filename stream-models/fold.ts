/**
 * The one shape of everything that remembers: filter, detector, window, alarm. Memory is returned, never changed, so
 * snapshots, replay and composition come free. Memory must survive a structured clone (plain objects, typed arrays).
 */
export interface Fold<Memory, In, Out> {
  readonly start: Memory;
  readonly step: (memory: Memory, input: In) => readonly [Memory, readonly Out[]];
}

/** Plays inputs through a fold from a memory on. */
export const runFold = <Memory, In, Out>(
  fold: Fold<Memory, In, Out>,
  inputs: readonly In[],
  from: Memory = fold.start,
): readonly [Memory, readonly Out[]] => {
  let memory = from;
  const outputs: Out[] = [];
  for (const input of inputs) {
    const [next, said] = fold.step(memory, input);
    memory = next;
    for (const out of said) outputs.push(out);
  }
  return [memory, outputs];
};
