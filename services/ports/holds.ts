import type { TaskEither } from 'fp-ts/lib/TaskEither.js';
import { type Moment, microseconds, minutes, moment } from '../../schemas/units.ts';
import type { SeriesError, TimeRange } from './series-store.ts';

/** What one bed's series say of a span of time must stay, however old it gets: a court asks, a study, an inquiry. */
export interface Hold {
  readonly id: string;
  readonly bed: string;
  readonly from: Moment;
  /** Not included. Absent: without end; what still comes is held, too. */
  readonly to?: Moment;
  /** Why, in the words of who placed it. It may name a person: it is not for the journal. */
  readonly reason: string;
  readonly by: string;
  readonly at: Moment;
  /** Absent: it stands. */
  readonly released?: Released;
}

export interface Released {
  readonly at: Moment;
  readonly by: string;
  /** Empty: none was given. */
  readonly reason: string;
}

/** What one round let go of one kind of series. */
export interface Purged {
  /** The table or the tier. */
  readonly what: string;
  /** What is older than this was over its time. */
  readonly until: Moment;
  /** Rows; absent: the store does not say. */
  readonly gone?: number;
  /** Rows that are over their time and stay because of holds; absent: the store does not say. */
  readonly held?: number;
  readonly tookMs: number;
}

export interface PurgeReport {
  readonly purged: readonly Purged[];
  /** What else was done to the store's own retention, in sentences. */
  readonly changed: readonly string[];
  readonly holds: readonly Hold[];
}

/** How a series store lets go of what is over its time, and what it must not let go. */
export interface Keeping {
  /** Right: from now on no purge takes it. What was purged before is gone. The same again changes nothing. */
  readonly hold: (hold: Hold) => TaskEither<SeriesError, void>;
  /** The next purge takes what no other hold has. Right: the hold as it was released; undefined: no such hold stands. */
  readonly release: (id: string, released: Released) => TaskEither<SeriesError, Hold | undefined>;
  /** In the order in which they were placed, also released ones. */
  readonly holds: () => TaskEither<SeriesError, readonly Hold[]>;
  /** Lets go what is over its time and not held. The same again lets nothing go that is in time. */
  readonly purge: () => TaskEither<SeriesError, PurgeReport>;
}

/** Whether a hold was not released. */
export const stands = ({ released }: Hold): boolean => released === undefined;

/** A minute, or a block of waves, that reaches into a span begins before it. */
const REACHES_IN = minutes(10);
/** Before every moment that a store may have: the year 1684, where InfluxDB's time nearly begins. */
export const BEGINNING = moment(-9e15);

/** The spans of each bed that standing holds keep, each from ten minutes before; in order, and none touches another. */
export const heldSpans = (holds: readonly Hold[]): ReadonlyMap<string, readonly TimeRange[]> => {
  const spans = new Map<string, TimeRange[]>();
  for (const { bed, from, to } of holds.filter(stands).toSorted((a, b) => a.from - b.from)) {
    const own = spans.get(bed) ?? [];
    spans.set(bed, own);
    const span = { from: moment(from - REACHES_IN), to: to ?? moment(Number.POSITIVE_INFINITY) };
    const last = own.at(-1);
    if (last === undefined || last.to < span.from) own.push(span);
    else own[own.length - 1] = { from: last.from, to: moment(Math.max(last.to, span.to)) };
  }
  return spans;
};

/** What lies before `until` and in none of these spans. */
export const notHeld = (spans: readonly TimeRange[], until: Moment): readonly TimeRange[] => {
  const free: TimeRange[] = [];
  let from = BEGINNING;
  for (const span of spans) {
    if (span.from >= until) break;
    if (span.from > from) free.push({ from, to: span.from });
    from = span.to;
  }
  if (from < until) free.push({ from, to: until });
  return free;
};

/** What of these spans lies before `until`. */
export const heldBefore = (spans: readonly TimeRange[], until: Moment): readonly TimeRange[] =>
  spans.filter(({ from }) => from < until).map(({ from, to }) => ({ from, to: moment(Math.min(to, until)) }));

/** Days as a length of time; 0 days are for ever. */
export const daysKept = (days: number) => microseconds(days === 0 ? Number.POSITIVE_INFINITY : days * 86_400e6);
