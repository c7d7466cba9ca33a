/** What a stage remembers of its beds while a batch is under way: a failed batch leaves no trace. */

export interface Bed<Memory> {
  readonly memory: Memory;
  /** The first record of the bed that is in no checkpoint; undefined when all are. */
  readonly unsavedFrom: bigint | undefined;
  /** Log time of the newest checkpoint; -Infinity for a bed that has none. */
  readonly savedAt: number;
}

/** A partition's beds during a batch: those it had, and those that the batch changed, which come in when it is settled. */
export interface BatchBeds<Memory> {
  readonly get: (name: string) => Bed<Memory> | undefined;
  readonly set: (name: string, bed: Bed<Memory>) => void;
  /** New ones last. */
  readonly all: () => Iterable<readonly [string, Bed<Memory>]>;
  readonly settle: () => void;
}

export const bedsDuring = <Memory>(before: Map<string, Bed<Memory>>): BatchBeds<Memory> => {
  const changed = new Map<string, Bed<Memory>>();
  return {
    get: (name) => changed.get(name) ?? before.get(name),
    set: (name, bed) => void changed.set(name, bed),
    *all() {
      for (const [name, bed] of before) yield [name, changed.get(name) ?? bed];
      for (const each of changed) if (!before.has(each[0])) yield each;
    },
    settle: () => {
      for (const [name, bed] of changed) before.set(name, bed);
    },
  };
};
