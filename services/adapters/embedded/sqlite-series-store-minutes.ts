import type { StatementSync } from 'node:sqlite';
import { staleAfter } from '../../../stream-models/vocabulary/stale-after.ts';
import type { SeriesQuestions } from './sqlite-series-store-messages.ts';

const MINUTE_US = 60e6;

/**
 * The minutes ?2 … ?3 of a series. A number is there until the next one, or until it is ?4 old: what is missing before each
 * number, and after the last one of a minute, is no part of `complete`. Of the time before ?2 only a minute counts.
 */
const MADE = `
  INSERT OR REPLACE INTO minutes (series, at, min, max, mean, count, complete)
  SELECT ?1, minute, min(value), max(value), avg(value), count(*),
    1 - (sum(max(0, at - max(minute, there_until))) + max(0, minute + ${MINUTE_US} - max(at) - ?4)) / ${MINUTE_US}
  FROM (
    SELECT at, value, CAST(at / ${MINUTE_US} AS INTEGER) * ${MINUTE_US}.0 AS minute, ?4 + coalesce(
      lag(at) OVER (ORDER BY at),
      (SELECT max(at) FROM numerics WHERE series = ?1 AND at < ?2 AND at >= ?2 - ${MINUTE_US}), ?2 - ?4
    ) AS there_until
    FROM numerics WHERE series = ?1 AND at >= ?2 AND at < ?3
  )
  GROUP BY minute`;
/** A minute is not long enough to say when a number of these is missing. */
const MADE_WHOLE = `
  INSERT OR REPLACE INTO minutes (series, at, min, max, mean, count, complete)
  SELECT ?1, CAST(at / ${MINUTE_US} AS INTEGER) * ${MINUTE_US}.0 AS minute, min(value), max(value), avg(value), count(*), 1
  FROM numerics WHERE series = ?1 AND at >= ?2 AND at < ?3 GROUP BY minute`;

/** Whether both ends are whole minutes. */
export const wholeMinutes = ({ from, to }: { readonly from: number; readonly to: number }): boolean =>
  from % MINUTE_US === 0 && to % MINUTE_US === 0;

/**
 * Whole minutes of every series anew from its numbers. Answers how many. Where there are no numbers a minute stays as it is: numbers
 * go only when they are over their time, which is sooner than their minutes'.
 */
export const rollUp = (
  statement: (sql: string) => StatementSync,
  { from, to, beds }: SeriesQuestions['rollUp']['ask'],
): number => {
  const all = statement('SELECT series, bed, code FROM series').all() as {
    series: number;
    bed: string;
    code: number;
  }[];
  const made = statement(MADE);
  const madeWhole = statement(MADE_WHOLE);
  let count = 0;
  for (const { series, bed, code } of all) {
    if (beds !== undefined && !beds.has(bed)) continue;
    const limit = staleAfter(code);
    const { changes } = limit < MINUTE_US ? made.run(series, from, to, limit) : madeWhole.run(series, from, to);
    count += Number(changes);
  }
  return count;
};
