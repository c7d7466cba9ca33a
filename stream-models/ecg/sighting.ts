import type { Moment } from '../../schemas/units.ts';

/** The one rate at which everything behind the resampler works. */
export const ECG_RATE_HZ = 250;

/**
 * What the ECG part of analysis sees, in the order in which it can be said. `at` is the moment of the signal spoken of,
 * `said` how far the signal had been heard when it was seen. Neither depends on how samples were cut into frames.
 */
export type EcgSighting = BeatSeen | EcgProgress | EcgBroken;

/** A QRS complex. Said as soon as the shape around it is whole (at most 300 ms after the R peak). */
export interface BeatSeen {
  readonly tag: 'BeatSeen';
  readonly at: Moment;
  readonly said: Moment;
  /** The lead whose R peak gave the time (MDC code). */
  readonly lead: number;
  readonly amplitudeMv: number;
  /** Per lead in use, best first: SHAPE_BEFORE + SHAPE_AFTER band-passed samples (mV) at 250 Hz around the R peak. */
  readonly shapes: readonly Float32Array[];
}
/** Samples of a beat's shape before the R peak (280 ms), and from the R peak on (280 ms). */
export const SHAPE_BEFORE = 70;
export const SHAPE_AFTER = 70;

/** Four times a second of signal: how good it is and what it looks like when no beats can be found in it. */
export interface EcgProgress {
  readonly tag: 'EcgProgress';
  /** The end of the stretch spoken of; `said` is the same moment. */
  readonly at: Moment;
  readonly said: Moment;
  /** The fourth stretch of a second, counted from the start of the run: whoever looks once a second looks now. */
  readonly endsSecond: boolean;
  /** Per lead, in the order of the codes: how it does over the last second. */
  readonly leads: readonly LeadProgress[];
  /** The newest R peak known; undefined when there was none since the signal began. */
  readonly lastBeat: Moment | undefined;
}

export interface LeadProgress {
  readonly code: number;
  /** 0 useless … 1 clean. */
  readonly quality: number;
  readonly flat: boolean;
  readonly saturated: boolean;
  readonly off: boolean;
  /** The samples of this stretch at 250 Hz, mV, band-passed 0.5–40 Hz: what the fibrillation detector looks at. */
  readonly samplesMv: Float32Array;
}

/** The signal stopped or jumped: filters and running norms begin anew with the next sample. */
export interface EcgBroken {
  readonly tag: 'EcgBroken';
  readonly at: Moment;
  readonly said: Moment;
  readonly why: 'gap' | 'new epoch' | 'rate changed' | 'leads changed';
}

/** A stretch of one lead as it came, physical units, NaN where there is no sample. */
export interface EcgChunk {
  readonly code: number;
  /** Bed time of the first sample. */
  readonly start: Moment;
  readonly rateNumerator: number;
  readonly rateDenominator: number;
  readonly samplesMv: Float32Array;
}
