import type { StageName } from '../../schemas/engine.ts';
import type { Fold } from '../../stream-models/fold.ts';

/** Where one group stands on one partition. */
export interface Standing {
  readonly group: string;
  readonly stage: StageName;
  readonly partition: number;
  /** The next record that it has not settled; undefined: it never settled any. */
  readonly position: bigint | undefined;
  /** What the log holds: the first kept offset, and the next to be written. */
  readonly first: bigint;
  readonly next: bigint;
}

export interface LagRound {
  readonly standings: readonly Standing[];
  /** Since the round before. */
  readonly passedS: number;
  /** Offsets at the end of a partition that are never delivered: Kafka's transaction markers. */
  readonly markersMost: bigint;
}

interface Mark {
  readonly position: bigint | undefined;
  /** The end of the partition when the position was seen to move last. */
  readonly nextThen: bigint;
  /** For so long records have waited and the position has not moved. */
  readonly stillS: number;
}

/** Per group and partition. */
export type LagMemory = ReadonlyMap<string, Mark>;

/** One group after a round. */
export interface GroupLag {
  readonly group: string;
  readonly stage: StageName;
  readonly records: number;
  readonly still: boolean;
  /** It has settled something before: whatever runs it has run here. */
  readonly begun: boolean;
}

const STILL_AFTER_S = 5;

const begin = ({ position, first }: Standing): bigint =>
  position === undefined || position < first ? first : position;

/**
 * Whether records surely wait. What is left at a quiet end may be markers: then only more of them than a transaction leaves, or
 * an end that has moved on since, says that records wait.
 */
const someWait = (standing: Standing, nextThen: bigint, markersMost: bigint): boolean => {
  const left = standing.next - begin(standing);
  return left > 0n && (standing.next > nextThen || left > markersMost);
};

const mark = (before: Mark | undefined, standing: Standing, round: LagRound): Mark => {
  const { position, next } = standing;
  if (before === undefined || before.position !== position) return { position, nextThen: next, stillS: 0 };
  if (!someWait(standing, before.nextThen, round.markersMost)) return { ...before, stillS: 0 };
  return { ...before, stillS: before.stillS + round.passedS };
};

/** Watches how far each group is from the end of its topic, and which of them stands still although records wait. */
export const lagWatch: Fold<LagMemory, LagRound, GroupLag> = {
  start: new Map(),
  step: (memory, round) => {
    const after = new Map<string, Mark>();
    const lags = new Map<string, GroupLag>();
    for (const standing of round.standings) {
      const { group, stage, partition } = standing;
      const key = `${group}/${partition}`;
      const marked = mark(memory.get(key), standing, round);
      after.set(key, marked);
      const before = lags.get(group);
      lags.set(group, {
        ...{ group, stage },
        // The ends were asked before the positions, which may have passed them since.
        records: (before?.records ?? 0) + Math.max(0, Number(standing.next - begin(standing))),
        still: before?.still === true || marked.stillS >= STILL_AFTER_S,
        begun: before?.begun === true || standing.position !== undefined,
      });
    }
    return [after, [...lags.values()]];
  },
};
