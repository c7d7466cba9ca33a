import type { SeriesError } from '../../ports/series-store.ts';

/** What the store's thread is told at its start. */
export interface SeriesThreadSettings {
  readonly path: string;
  readonly busyMsMax: number;
  readonly keep: SeriesRetention | undefined;
}

/** How long each kind is kept, in bed time before the newest of its kind. Strips go with their alarm. */
export interface SeriesRetention {
  readonly numericsUs: number;
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
  readonly source: string;
  readonly code: number;
  readonly unit: string;
}
export interface StoredBytes {
  readonly bed: string;
  readonly at: number;
  /** The kind of a finding; the alarm that an event speaks of, empty on a roll call. */
  readonly about: string;
  readonly bytes: Uint8Array;
}
export interface StoredBlock extends SeriesName {
  readonly alarm: string;
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
  readonly source: string | undefined;
}

/** Every question, and its answer. */
export interface SeriesQuestions {
  readonly write: {
    readonly ask: {
      readonly numerics: PackedNumerics;
      readonly findings: readonly StoredBytes[];
      readonly alarms: readonly StoredBytes[];
      readonly strips: readonly StoredBlock[];
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
  readonly strip: { readonly ask: { readonly alarm: string }; readonly answer: readonly StoredBlock[] };
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
