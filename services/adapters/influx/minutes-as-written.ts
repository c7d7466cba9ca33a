import { minutes } from '../../../schemas/units.ts';
import { staleAfter } from '../../../stream-models/vocabulary/stale-after.ts';
import type { NumericPoint, TimeRange } from '../../ports/series-store.ts';
import { minuteOf, unitTag } from './influx-numbers.ts';

const MINUTE = minutes(1);
/** Series remembered; a hospital of 2,000 beds has about 80,000. */
const SERIES_MAX = 200_000;
/** Minutes of one series: two or three are open, and after an outage a batch holds more at once. */
const HELD_MAX = 40;

/** A minute of one series without a gap, as far as this process wrote it. */
export interface WrittenMinute {
  readonly min: number;
  readonly max: number;
  readonly mean: number;
  readonly count: number;
}

/**
 * Minutes as this process wrote them. They are the server's minutes where it counts as many numbers: what was kept is a part
 * of what lies there (whoever writes a moment of a series writes what the log says of it), and of two sets of which one is a
 * part of the other, as many means the same. So one count of the server
 * answers what would take four aggregates and a search for gaps.
 */
export interface MinutesAsWritten {
  /** The server has said that it keeps these. */
  readonly kept: (points: readonly NumericPoint[]) => void;
  /**
   * Whole minutes without a gap that were kept of these beds, by `minuteKey`. To be taken before the server is asked for its
   * count: what is kept meanwhile may stand in for a number of somebody else's.
   */
  readonly of: (range: TimeRange, beds: ReadonlySet<string>) => ReadonlyMap<string, WrittenMinute>;
  /** They were rolled up. What comes for them now comes late, and the server must say what they are. */
  readonly forget: (range: TimeRange, beds: ReadonlySet<string>) => void;
}

interface Minute {
  readonly start: number;
  count: number;
  min: number;
  max: number;
  sum: number;
  last: number;
  /** No two neighbours were further apart than the limit of age, nor the first from the one before the minute. */
  isSteady: boolean;
  /** Every number was later than the one before: none was written twice. */
  isInOrder: boolean;
}

interface Series {
  /** A minute with a number is whole where the limit of age is no shorter. */
  readonly limit: number;
  last: number;
  readonly minutes: Minute[];
}

/** A series at its bed. */
const seriesName = (code: number | string, device: number | string, ucum: string): string =>
  `${code} ${device} ${ucum}`;
const minuteName = (bed: string, series: string, start: number): string => `${series} ${start}\n${bed}`;

export const minuteKey = (
  bed: string,
  code: number | string,
  device: number | string,
  ucum: string,
  start: number,
): string => minuteName(bed, seriesName(code, device, ucum), start);

const limitOf = (code: number): number => {
  const limit = staleAfter(code);
  return limit < MINUTE ? limit : Number.POSITIVE_INFINITY;
};

const hear = (series: Series, at: number, value: number): void => {
  if (at <= series.last) {
    const minute = series.minutes.find(({ start }) => start === minuteOf(at));
    if (minute !== undefined) minute.isInOrder = false;
    return;
  }
  const start = minuteOf(at);
  let minute = series.minutes.at(-1);
  if (minute?.start !== start) {
    minute = { start, count: 0, min: value, max: value, sum: 0, last: at, isSteady: true, isInOrder: true };
    series.minutes.push(minute);
    if (series.minutes.length > HELD_MAX) series.minutes.shift();
  }
  if (at > start && at - series.last > series.limit) minute.isSteady = false;
  minute.count++;
  if (value < minute.min) minute.min = value;
  if (value > minute.max) minute.max = value;
  minute.sum += value;
  minute.last = at;
  series.last = at;
};

const isWhole = ({ limit }: Series, { start, last, isSteady, isInOrder }: Minute): boolean =>
  isSteady && isInOrder && start + MINUTE - last <= limit;

/** A memory that begins with nothing: what was written before it is asked of the server. */
export const makeMinutesAsWritten = (): MinutesAsWritten => {
  const beds = new Map<string, Map<string, Series>>();
  let known = 0;
  const seriesOf = ({ bed, code, device, unit }: NumericPoint): Series => {
    let ofBed = beds.get(bed);
    if (ofBed === undefined) {
      ofBed = new Map();
      beds.set(bed, ofBed);
    }
    const key = seriesName(code, device, unitTag(unit));
    let series = ofBed.get(key);
    if (series === undefined) {
      series = { limit: limitOf(code), last: Number.NEGATIVE_INFINITY, minutes: [] };
      ofBed.set(key, series);
      known++;
    }
    return series;
  };
  return {
    kept: (points) => {
      if (known >= SERIES_MAX) {
        beds.clear();
        known = 0;
      }
      for (const point of points) hear(seriesOf(point), point.at, point.value);
    },
    of: ({ from, to }, asked) => {
      const found = new Map<string, WrittenMinute>();
      for (const bed of asked)
        for (const [key, series] of beds.get(bed) ?? [])
          for (const minute of series.minutes) {
            const { start, min, max, sum, count } = minute;
            if (start < from || start >= to || !isWhole(series, minute)) continue;
            found.set(minuteName(bed, key, start), { min, max, mean: sum / count, count });
          }
      return found;
    },
    forget: ({ from, to }, asked) => {
      for (const bed of asked)
        for (const { minutes: held } of beds.get(bed)?.values() ?? []) {
          const first = held.findIndex(({ start }) => start >= from);
          const after = held.findIndex(({ start }) => start >= to);
          if (first >= 0) held.splice(first, (after < 0 ? held.length : after) - first);
        }
    },
  };
};
