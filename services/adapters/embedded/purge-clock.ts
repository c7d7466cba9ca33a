import type { StatementSync } from 'node:sqlite';

/** A clock that leapt by more than this, or a machine that was off for longer: which of the two it was nobody can tell. */
const LEAP_US = 86_400e6;
/** A leap is believed when Vigil has run with it as long as it is, and at the latest after a week. */
const BELIEVED_AFTER_US = 7 * 86_400e6;

/** By which time a file's records grow old, and what it follows from. Microseconds since 1970. */
export interface PurgeClock {
  /** The machine's clock at the last round of purging. */
  readonly roundUs: number;
  /** What counts for the purge where the machine's clock is not earlier: the same, unless that one leapt. */
  readonly atUs: number;
  /** Where `atUs` stood when the leap was noticed; undefined: it is the machine's clock. */
  readonly doubtedSinceUs: number | undefined;
}

/**
 * The clock of the next round. A machine that wakes in 2099 would find a year of alarms over its time: after a leap this clock goes
 * on from where it stood, as long as Vigil runs, and follows only when the leap has stood its time without being mended.
 */
export const nextPurgeClock = (before: PurgeClock, nowUs: number): PurgeClock => {
  const believed: PurgeClock = { roundUs: nowUs, atUs: nowUs, doubtedSinceUs: undefined };
  if (Math.abs(nowUs - before.atUs) <= LEAP_US) return believed;
  const passedUs = nowUs - before.roundUs;
  const leaptNow = Math.abs(passedUs) > LEAP_US;
  const atUs = before.atUs + (leaptNow ? 0 : Math.max(0, passedUs));
  const doubtedSinceUs = leaptNow ? atUs : (before.doubtedSinceUs ?? atUs);
  if (atUs - doubtedSinceUs >= Math.min(Math.abs(nowUs - atUs), BELIEVED_AFTER_US)) return believed;
  return { roundUs: nowUs, atUs, doubtedSinceUs };
};

/** What an operator must hear of a clock that is not believed yet; undefined: nothing, also where it was set back, which lets nothing go. */
export const doubtSentence = (path: string, { roundUs, atUs, doubtedSinceUs }: PurgeClock): string | undefined => {
  if (doubtedSinceUs === undefined || atUs > roundUs) return undefined;
  const days = ((roundUs - atUs) / 86_400e6).toFixed(0);
  const leftUs = Math.min(roundUs - atUs, BELIEVED_AFTER_US) - (atUs - doubtedSinceUs);
  const until = new Date((roundUs + leftUs) / 1e3).toISOString().slice(0, 16);
  return `the clock is ${days} days ahead of when ${path} was last tidied: Vigil was away that long, or the clock is wrong. What these days alone would make too old is kept until ${until}Z by this clock; if it is wrong, set it right (NTP) before`;
};

type Statement = (sql: string) => StatementSync;

/** Of its own: an older release opens the file and does not miss it. */
const TABLE = `CREATE TABLE IF NOT EXISTS purge_clock
  (only_row INTEGER PRIMARY KEY CHECK (only_row = 1), round_us REAL NOT NULL, at_us REAL NOT NULL, doubted_since_us REAL)`;

/** The file's clock at a round of purging, kept in the file; its first round believes the machine's. Belongs into a write transaction. */
export const purgeClockIn = (statement: Statement, nowUs: number): PurgeClock => {
  statement(TABLE).run();
  const row = statement('SELECT round_us, at_us, doubted_since_us FROM purge_clock').get() as
    | { readonly round_us: number; readonly at_us: number; readonly doubted_since_us: number | null }
    | undefined;
  const {
    round_us: roundUs,
    at_us: atUs,
    doubted_since_us: doubted,
  } = row ?? {
    ...{ round_us: nowUs, at_us: nowUs, doubted_since_us: null },
  };
  const clock = nextPurgeClock({ roundUs, atUs, doubtedSinceUs: doubted ?? undefined }, nowUs);
  statement('INSERT OR REPLACE INTO purge_clock VALUES (1, ?, ?, ?)').run(
    ...[clock.roundUs, clock.atUs, clock.doubtedSinceUs ?? null],
  );
  return clock;
};
