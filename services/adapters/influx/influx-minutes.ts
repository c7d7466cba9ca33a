/** Minutes as InfluxDB counts them, and how much of each the signal was there. */
import { minutes, moment } from '../../../schemas/units.ts';
import { codesWithOwnLimit, staleAfter } from '../../../stream-models/limits/stale-after.ts';
import type { Bucket, Minute, TimeRange } from '../../ports/series-store.ts';
import { fieldsOf, tagText, timestamp } from './influx-lines.ts';
import { ofBed, within } from './influx-numbers.ts';
import type { InfluxPlace } from './influx-place.ts';
import { ANSWER_MAX, askInfluxQl, type Rows } from './influx-query.ts';

const MINUTE = minutes(1);
/** An answer costs what its points cost, named or not; so many names are still a short question. */
const NAMED_BEDS_MAX = 500;
const BY_SERIES = 'GROUP BY "unit", "bed", "code", "device", "ucum"';
/** A code that nobody gave a limit of its own. */
const NO_CODE = -1;

const ofBeds = (beds: ReadonlySet<string> | undefined): string =>
  beds === undefined || beds.size > NAMED_BEDS_MAX ? '' : ` AND (${[...beds].map(ofBed).join(' OR ') || 'false'})`;

type Tags = Rows['tags'];
const keyOf = ({ bed, code, device, ucum }: Tags): string => `${code} ${device} ${ucum}\n${bed}`;

/** Codes of each limit that is shorter than a minute, as a condition; in the others a minute with a number is whole. */
const codesByLimit = (): ReadonlyMap<number, string> => {
  const codes = new Map<number, number[]>();
  for (const code of codesWithOwnLimit) codes.set(staleAfter(code), [...(codes.get(staleAfter(code)) ?? []), code]);
  const usual = staleAfter(NO_CODE);
  const named = (those: readonly number[]): string => `/^(${those.join('|')})$/`;
  const others = [...codes].filter(([limit]) => limit !== usual).flatMap(([, those]) => those);
  const conditions = [...codes]
    .filter(([limit]) => limit !== usual && limit < MINUTE)
    .map(([limit, those]) => [limit, `"code" =~ ${named(those)}`] as const);
  return new Map([...conditions, [usual, `"code" !~ ${named(others)}`]]);
};
const BY_LIMIT = codesByLimit();

/** When each series had its first or last number of a range, in microseconds. */
const momentsOf = (rows: readonly Rows[]): ReadonlyMap<string, number> =>
  new Map(rows.map(({ tags, values }) => [keyOf(tags), Number(values[0]![0])]));

type Span = readonly [from: number, to: number];

/** When a number was followed too late: from the moment at which it was too old. */
const gapsOf = (rows: readonly Rows[], limit: number): readonly (readonly [string, readonly Span[]])[] =>
  rows.map(({ tags, values }) => [
    keyOf(tags),
    values.map(([at, gap]): Span => [Number(at) - Number(gap) + limit, Number(at)]),
  ]);

/** A number too many of these in one answer, and it is asked in halves. */
const gapsAtMost = (counted: readonly Rows[]): number => {
  const perMinute = Math.ceil(MINUTE / Math.min(...BY_LIMIT.keys()));
  let most = 0;
  for (const { values } of counted) for (const row of values) most += Math.min(Number(row[4]), perMinute);
  return most;
};

const overlap = (spans: readonly Span[], from: number, to: number): number =>
  spans.reduce((sum, [begins, ends]) => sum + Math.max(0, Math.min(ends, to) - Math.max(begins, from)), 0);

interface Asked extends TimeRange {
  /** Absent: all. */
  readonly beds: ReadonlySet<string> | undefined;
}

/** When each series was not there, in microseconds; what a minute is too short to tell is left out. */
const missingIn = async (place: InfluxPlace, { from, to, beds }: Asked): Promise<(tags: Tags) => readonly Span[]> => {
  const numbers = 'FROM "raw"."numeric" WHERE';
  const own = `${within({ from, to })}${ofBeds(beds)}`;
  const earlier = `${within({ from: moment(from - MINUTE), to: from })}${ofBeds(beds)}`;
  const [first, last, before] = await Promise.all(
    [`first("value") ${numbers} ${own}`, `last("value") ${numbers} ${own}`, `last("value") ${numbers} ${earlier}`].map(
      async (what) => momentsOf(await askInfluxQl(place, `SELECT ${what} ${BY_SERIES}`)),
    ),
  );
  const between = new Map<string, readonly Span[]>();
  for (const [limit, codes] of BY_LIMIT) {
    const each = `SELECT elapsed("value", 1u) AS "gap" ${numbers} ${own} AND ${codes} ${BY_SERIES}`;
    const tooLong = `SELECT "gap" FROM (${each}) WHERE "gap" > ${limit} ${BY_SERIES}`;
    for (const [key, gaps] of gapsOf(await askInfluxQl(place, tooLong), limit)) between.set(key, gaps);
  }
  return (tags) => {
    const limit = staleAfter(Number(tags['code']));
    if (limit >= MINUTE) return [];
    const key = keyOf(tags);
    const thereUntil = Math.max(from, (before!.get(key) ?? Number.NEGATIVE_INFINITY) + limit);
    return [[thereUntil, first!.get(key) ?? from], ...(between.get(key) ?? []), [(last!.get(key) ?? to) + limit, to]];
  };
};

/**
 * The lines of numeric_1m of whole minutes. The server says first, last and what is too far apart in between, so that no
 * number comes here: a row a series and question, and one for each gap, however often it is measured.
 */
const linesOf = async (place: InfluxPlace, asked: Asked): Promise<string[]> => {
  const { from, to, beds } = asked;
  const counted = await askInfluxQl(
    place,
    `SELECT min("value"), max("value"), mean("value"), count("value") FROM "raw"."numeric" WHERE ${within(asked)}${ofBeds(beds)} ${BY_SERIES}, time(1m) fill(none)`,
  );
  if (counted.length === 0) return [];
  if (to - from > MINUTE && gapsAtMost(counted) > ANSWER_MAX) {
    const middle = moment(from + Math.floor((to - from) / MINUTE / 2) * MINUTE);
    const earlier = await linesOf(place, { from, to: middle, beds });
    return [...earlier, ...(await linesOf(place, { from: middle, to, beds }))];
  }
  const missing = await missingIn(place, asked);
  return counted.flatMap(({ tags, values }) => {
    const spans = missing(tags);
    return values.map((row) => {
      const start = Number(row[0]);
      // Numbers that came between two of the questions have it rolled up again.
      return lineOf(tags, row, Math.max(0, 1 - overlap(spans, start, start + MINUTE) / MINUTE));
    });
  });
};

/** Minutes that are asked for at once: a start looks back so far. */
const MINUTES_MAX = 10;

/** The lines of numeric_1m of [from, to), both whole minutes, in pieces. */
export async function* minuteLines(place: InfluxPlace, { from, to, beds }: Asked): AsyncGenerator<readonly string[]> {
  for (let start = from; start < to; start = moment(start + MINUTES_MAX * MINUTE))
    yield await linesOf(place, { from: start, to: moment(Math.min(to, start + MINUTES_MAX * MINUTE)), beds });
}

/** Tags come back as they are stored: with %5C for a backslash. */
const lineOf = (tags: Tags, [at, min, max, mean, count]: Rows['values'][number], complete: number): string => {
  const key = `numeric_1m${Object.keys(tags)
    .sort()
    .filter((tag) => tags[tag] !== '')
    .map((tag) => `,${tag}=${tagText(tags[tag]!)}`)
    .join('')}`;
  const fields = fieldsOf('numeric_1m', {
    ...{ min: Number(min), max: Number(max), mean: Number(mean), count: Number(count), complete },
  });
  return `${key} ${fields} ${timestamp(Number(at))}`;
};

const together = (one: Bucket, other: Bucket): Bucket => {
  const count = one.count + other.count;
  return {
    ...{ start: one.start, min: Math.min(one.min, other.min), max: Math.max(one.max, other.max) },
    ...{ mean: (one.mean * one.count + other.mean * other.count) / count, count },
  };
};

/** Buckets of an answer to `SELECT min, max, mean, count`; several devices and units taken together. */
export const bucketsFrom = (rows: readonly Rows[]): Bucket[] => {
  const buckets = new Map<number, Bucket>();
  for (const { values } of rows)
    for (const [at, min, max, mean, count] of values as readonly (readonly number[])[]) {
      const one = { start: moment(at!), min: min!, max: max!, mean: mean!, count: count! };
      const known = buckets.get(at!);
      buckets.set(at!, known === undefined ? one : together(known, one));
    }
  return [...buckets.values()].sort((a, b) => a.start - b.start);
};

/** Minutes of an answer to `SELECT min, max, mean, count, complete`: as complete as the most complete device. */
export const minutesFrom = (rows: readonly Rows[]): Minute[] => {
  const complete = new Map<number, number>();
  for (const { values } of rows)
    for (const [at, , , , , share] of values)
      if (typeof share === 'number') complete.set(Number(at), Math.max(share, complete.get(Number(at)) ?? 0));
  return bucketsFrom(rows).map((bucket) => {
    const share = complete.get(bucket.start);
    return share === undefined ? bucket : { ...bucket, complete: share };
  });
};
