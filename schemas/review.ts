/**
 * What `/v1/review/*` answers to those who look back at one bed. Every time is bed time, microseconds since 1970. What could not be
 * looked up is no empty list: `missing` says what is not there, and why.
 */
import type { PriorityName } from './conditions.ts';
import type { peaks } from './words.ts';

/** The longest stretch of waves of one answer. */
export const STRETCH_US_MAX = 300e6;
/** The longest time that events and an overview are asked of, each. */
export const EVENTS_US_MAX = 31 * 86_400e6;
/** The most events of one answer: the newest of them. */
export const EVENTS_MAX = 10_000;
/** The most columns of an overview. */
export const COLUMNS_MAX = 4_000;

/** A stretch of samples of one signal of one device, as it came; rateNumerator / rateDenominator samples a second. */
export interface ReviewWave {
  readonly code: number;
  readonly label: string;
  readonly source: string;
  /** Of (sample - offset) * gain: Vigil's own unit of the signal (UCUM). */
  readonly unit: string;
  readonly startUs: number;
  readonly rateNumerator: number;
  readonly rateDenominator: number;
  readonly gain: number;
  readonly offset: number;
  /** int16, little-endian, base64; -32768: no sample. */
  readonly samples: string;
}

export interface ReviewBeat {
  readonly atUs: number;
  /** WFDB's mnemonic; `|`: a peak behind which there is no beat. */
  readonly symbol: keyof typeof peaks;
}

/** One rhythm without a hole. */
export interface ReviewRhythm {
  readonly fromUs: number;
  readonly toUs: number;
  readonly word: string;
}

export interface ReviewStretch {
  readonly bed: string;
  readonly fromUs: number;
  readonly toUs: number;
  /** In the order of code, device and start. */
  readonly waves: readonly ReviewWave[];
  readonly beats: readonly ReviewBeat[];
  readonly rhythms: readonly ReviewRhythm[];
  /** Where another patient came, the bed became free or a clock was set back: what lies before is of somebody else, or of another clock. */
  readonly resets: readonly { readonly atUs: number; readonly why: string }[];
  readonly missing: readonly string[];
  readonly intendedUse: string;
}

export interface ReviewEvent {
  readonly kind: 'alarm' | 'rhythm' | 'reset';
  readonly atUs: number;
  /** When it was over; null: not known, or not yet. */
  readonly endUs: number | null;
  /** A condition (schemas/conditions.ts), the word of a rhythm, or "reset". */
  readonly name: string;
  readonly label: string;
  readonly priority: PriorityName | null;
  readonly text: string;
}

export interface ReviewEvents {
  readonly bed: string;
  readonly fromUs: number;
  readonly toUs: number;
  /** In the order of their moments. */
  readonly events: readonly ReviewEvent[];
  /** How many older ones there are that are not told. */
  readonly cut: number;
  readonly missing: readonly string[];
  readonly intendedUse: string;
}

/**
 * A long time in columns of one width, from `fromUs` on; null: nothing was heard in a column. Least and most of everything in it, so that a
 * peak of one sample is in it, too.
 */
export interface ReviewOverview {
  readonly bed: string;
  readonly fromUs: number;
  readonly toUs: number;
  readonly columnUs: number;
  /** Of lead II, else of the lead of the lowest code; mV. */
  readonly ecgLeast: readonly (number | null)[];
  readonly ecgMost: readonly (number | null)[];
  /** Of monitors and of Vigil together; per minute. */
  readonly heartRateLeast: readonly (number | null)[];
  readonly heartRateMost: readonly (number | null)[];
  readonly missing: readonly string[];
  readonly intendedUse: string;
}
