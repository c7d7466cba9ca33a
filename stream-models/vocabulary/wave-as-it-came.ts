import { isEcgLead, MDC } from '../../schemas/codes.ts';
import { NO_SAMPLE } from '../../schemas/no-sample.ts';
import type { Moment } from '../../schemas/units.ts';
import type { EcgChunk } from '../ecg/sighting.ts';
import type { PulseChunk } from '../pulse/sighting.ts';

/** A stretch of one signal with the samples of the wire; a value is (sample - offset) * gain in Vigil's unit of the signal. */
export interface WaveAsItCame {
  readonly code: number;
  /** Bed time of the first sample. */
  readonly start: Moment;
  readonly rateNumerator: number;
  readonly rateDenominator: number;
  readonly gain: number;
  readonly offset: number;
  /** NO_SAMPLE: there is none. */
  readonly samples: Int16Array;
}

/** How long a wave lasts, microseconds. */
export const lengthUs = ({ samples, rateNumerator, rateDenominator }: WaveAsItCame): number =>
  (samples.length * rateDenominator * 1e6) / rateNumerator;

/** Plethysmogram or arterial pressure. */
export const isPulse = (code: number): boolean => code === MDC.pleth || code === MDC.abpWave;

/** No electrode gives ten volts: beyond lies a gain that cannot be meant, and what is learned of a beat of it would hide all others. */
const ECG_MAX_MV = 10_000;

const physicalOf = ({ samples, gain, offset }: WaveAsItCame): Float32Array => {
  const values = new Float32Array(samples.length);
  for (let i = 0; i < samples.length; i++)
    values[i] = samples[i] === NO_SAMPLE ? Number.NaN : (samples[i]! - offset) * gain;
  return values;
};

/** A wave as the ECG part hears it, mV; undefined: it is no ECG, or a monitor names a lead of which it has nothing. */
export const ecgChunkOf = (wave: WaveAsItCame): EcgChunk | undefined => {
  const { code, start, rateNumerator, rateDenominator } = wave;
  if (!isEcgLead(code) || wave.samples.length === 0) return undefined;
  const samplesMv = physicalOf(wave);
  for (let i = 0; i < samplesMv.length; i++) if (Math.abs(samplesMv[i]!) > ECG_MAX_MV) samplesMv[i] = Number.NaN;
  return { code, start, rateNumerator, rateDenominator, samplesMv };
};

/** A wave as the pulse part hears it: arterial pressure (mmHg) or plethysmogram (as the oximeter draws it); undefined: it is neither. */
export const pulseChunkOf = (wave: WaveAsItCame): PulseChunk | undefined => {
  const { code, start, rateNumerator, rateDenominator } = wave;
  if (!isPulse(code)) return undefined;
  return { code, start, rateNumerator, rateDenominator, samples: physicalOf(wave) };
};
