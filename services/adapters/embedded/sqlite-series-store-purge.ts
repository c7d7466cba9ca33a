import type { DatabaseSync } from 'node:sqlite';
import type { SeriesThreadSettings } from './sqlite-series-store-messages.ts';

const newest = (database: DatabaseSync, table: string, column: string): number => {
  const row = database.prepare(`SELECT max(${column}) AS newest FROM ${table}`).get() as
    | { newest: number | null }
    | undefined;
  // A point from the future must not make the present old.
  return Math.min(row?.newest ?? Number.NEGATIVE_INFINITY, Date.now() * 1e3);
};

/**
 * Lets go what is over its time, counted back from the newest of its kind, in small transactions so that writers get
 * their turn. Waves are kept as long as alarms.
 */
export const purgeSeries = (
  database: DatabaseSync,
  transaction: (work: () => void) => undefined,
  keep: NonNullable<SeriesThreadSettings['keep']>,
): void => {
  const numericsFrom = newest(database, 'numerics', 'at') - keep.numericsUs;
  const minutesFrom = newest(database, 'minutes', 'at') - keep.minutesUs;
  for (const { series } of database.prepare('SELECT series FROM series').all() as { series: number }[])
    transaction(() => {
      database.prepare('DELETE FROM numerics WHERE series = ? AND at < ?').run(series, numericsFrom);
      database.prepare('DELETE FROM minutes WHERE series = ? AND at < ?').run(series, minutesFrom);
      database
        .prepare(
          `DELETE FROM series WHERE series = ?1 AND NOT EXISTS (SELECT 1 FROM numerics WHERE series = ?1)
           AND NOT EXISTS (SELECT 1 FROM minutes WHERE series = ?1)`,
        )
        .run(series);
    });
  const from: readonly (readonly [table: string, column: string, keptUs: number])[] = [
    ['findings', 'at', keep.findingsUs],
    ['engine', 'at', keep.findingsUs],
    ['alarms', 'at', keep.alarmsUs],
    ['waves', 'start', keep.alarmsUs],
  ];
  for (const [table, column, keptUs] of from) {
    const oldest = newest(database, table, column) - keptUs;
    transaction(() => void database.prepare(`DELETE FROM ${table} WHERE ${column} < ?`).run(oldest));
  }
};
