import * as E from 'fp-ts/lib/Either.js';
import { MDC, PRIVATE } from '../../schemas/codes.ts';
import type { ReviewOverview } from '../../schemas/review.ts';
import { microseconds, minutes, moment } from '../../schemas/units.ts';
import type { Bucket, Range, SeriesError, SeriesStore } from '../ports/series-store.ts';
import { BAND_WIDTH } from '../recorder/ecg-band.ts';

export type Overview = Pick<ReviewOverview, 'columnUs' | 'ecgLeast' | 'ecgMost' | 'heartRateLeast' | 'heartRateMost'>;

/** How wide a column is when so many are wanted: at least as wide as what the ECG is kept by, else every second one would be empty. */
export const columnOf = ({ from, to }: Range, columns: number): number =>
  Math.max(BAND_WIDTH, Math.ceil((to - from) / columns));

type Column = (number | null)[];

/** Least and most of what lies in each column. */
const inColumns = (range: Range, columnUs: number, buckets: readonly Bucket[]) => {
  const count = Math.ceil((range.to - range.from) / columnUs);
  const none = (): Column => Array.from({ length: count }, () => null);
  const [least, most] = [none(), none()];
  for (const { start, min, max } of buckets) {
    const at = Math.floor((start - range.from) / columnUs);
    if (at < 0 || at >= count) continue;
    least[at] = Math.min(least[at] ?? min, min);
    most[at] = Math.max(most[at] ?? max, max);
  }
  return { least, most };
};

/** The newest minutes are not rolled up yet: so far back they are made of numbers. */
const ROLLED_UP_WITHIN = minutes(60);

/**
 * Columns of minutes and more are made of minutes, which are sixty times fewer than numbers and outlive them; narrower ones, and the newest, of
 * numbers.
 */
const bucketsOf = async (
  store: SeriesStore,
  range: Range,
  code: number,
  columnUs: number,
): Promise<E.Either<SeriesError, readonly Bucket[]>> => {
  const width = microseconds(columnUs);
  if (columnUs < minutes(1)) return store.buckets({ ...range, code, width })();
  const rolledUp = await store.minutes({ ...range, code })();
  if (E.isLeft(rolledUp)) return rolledUp;
  const last = rolledUp.right.at(-1);
  const from = moment(Math.max(last === undefined ? range.from : last.start + minutes(1), range.to - ROLLED_UP_WITHIN));
  if (from >= range.to) return rolledUp;
  const newest = await store.buckets({ ...range, from, code, width: minutes(1) })();
  return E.isLeft(newest) ? newest : E.right([...rolledUp.right, ...newest.right]);
};

/** A long time of a bed in at most so many columns. Left: why the store does not tell. */
export const overviewOf = async (
  store: SeriesStore,
  range: Range,
  columns: number,
): Promise<E.Either<SeriesError, Overview>> => {
  const columnUs = columnOf(range, columns);
  const read = (code: number) => bucketsOf(store, range, code, columnUs);
  const [least, most, rate] = await Promise.all([PRIVATE.ecgLeast, PRIVATE.ecgMost, MDC.ecgHeartRate].map(read));
  if (E.isLeft(least!)) return least;
  if (E.isLeft(most!)) return most;
  if (E.isLeft(rate!)) return rate;
  const heartRate = inColumns(range, columnUs, rate!.right);
  return E.right({
    columnUs,
    ecgLeast: inColumns(range, columnUs, least!.right).least,
    ecgMost: inColumns(range, columnUs, most!.right).most,
    heartRateLeast: heartRate.least,
    heartRateMost: heartRate.most,
  });
};
