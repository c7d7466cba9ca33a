import { inUsualUnit, isEcgLead, MDC } from '../../schemas/codes.ts';
import type { Telemetry } from '../../schemas/generated/vigil/v1/telemetry_pb.ts';
import { samplesOf } from '../../schemas/telemetry.ts';
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
  /** -32768: no sample. */
  readonly samples: Int16Array;
}

const isPulse = (code: number): boolean => code === MDC.pleth || code === MDC.abpWave;

/** The ECG leads and pulse signals of a frame; the samples are copies. */
export const wavesAsTheyCame = (frame: Telemetry, toBedTime: (us: number) => Moment): WaveAsItCame[] =>
  frame.waveforms
    .filter(({ code }) => isEcgLead(code) || isPulse(code))
    .map((wave) => ({
      code: wave.code,
      start: toBedTime(wave.startUs),
      rateNumerator: wave.rateNumerator,
      rateDenominator: wave.rateDenominator,
      // As it came, where the unit is unknown.
      gain: inUsualUnit(wave.code, wave.gain, wave.unit) ?? wave.gain,
      offset: wave.offset,
      samples: samplesOf(wave),
    }));

const physicalOf = ({ samples, gain, offset }: WaveAsItCame): Float32Array => {
  const values = new Float32Array(samples.length);
  for (let i = 0; i < samples.length; i++)
    values[i] = samples[i] === -32768 ? Number.NaN : (samples[i]! - offset) * gain;
  return values;
};

/** A wave as the ECG part hears it, mV; undefined: it is no ECG, or a monitor names a lead of which it has nothing. */
export const ecgChunkOf = (wave: WaveAsItCame): EcgChunk | undefined => {
  const { code, start, rateNumerator, rateDenominator } = wave;
  if (!isEcgLead(code) || wave.samples.length === 0) return undefined;
  return { code, start, rateNumerator, rateDenominator, samplesMv: physicalOf(wave) };
};

/** A wave as the pulse part hears it: arterial pressure (mmHg) or plethysmogram (as the oximeter draws it); undefined: it is neither. */
export const pulseChunkOf = (wave: WaveAsItCame): PulseChunk | undefined => {
  const { code, start, rateNumerator, rateDenominator } = wave;
  if (!isPulse(code)) return undefined;
  return { code, start, rateNumerator, rateDenominator, samples: physicalOf(wave) };
};
