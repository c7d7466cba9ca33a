import type { Moment } from '../../schemas/units.ts';

/** A stretch of one pulse signal (plethysmogram or arterial pressure) as it came, NaN where there is no sample. */
export interface PulseChunk {
  readonly code: number;
  /** Bed time of the first sample. */
  readonly start: Moment;
  readonly rateNumerator: number;
  readonly rateDenominator: number;
  /** In the signal's own unit: mmHg, or whatever the oximeter draws. Only ratios count. */
  readonly samples: Float32Array;
}

/**
 * What is seen of a pulse signal. `at` is the moment spoken of, `said` how far the signal had been heard when it was
 * seen. Neither depends on how samples were cut into frames.
 */
export type PulseSighting = PulseSeen | PulseProgress | PulseBroken;

/** One pulse wave. Said 200 ms after its upstroke ended. */
export interface PulseSeen {
  readonly tag: 'PulseSeen';
  readonly code: number;
  /** The end of the upstroke. */
  readonly at: Moment;
  readonly said: Moment;
  /** How high the upstroke is, as a share of what is usual in this signal: 1 as usual, 0.2 hardly there. */
  readonly strength: number;
  /** Correlation of the wave's shape with this signal's usual one, -1 … 1. */
  readonly likeness: number;
}

/** Once a second of signal: how it did over that second. */
export interface PulseProgress {
  readonly tag: 'PulseProgress';
  readonly code: number;
  /** The end of the second spoken of; `said` is the same moment. */
  readonly at: Moment;
  readonly said: Moment;
  /** 0 useless … 1 clean. */
  readonly quality: number;
  /** No sample, or a line without a wave on it. */
  readonly flat: boolean;
  /** Highest less lowest value of the second, in the signal's unit. */
  readonly swing: number;
}

/** The signal stopped or jumped: filters and running norms begin anew with the next sample. */
export interface PulseBroken {
  readonly tag: 'PulseBroken';
  readonly code: number;
  readonly at: Moment;
  readonly said: Moment;
  readonly why: 'gap' | 'new epoch' | 'rate changed';
}
