/** Minutes as InfluxDB counts them, and how much of each the signal was there. */
import { textOfTag } from '../../../schemas/tag-value.ts';
import { minutes, moment } from '../../../schemas/units.ts';
import { codesWithOwnLimit, staleAfter } from '../../../stream-models/vocabulary/stale-after.ts';
import type { Bucket, Minute, TimeRange } from '../../ports/series-store.ts';
import { fieldsOf, tagText, timestamp } from './influx-lines.ts';
import { ofBed, within } from './influx-numbers.ts';
import type { InfluxPlace } from './influx-place.ts';
import { ANSWER_MAX, askInfluxQl, type Rows } from './influx-query.ts';
import { type MinutesAsWritten, minuteKey, type WrittenMinute } from './minutes-as-written.ts';

const MINUTE = minutes(1);
/** An answer costs what its points cost, named or not; so many names are still a short question. */
const NAMED_BEDS_MAX = 500;
/** Codes that one device made up are many. */
const NAMED_CODES_MAX = 200;
const BY_SERIES = 'GROUP BY "unit", "bed", "code", "device", "ucum"';
/** A code that nobody gave a limit of its own. */
const NO_CODE = -1;

const ofBeds = (beds: ReadonlySet<string> | undefined): string =>
  beds === undefined || beds.size > NAMED_BEDS_MAX ? '' : ` AND (${[...beds].map(ofBed).join(' OR ') || 'false'})`;

type Tags = Rows['tags'];
const keyOf = ({ bed, code, device, ucum }: Tags): string => `${code} ${device} ${ucum}\n${bed}`;

/** A condition for codes; none of them: for all others. */
const named = (how: '=~' | '!~', codes: Iterable<number | string>): string =>
  `"code" ${how} /^(${[...codes].join('|')})$/`;

/** Codes of each limit that is shorter than a minute, as a condition; of the others a minute with a number is whole. */
const codesByLimit = (): ReadonlyMap<number, string> => {
  const codes = new Map<number, number[]>();
  for (const code of codesWithOwnLimit) codes.set(staleAfter(code), [...(codes.get(staleAfter(code)) ?? []), code]);
  const usual = staleAfter(NO_CODE);
  const others = [...codes].filter(([limit]) => limit !== usual);
  return new Map([
    ...others.filter(([limit]) => limit < MINUTE).map(([limit, those]) => [limit, named('=~', those)] as const),
    [
      usual,
      named(
        '!~',
        others.flatMap(([, those]) => those),
      ),
    ],
  ]);
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

/** Rows that one minute of a series can be in an answer about its gaps. */
const GAPS_PER_MINUTE = Math.ceil(MINUTE / Math.min(...BY_LIMIT.keys()));
const gapsAtMost = (counted: readonly Rows[]): number => {
  let most = 0;
  for (const { values } of counted) for (const row of values) most += Math.min(Number(row[4]), GAPS_PER_MINUTE);
  return most;
};

const overlap = (spans: readonly Span[], from: number, to: number): number =>
  spans.reduce((sum, [begins, ends]) => sum + Math.max(0, Math.min(ends, to) - Math.max(begins, from)), 0);

interface Asked extends TimeRange {
  /** Absent: all. */
  readonly beds: ReadonlySet<string> | undefined;
}
const NUMBERS = 'FROM "raw"."numeric" WHERE';

/**
 * The series that may have gaps. Cut into slots of half a limit, beginning one before the range: where no slot is empty no
 * two numbers are further apart than the limit, and nothing else need be asked. That is most of them, at a third of the cost.
 */
const withEmptySlots = async (place: InfluxPlace, { from, to, beds }: Asked): Promise<(series: Rows) => boolean> => {
  const full = new Set<string>();
  const ask = async ([limit, codes]: readonly [number, string]): Promise<void> => {
    const slot = limit / 2;
    const range = `${within({ from: moment(from - slot), to })}${ofBeds(beds)} AND ${codes}`;
    const slots = `SELECT count("value") AS "n" ${NUMBERS} ${range} ${BY_SERIES}, time(${slot}u) fill(none)`;
    for (const { tags, values } of await askInfluxQl(place, `SELECT count("n") FROM (${slots}) ${BY_SERIES}`))
      if (Number(values[0]![1]) === (to - from) / slot + 1) full.add(keyOf(tags));
  };
  await Promise.all([...BY_LIMIT].map(ask));
  return ({ tags }) => staleAfter(Number(tags['code'])) < MINUTE && !full.has(keyOf(tags));
};

/** When each of these series was not there, in microseconds: the server says first, last and what is too far apart. */
const missingIn = async (
  place: InfluxPlace,
  { from, to }: Asked,
  series: readonly Rows[],
): Promise<(tags: Tags) => readonly Span[]> => {
  if (series.length === 0) return () => [];
  const beds = new Set(series.map(({ tags }) => textOfTag(tags['bed'] ?? '')));
  const codes = new Set(series.map(({ tags }) => tags['code'] ?? ''));
  const ofThem = codes.size > NAMED_CODES_MAX ? ofBeds(beds) : `${ofBeds(beds)} AND ${named('=~', codes)}`;
  const own = `${within({ from, to })}${ofThem}`;
  const earlier = `${within({ from: moment(from - MINUTE), to: from })}${ofThem}`;
  const firstOrLast = [`first("value") ${NUMBERS} ${own}`, `last("value") ${NUMBERS} ${own}`];
  const [first, last, before] = await Promise.all(
    [...firstOrLast, `last("value") ${NUMBERS} ${earlier}`].map(async (what) =>
      momentsOf(await askInfluxQl(place, `SELECT ${what} ${BY_SERIES}`)),
    ),
  );
  const between = new Map<string, readonly Span[]>();
  for (const [limit, ofLimit] of BY_LIMIT) {
    const each = `SELECT elapsed("value", 1u) AS "gap" ${NUMBERS} ${own} AND ${ofLimit} ${BY_SERIES}`;
    const tooLong = `SELECT "gap" FROM (${each}) WHERE "gap" > ${limit} ${BY_SERIES}`;
    for (const [key, gaps] of gapsOf(await askInfluxQl(place, tooLong), limit)) between.set(key, gaps);
  }
  const asked = new Set(series.map(({ tags }) => keyOf(tags)));
  return (tags) => {
    const key = keyOf(tags);
    if (!asked.has(key)) return [];
    const limit = staleAfter(Number(tags['code']));
    const thereUntil = Math.max(from, (before!.get(key) ?? Number.NEGATIVE_INFINITY) + limit);
    return [[thereUntil, first!.get(key) ?? from], ...(between.get(key) ?? []), [(last!.get(key) ?? to) + limit, to]];
  };
};

/**
 * The lines of numeric_1m of whole minutes. No number comes here, however often it is measured: a row for each series and
 * minute, and what is asked further is of those series only in which something may be missing.
 */
const linesOf = async (place: InfluxPlace, asked: Asked): Promise<string[]> => {
  const { from, to, beds } = asked;
  const [counted, mayHaveGaps] = await Promise.all([
    askInfluxQl(
      place,
      `SELECT min("value"), max("value"), mean("value"), count("value") ${NUMBERS} ${within(asked)}${ofBeds(beds)} ${BY_SERIES}, time(1m) fill(none)`,
    ),
    withEmptySlots(place, asked),
  ]);
  const doubtful = counted.filter(mayHaveGaps);
  if (to - from > MINUTE && gapsAtMost(doubtful) > ANSWER_MAX) {
    const middle = moment(from + Math.floor((to - from) / MINUTE / 2) * MINUTE);
    const earlier = await linesOf(place, { from, to: middle, beds });
    return [...earlier, ...(await linesOf(place, { from: middle, to, beds }))];
  }
  const missing = await missingIn(place, asked, doubtful);
  return counted.flatMap(({ tags, values }) => {
    const spans = missing(tags);
    return values.map((row) => {
      const start = Number(row[0]);
      // Numbers that came between two of the questions have it rolled up again.
      return lineOf(tags, row, Math.max(0, 1 - overlap(spans, start, start + MINUTE) / MINUTE));
    });
  });
};

/**
 * The same, where this process wrote most of it: the server says how many numbers there are, and the rest is known. What it
 * counts otherwise, and what has gaps, it is asked for in full.
 */
const linesAsWritten = async (
  place: InfluxPlace,
  asked: Asked & { readonly beds: ReadonlySet<string> },
  written: MinutesAsWritten,
): Promise<string[]> => {
  const own = written.of(asked, asked.beds);
  const counted = await askInfluxQl(
    place,
    `SELECT count("value") ${NUMBERS} ${within(asked)}${ofBeds(asked.beds)} ${BY_SERIES}, time(1m) fill(none)`,
  );
  const ownOf = ({ tags }: Rows, at: unknown, count: unknown): WrittenMinute | undefined => {
    const { bed = '', code = '', device = '', ucum = '' } = tags;
    const minute = own.get(minuteKey(textOfTag(bed), code, device, textOfTag(ucum), Number(at)));
    return minute?.count === count ? minute : undefined;
  };
  const others = new Set<string>();
  for (const rows of counted)
    if (rows.values.some(([at, count]) => ownOf(rows, at, count) === undefined))
      others.add(textOfTag(rows.tags['bed'] ?? ''));
  if (others.size > NAMED_BEDS_MAX) return linesOf(place, asked);
  const lines = others.size === 0 ? [] : await linesOf(place, { ...asked, beds: others });
  for (const rows of counted) {
    if (others.has(textOfTag(rows.tags['bed'] ?? ''))) continue;
    for (const [at, count] of rows.values) {
      const { min, max, mean } = ownOf(rows, at, count)!;
      lines.push(lineOf(rows.tags, [at!, min, max, mean, count!], 1));
    }
  }
  return lines;
};

/** Minutes that are asked for at once: a start looks back so far. */
const MINUTES_MAX = 10;

/** The lines of numeric_1m of [from, to), both whole minutes, in pieces. */
export async function* minuteLines(
  place: InfluxPlace,
  { from, to, beds }: Asked,
  written: MinutesAsWritten,
): AsyncGenerator<readonly string[]> {
  for (let start = from; start < to; start = moment(start + MINUTES_MAX * MINUTE)) {
    const piece = { from: start, to: moment(Math.min(to, start + MINUTES_MAX * MINUTE)) };
    if (beds === undefined) yield await linesOf(place, { ...piece, beds });
    else yield await linesAsWritten(place, { ...piece, beds }, written);
  }
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
