/** The entries of one chain as they were found, in columns of numbers: years of them must fit into memory. */

/** One entry, by where it was found. */
export interface EntrySeen {
  readonly number: number;
  /** The beginnings of the SHA-256 of it, and of the one before as it says. */
  readonly mark: number;
  readonly before: number;
  /** When the log took it. */
  readonly atUs: number;
  /** Which topic and partition, by index, and the offset. */
  readonly lane: number;
  readonly offset: number;
}

export const makeChainSeen = (id: string) => {
  const numbers: number[] = [];
  const marks: number[] = [];
  const befores: number[] = [];
  const ats: number[] = [];
  const lanes: number[] = [];
  const offsets: number[] = [];
  const last = new Map<number, EntrySeen>();
  let endsWith: number | undefined;

  const at = (i: number): EntrySeen => ({
    ...{ number: numbers[i]!, mark: marks[i]!, before: befores[i]! },
    ...{ atUs: ats[i]!, lane: lanes[i]!, offset: offsets[i]! },
  });

  return {
    id,
    put: (entry: EntrySeen): void => {
      numbers.push(entry.number);
      marks.push(entry.mark);
      befores.push(entry.before);
      ats.push(entry.atUs);
      lanes.push(entry.lane);
      offsets.push(entry.offset);
      last.set(entry.lane, entry);
    },
    /** The newest that was found of this topic and partition. */
    lastIn: (lane: number): EntrySeen | undefined => last.get(lane),
    /** It has said its last word with this number. */
    end: (number: number): void => {
      endsWith = number;
    },
    endsWith: (): number | undefined => endsWith,
    /** By number; of those with one number the first found comes first. */
    inOrder: function* (): Generator<EntrySeen> {
      const order = Uint32Array.from(numbers, (_, i) => i).sort((a, b) => numbers[a]! - numbers[b]! || a - b);
      for (const i of order) yield at(i);
    },
  };
};
export type ChainSeen = ReturnType<typeof makeChainSeen>;
