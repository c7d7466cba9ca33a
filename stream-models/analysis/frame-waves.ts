import { isEcgLead, MDC, usualGain } from '../../schemas/codes.ts';
import type { Telemetry } from '../../schemas/generated/vigil/v1/telemetry_pb.ts';
import { NO_SAMPLE } from '../../schemas/no-sample.ts';
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
  /** NO_SAMPLE: there is none. */
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
      gain: usualGain(wave),
      offset: wave.offset,
      samples: samplesOf(wave),
    }));

const lengthUs = ({ samples, rateNumerator, rateDenominator }: WaveAsItCame): number =>
  (samples.length * rateDenominator * 1e6) / rateNumerator;

/** A wave belongs to its frame: it may end a little after it, and as much before it as a monitor takes to send it. */
const AFTER_FRAME_US = 2_000_000;
const BEFORE_FRAME_US = 10_000_000;
/**
 * The waves that are of the time of their frame, which ends at `end`. One lead that is stamped with another time would break off all
 * leads again and again, so that no beat is found in any, and draw the bed's clock with it.
 */
export const wavesInTime = (waves: readonly WaveAsItCame[], end: Moment): readonly WaveAsItCame[] => {
  const endOf = (wave: WaveAsItCame): number => wave.start + lengthUs(wave);
  const inTime = waves.filter((wave) => endOf(wave) <= end + AFTER_FRAME_US && endOf(wave) >= end - BEFORE_FRAME_US);
  return inTime.length === waves.length ? waves : inTime;
};

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
