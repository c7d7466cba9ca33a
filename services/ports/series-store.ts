import type { TaskEither } from 'fp-ts/lib/TaskEither.js';
import type { AlarmEvent } from '../../schemas/generated/vigil/v1/alarms_pb.ts';
import type { Finding } from '../../schemas/generated/vigil/v1/findings_pb.ts';
import type { Microseconds, Moment } from '../../schemas/units.ts';

/** One value of one series. A series is bed × source × code × unit; two devices never overwrite each other. */
export interface NumericPoint {
  readonly bed: string;
  readonly source: string;
  readonly code: number;
  readonly unit: string;
  readonly at: Moment;
  readonly value: number;
}

/** A stretch of samples of one signal, as it came. */
export interface WaveBlock {
  readonly bed: string;
  readonly source: string;
  readonly code: number;
  readonly unit: string;
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

export interface SeriesWrite {
  readonly numerics: readonly NumericPoint[];
  readonly findings: readonly StoredFinding[];
  readonly alarms: readonly AlarmEvent[];
  /** The strip around an alarm; kept as long as the alarm. */
  readonly strips: readonly { readonly alarm: string; readonly block: WaveBlock }[];
}

export interface SeriesError {
  readonly tag: 'StoreUnavailable' | 'StoreRefused' | 'Closed';
  readonly retriable: boolean;
  readonly sentence: string;
  readonly cause?: unknown;
}

export interface Bucket {
  readonly start: Moment;
  readonly min: number;
  readonly max: number;
  readonly mean: number;
  readonly count: number;
}

export interface Range {
  readonly bed: string;
  readonly from: Moment;
  /** Not included. */
  readonly to: Moment;
}

export interface SeriesStore {
  /** Right only after the store keeps it. The same write again changes nothing. */
  readonly write: (what: SeriesWrite) => TaskEither<SeriesError, void>;
  readonly numerics: (
    range: Range & { code: number; source?: string },
  ) => TaskEither<SeriesError, readonly NumericPoint[]>;
  /** Empty buckets are left out: a gap is a gap. */
  readonly buckets: (
    range: Range & { code: number; source?: string; width: Microseconds },
  ) => TaskEither<SeriesError, readonly Bucket[]>;
  readonly findings: (
    range: Range & { kind?: Finding['kind']['case'] },
  ) => TaskEither<SeriesError, readonly StoredFinding[]>;
  readonly alarms: (range: Range) => TaskEither<SeriesError, readonly AlarmEvent[]>;
  readonly strip: (alarm: string) => TaskEither<SeriesError, readonly WaveBlock[]>;
  readonly close: () => Promise<void>;
}
