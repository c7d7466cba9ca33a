import type { TaskEither } from 'fp-ts/lib/TaskEither.js';
import type { AlarmEvent } from '../../schemas/generated/vigil/v1/alarms_pb.ts';
import type { Finding } from '../../schemas/generated/vigil/v1/findings_pb.ts';
import type { Microseconds, Moment } from '../../schemas/units.ts';
import type { Hold, PurgeReport, Released } from './holds.ts';

/** One value of one series. A series is bed × device × code × unit; two devices never overwrite each other. */
export interface NumericPoint {
  readonly bed: string;
  /** Which of the bed's devices measured it: 0 is Vigil itself (schemas/series.ts). `source` is its name. */
  readonly device: number;
  readonly source: string;
  readonly code: number;
  /** UCUM: Vigil's own unit of the code; of a code that Vigil does not know, the unit that came with it. */
  readonly unit: string;
  readonly at: Moment;
  readonly value: number;
}

/**
 * A stretch of samples of one signal, as it came: rateNumerator / rateDenominator samples a second, each (sample - offset) · gain in
 * `unit` (UCUM), or NO_SAMPLE. Bed, device, code and start name it.
 */
export interface WaveBlock {
  readonly bed: string;
  readonly device: number;
  readonly source: string;
  readonly code: number;
  readonly unit: string;
  /** Bed time of the first sample. */
  readonly start: Moment;
  readonly rateNumerator: number;
  readonly rateDenominator: number;
  readonly gain: number;
  readonly offset: number;
  readonly samples: Int16Array;
}

export interface StoredFinding {
  readonly bed: string;
  readonly finding: Finding;
}

export interface StoredAlarm {
  readonly event: AlarmEvent;
  /** Where it stands on the log: the order of what was said of one moment. */
  readonly place: bigint;
}

/** A figure of one of Vigil's own processes. */
export interface EngineReading {
  readonly process: string;
  readonly metric: string;
  readonly label: string;
  readonly at: Moment;
  readonly value: number;
}

export interface SeriesWrite {
  readonly numerics: readonly NumericPoint[];
  readonly findings: readonly StoredFinding[];
  readonly alarms: readonly StoredAlarm[];
  /** Waves around alarms; kept as long as alarms. */
  readonly strips: readonly WaveBlock[];
  readonly engine: readonly EngineReading[];
}

/** What the store could not do. `retriable`: the same may be asked again, later. */
export interface SeriesError {
  /** `StoreReplaced`: what was kept before is no longer there; what is asked again is kept. */
  readonly tag: 'StoreUnavailable' | 'StoreRefused' | 'StoreReplaced' | 'Closed';
  readonly retriable: boolean;
  /** What is wrong, where, and what to do. */
  readonly sentence: string;
  /** The store asked to be left alone for so long. */
  readonly notBeforeMs?: number;
  readonly cause?: unknown;
}

/** What the numbers of a stretch of time were, in the unit of their code. */
export interface Bucket {
  readonly start: Moment;
  readonly min: number;
  readonly max: number;
  readonly mean: number;
  readonly count: number;
}

/** A minute as it was rolled up. */
export interface Minute extends Bucket {
  /**
   * The share of the minute in which the signal was there: in which its newest number was no older than the limit of age
   * of its code (stream-models/vocabulary/stale-after.ts). Looks back at most a minute; of a code whose limit is a minute or
   * longer, a minute with a number is whole. Of several devices that of the most complete one. Absent: an older release
   * rolled the minute up.
   */
  readonly complete?: number;
}

export interface TimeRange {
  readonly from: Moment;
  /** Not included. */
  readonly to: Moment;
}

export interface Range extends TimeRange {
  readonly bed: string;
}

export interface SignalRange extends Range {
  readonly code: number;
  /** Absent: all devices of the bed. */
  readonly device?: number;
}

/** How a series store lets go of what is over its time, and what it must not let go. */
interface Keeping {
  /** Right: from now on no purge takes it. What was purged before is gone. The same again changes nothing. */
  readonly hold: (hold: Hold) => TaskEither<SeriesError, void>;
  /** The next purge takes what no other hold has. Right: the hold as it was released; undefined: no such hold stands. */
  readonly release: (id: string, released: Released) => TaskEither<SeriesError, Hold | undefined>;
  /** In the order in which they were placed, also released ones. */
  readonly holds: () => TaskEither<SeriesError, readonly Hold[]>;
  /** Lets go what is over its time and not held. The same again lets nothing go that is in time. */
  readonly purge: () => TaskEither<SeriesError, PurgeReport>;
}

/** Series for those who look back. No TaskEither of it rejects. */
export interface SeriesStore extends Keeping {
  /** Right only after the store keeps it. The same write again changes nothing. */
  readonly write: (what: SeriesWrite) => TaskEither<SeriesError, void>;
  /**
   * Makes the whole minutes of [from, to) of these beds (absent: all) anew from their numbers: least, most, mean,
   * count and completeness of each series. A minute without numbers gets none. The same again changes nothing. `from` and `to` are whole
   * minutes. Right: how many minutes of series were made.
   */
  readonly rollUp: (what: TimeRange & { beds?: ReadonlySet<string> }) => TaskEither<SeriesError, number>;
  readonly numerics: (range: SignalRange) => TaskEither<SeriesError, readonly NumericPoint[]>;
  /** Empty buckets are left out: a gap is a gap. Devices and units of a code are taken together. */
  readonly buckets: (range: SignalRange & { width: Microseconds }) => TaskEither<SeriesError, readonly Bucket[]>;
  /** Minutes that were rolled up, which outlive the numbers. Devices and units of a code are taken together. */
  readonly minutes: (range: Range & { code: number }) => TaskEither<SeriesError, readonly Minute[]>;
  readonly findings: (
    range: Range & { kind?: Finding['kind']['case'] },
  ) => TaskEither<SeriesError, readonly StoredFinding[]>;
  /** In the order of their moments, and of one moment in that of the log. */
  readonly alarms: (range: Range) => TaskEither<SeriesError, readonly AlarmEvent[]>;
  /** Waves that were kept of a bed and have a sample of the range, in the order of code, device and start. */
  readonly waves: (range: Range) => TaskEither<SeriesError, readonly WaveBlock[]>;
  readonly engine: (range: TimeRange & { metric: string }) => TaskEither<SeriesError, readonly EngineReading[]>;
  readonly close: () => Promise<void>;
}
