import type { StatementSync } from 'node:sqlite';
import { type Moment, moment } from '../../../schemas/units.ts';
import { heldBefore, heldSpans, notHeld } from '../../ports/held-spans.ts';
import type { Purged, PurgeReport } from '../../ports/holds.ts';
import type { TimeRange } from '../../ports/series-store.ts';
import { doubtSentence, type PurgeClock, purgeClockIn } from './purge-clock.ts';
import { holdsIn } from './sqlite-series-store-holds.ts';
import type { SeriesRetention } from './sqlite-series-store-messages.ts';

/** What is purged: a table, the column of its moments, and how long it is kept. */
interface Kept {
  readonly what: 'numerics' | 'minutes' | 'findings' | 'engine' | 'alarms' | 'waves';
  readonly column: 'at' | 'start';
  readonly us: number;
}

const keptOf = ({ numericsUs, minutesUs, findingsUs, alarmsUs }: SeriesRetention): readonly Kept[] => [
  { what: 'numerics', column: 'at', us: numericsUs },
  { what: 'minutes', column: 'at', us: minutesUs },
  { what: 'findings', column: 'at', us: findingsUs },
  { what: 'engine', column: 'at', us: findingsUs },
  { what: 'alarms', column: 'at', us: alarmsUs },
  { what: 'waves', column: 'start', us: alarmsUs },
];

/** Held rows that were counted: a held span may have millions of them, and is counted once as it grows old. */
export interface HeldCount {
  readonly of: string;
  readonly until: Moment;
  readonly rows: number;
}

export interface PurgeOptions {
  readonly statement: (sql: string) => StatementSync;
  readonly transaction: (work: () => void) => undefined;
  readonly keep: SeriesRetention;
  /** What was counted in the rounds before, by table. */
  readonly counted: Map<string, HeldCount>;
  readonly path: string;
  /** The machine's clock, microseconds since 1970. */
  readonly nowUs: number;
}

/**
 * Lets go what is over its time and not held, counted back from the newest of its kind, in small transactions so that
 * writers get their turn. Each transaction looks at the holds anew: one that was placed meanwhile is heard.
 */
export const purgeSeries = (options: PurgeOptions): PurgeReport => {
  const clock = clockOf(options);
  const doubt = doubtSentence(options.path, clock);
  const purged = keptOf(options.keep).flatMap((kept) => {
    const began = performance.now();
    const until = horizonOf(options, kept, Math.min(clock.atUs, options.nowUs));
    if (until === undefined) return [];
    const { gone, held } = SERIES.includes(kept.what)
      ? purgeBySeries(options, kept, until)
      : purgeByBed(options, kept, until);
    return [{ what: kept.what, until, gone, held, tookMs: Math.round(performance.now() - began) } satisfies Purged];
  });
  return { purged, changed: [], holds: holdsIn(options.statement), ...(doubt === undefined ? {} : { doubt }) };
};

const clockOf = ({ statement, transaction, nowUs }: PurgeOptions): PurgeClock => {
  let clock: PurgeClock | undefined;
  transaction(() => {
    clock = purgeClockIn(statement, nowUs);
  });
  return clock!;
};

/** These lie by series; the others by bed, and what is the engine's has none. */
const SERIES: readonly Kept['what'][] = ['numerics', 'minutes'];

/** Undefined: nothing is there, or it is kept for ever. A point from the future must not make the present old. */
const horizonOf = ({ statement }: PurgeOptions, { what, column, us }: Kept, nowUs: number): Moment | undefined => {
  // Of each series by its key: millions of numbers are not looked through for one.
  const newestOf = SERIES.includes(what)
    ? `SELECT max(own) AS newest FROM (SELECT (SELECT max(at) FROM ${what} WHERE series = each.series) AS own FROM series AS each)`
    : `SELECT max(${column}) AS newest FROM ${what}`;
  const { newest } = statement(newestOf).get() as { newest: number | null };
  return newest === null || us === Number.POSITIVE_INFINITY ? undefined : moment(Math.min(newest, nowUs) - us);
};

interface Tally {
  gone: number;
  held: number;
}

const purgeBySeries = ({ statement, transaction, counted }: PurgeOptions, { what }: Kept, until: Moment): Tally => {
  const tally = { gone: 0, held: 0 };
  const gone = statement(`DELETE FROM ${what} WHERE series = ? AND at >= ? AND at < ?`);
  const count = statement(`SELECT count(*) AS rows FROM ${what} WHERE series = ? AND at >= ? AND at < ?`);
  const nameless = statement(
    `DELETE FROM series WHERE series = ?1 AND NOT EXISTS (SELECT 1 FROM numerics WHERE series = ?1)
     AND NOT EXISTS (SELECT 1 FROM minutes WHERE series = ?1)`,
  );
  for (const { series, bed } of statement('SELECT series, bed FROM series').all() as { series: number; bed: string }[])
    transaction(() => {
      const spans = heldSpans(holdsIn(statement)).get(bed) ?? [];
      for (const { from, to } of notHeld(spans, until)) tally.gone += Number(gone.run(series, from, to).changes);
      const rows = ({ from, to }: TimeRange): number => (count.get(series, from, to) as { rows: number }).rows;
      tally.held += countHeld(counted, `${what} ${series}`, spans, until, rows);
      nameless.run(series);
    });
  return tally;
};

const purgeByBed = (
  { statement, transaction, counted }: PurgeOptions,
  { what, column }: Kept,
  until: Moment,
): Tally => {
  const tally = { gone: 0, held: 0 };
  transaction(() => {
    const held = what === 'engine' ? new Map<string, readonly TimeRange[]>() : heldSpans(holdsIn(statement));
    const others = held.size === 0 ? '' : ` AND bed NOT IN (${[...held].map(() => '?').join(', ')})`;
    const free = statement(`DELETE FROM ${what} WHERE ${column} < ?${others}`).run(until, ...held.keys());
    tally.gone += Number(free.changes);
    if (held.size === 0) return;
    const gone = statement(`DELETE FROM ${what} WHERE bed = ? AND ${column} >= ? AND ${column} < ?`);
    const count = statement(`SELECT count(*) AS rows FROM ${what} WHERE bed = ? AND ${column} >= ? AND ${column} < ?`);
    for (const [bed, spans] of held) {
      for (const { from, to } of notHeld(spans, until)) tally.gone += Number(gone.run(bed, from, to).changes);
      const rows = ({ from, to }: TimeRange): number => (count.get(bed, from, to) as { rows: number }).rows;
      tally.held += countHeld(counted, `${what} ${bed}`, spans, until, rows);
    }
  });
  return tally;
};

const countHeld = (
  counted: Map<string, HeldCount>,
  key: string,
  spans: readonly TimeRange[],
  until: Moment,
  rows: (range: TimeRange) => number,
): number => {
  if (spans.length === 0) {
    counted.delete(key);
    return 0;
  }
  const of = JSON.stringify(spans);
  const before = counted.get(key);
  const known = before !== undefined && before.of === of && before.until <= until ? before : undefined;
  let held = known?.rows ?? 0;
  for (const { from, to } of heldBefore(spans, until)) {
    const since = moment(Math.max(from, known?.until ?? from));
    if (since < to) held += rows({ from: since, to });
  }
  counted.set(key, { of, until, rows: held });
  return held;
};
