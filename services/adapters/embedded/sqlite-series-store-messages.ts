import type { Hold, PurgeReport, Released } from '../../ports/holds.ts';
import type { EngineReading, SeriesError } from '../../ports/series-store.ts';

/** What the store's thread is told at its start. */
export interface SeriesThreadSettings {
  readonly path: string;
  readonly busyMsMax: number;
  readonly keep: SeriesRetention | undefined;
}

/** How long each kind is kept, in bed time before the newest of its kind. Waves are kept as long as alarms. */
export interface SeriesRetention {
  readonly numericsUs: number;
  readonly minutesUs: number;
  readonly findingsUs: number;
  readonly alarmsUs: number;
}

/** Points in columns: `series[of[i]]` had `value[i]` at `at[i]`. */
export interface PackedNumerics {
  readonly series: readonly SeriesName[];
  readonly of: Uint32Array<ArrayBuffer>;
  readonly at: Float64Array<ArrayBuffer>;
  readonly value: Float64Array<ArrayBuffer>;
}
export interface SeriesName {
  readonly bed: string;
  readonly device: number;
  readonly source: string;
  readonly code: number;
  readonly unit: string;
}
export interface StoredBlock extends SeriesName {
  readonly start: number;
  readonly rateNumerator: number;
  readonly rateDenominator: number;
  readonly gain: number;
  readonly offset: number;
  readonly samples: Int16Array;
}

interface RangeAsked {
  readonly bed: string;
  readonly from: number;
  readonly to: number;
}
interface SeriesAsked extends RangeAsked {
  readonly code: number;
  readonly device: number | undefined;
}

/** Every question, and its answer. */
export interface SeriesQuestions {
  readonly write: {
    readonly ask: {
      readonly numerics: PackedNumerics;
      readonly findings: readonly {
        readonly bed: string;
        readonly at: number;
        readonly kind: string;
        readonly bytes: Uint8Array;
      }[];
      readonly alarms: readonly {
        readonly bed: string;
        readonly at: number;
        readonly place: bigint;
        readonly bytes: Uint8Array;
      }[];
      readonly strips: readonly StoredBlock[];
      readonly engine: readonly EngineReading[];
    };
    readonly answer: undefined;
  };
  readonly numerics: { readonly ask: SeriesAsked; readonly answer: PackedNumerics };
  readonly buckets: {
    readonly ask: SeriesAsked & { readonly width: number };
    readonly answer: readonly {
      readonly number: number;
      readonly min: number;
      readonly max: number;
      readonly mean: number;
      readonly count: number;
    }[];
  };
  readonly findings: {
    readonly ask: RangeAsked & { readonly kind: string | undefined };
    readonly answer: readonly Uint8Array[];
  };
  readonly alarms: { readonly ask: RangeAsked; readonly answer: readonly Uint8Array[] };
  readonly minutes: {
    readonly ask: RangeAsked & { readonly code: number };
    readonly answer: readonly {
      readonly start: number;
      readonly min: number;
      readonly max: number;
      readonly mean: number;
      readonly count: number;
      readonly complete: number | null;
    }[];
  };
  readonly rollUp: {
    readonly ask: { readonly from: number; readonly to: number; readonly beds: ReadonlySet<string> | undefined };
    readonly answer: number;
  };
  readonly waves: { readonly ask: RangeAsked; readonly answer: readonly StoredBlock[] };
  readonly engine: {
    readonly ask: { readonly metric: string; readonly from: number; readonly to: number };
    readonly answer: readonly EngineReading[];
  };
  readonly hold: { readonly ask: Hold; readonly answer: undefined };
  readonly release: { readonly ask: Released & { readonly id: string }; readonly answer: Hold | undefined };
  readonly holds: { readonly ask: object; readonly answer: readonly Hold[] };
  readonly purge: { readonly ask: object; readonly answer: PurgeReport };
  readonly close: { readonly ask: object; readonly answer: undefined };
}

export type SeriesAsk = {
  [K in keyof SeriesQuestions]: { readonly id: number; readonly what: K; readonly ask: SeriesQuestions[K]['ask'] };
}[keyof SeriesQuestions];

export type SeriesTold =
  | { readonly told: 'opened' }
  | { readonly told: 'refused'; readonly error: SeriesError }
  | { readonly told: 'answer'; readonly id: number; readonly value: unknown }
  | { readonly told: 'failed'; readonly id: number; readonly error: SeriesError };
