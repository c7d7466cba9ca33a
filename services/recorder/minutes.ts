import { type Moment, minutes, moment, seconds } from '../../schemas/units.ts';
import type { NumericPoint, TimeRange } from '../ports/series-store.ts';

const MINUTE = minutes(1);
/** A minute is over when the log is so much further; what comes later still has it made anew. */
const GRACE = minutes(1);
/** How far a start looks back: what was touched and not rolled up when the process before ended. */
const LOOK_BACK = minutes(10);
/** How far a number reaches into the next minute at most: the longest limit of age that is shorter than a minute. */
const REACH = seconds(15);

/** Minutes to be rolled up, of these beds; undefined: of all. */
export interface RollUp extends TimeRange {
  readonly beds: ReadonlySet<string> | undefined;
}

/**
 * Which minutes of one partition have new numbers. A minute is rolled up when the partition's log is past it, before the
 * batch that found so is settled; numbers that come later have it rolled up again. So a crash anywhere leaves no minute
 * stale: what was open then lies within the last minutes before the position, and a start takes those as touched, of the beds
 * that were known, and those of the telemetry that it reads again.
 */
export interface Minutes {
  /** Numbers were kept, or were by the process before. */
  readonly touched: (points: readonly Pick<NumericPoint, 'bed' | 'at'>[]) => void;
  /** The first batch after a start: what came shortly before it of the beds that were known counts as touched. */
  readonly begin: (appendedAt: Moment) => void;
  /** The minutes that are over; neighbours together. */
  readonly over: (appendedAt: Moment) => readonly RollUp[];
  /** They were rolled up. */
  readonly done: (appendedAt: Moment) => void;
}

const startOf = (at: number): number => Math.floor(at / MINUTE) * MINUTE;

/**
 * Whose minutes a start takes as touched. To ask for all would have each partition of a hospital ask for every bed: of 2,000
 * beds that is more than a store counts before it is given up on.
 *
 * @param stored the position that the process before left; absent: there was none.
 * @param known the beds of its checkpoint; absent: it is gone, or a bed's was not to be read.
 */
export const bedsBefore = (stored: bigint | undefined, known: Iterable<string> | undefined): BedsBefore =>
  known !== undefined ? new Set(known) : stored === undefined ? new Set() : 'all';

export type BedsBefore = ReadonlySet<string> | 'all';

/** The minutes of one partition, from its assignment on. */
export const makeMinutes = (before: BedsBefore): Minutes => {
  const open = new Map<number, Set<string> | 'all'>();
  let begun = false;
  const touch = (minute: number, bed: string): void => {
    const beds = open.get(minute);
    if (beds === undefined) open.set(minute, new Set([bed]));
    else if (beds !== 'all') beds.add(bed);
  };
  const isOver = (minute: number, appendedAt: Moment): boolean => minute + MINUTE + GRACE <= appendedAt;
  return {
    touched: (points) => {
      for (const { bed, at } of points) {
        const minute = startOf(at);
        touch(minute, bed);
        // How complete the next one is depends on it, which may have been rolled up before this came.
        if (at + REACH > minute + MINUTE) touch(minute + MINUTE, bed);
      }
    },
    begin: (appendedAt) => {
      if (begun) return;
      begun = true;
      if (before !== 'all' && before.size === 0) return;
      for (let minute = startOf(appendedAt - LOOK_BACK); minute <= appendedAt; minute += MINUTE)
        open.set(minute, before === 'all' ? 'all' : new Set(before));
    },
    over: (appendedAt) => {
      const found: { from: Moment; to: Moment; beds: Set<string> | undefined }[] = [];
      for (const minute of [...open.keys()].filter((each) => isOver(each, appendedAt)).sort((a, b) => a - b)) {
        const beds = open.get(minute)!;
        const last = found.at(-1);
        const own = beds === 'all' ? undefined : beds;
        if (last !== undefined && last.to === minute && (last.beds === undefined) === (own === undefined)) {
          last.to = moment(minute + MINUTE);
          for (const bed of own ?? []) last.beds?.add(bed);
        } else
          found.push({
            from: moment(minute),
            to: moment(minute + MINUTE),
            beds: own === undefined ? undefined : new Set(own),
          });
      }
      return found;
    },
    done: (appendedAt) => {
      for (const minute of [...open.keys()]) if (isOver(minute, appendedAt)) open.delete(minute);
    },
  };
};
