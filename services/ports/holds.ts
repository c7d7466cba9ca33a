import type { Moment } from '../../schemas/units.ts';

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
  /** The machine's clock leapt, and the round did not go by it: why, and what to do. */
  readonly doubt?: string;
  readonly holds: readonly Hold[];
}

/** Whether a hold was not released. */
export const stands = ({ released }: Hold): boolean => released === undefined;
