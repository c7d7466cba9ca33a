import type { Moment } from '../../schemas/units.ts';
import type { ResamplerMemory } from './resample.ts';

/** Ticks of band-passed signal that are kept of each lead: search-back, learning and the shape before a beat need them. */
export const HISTORY_TICKS = 640;

/** What is remembered of one lead. Plain data; typed arrays are copied before they are changed. */
export interface LeadMemory {
  readonly code: number;
  readonly rateNumerator: number;
  readonly rateDenominator: number;
  /** Bed time of the first sample of the stretch without a hole. */
  readonly origin: number;
  /** Samples heard since then. */
  readonly heard: number;
  readonly resampler: ResamplerMemory;
  readonly tailRails: Uint8Array;
  /** Ticks made but not yet processed, because another lead is behind. */
  readonly pending: Float32Array;
  readonly pendingRails: Uint8Array;
  /** Not heard for so long that nobody waits for it. */
  readonly silent: boolean;
  readonly band: Float64Array;
  readonly history: Float32Array;
  readonly plateau: Float64Array;
  readonly quality: Float64Array;
  /** What the detector knows of this lead, see qrs-detector.ts. */
  readonly qrs: Float64Array;
}

export const leadEnd = (lead: LeadMemory): Moment =>
  (lead.origin + (lead.heard * lead.rateDenominator * 1e6) / lead.rateNumerator) as Moment;
