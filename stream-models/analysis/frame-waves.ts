import { inUsualUnit, isEcgLead, MDC } from '../../schemas/codes.ts';
import type { Telemetry, Waveform } from '../../schemas/generated/vigil/v1/telemetry_pb.ts';
import { samplesOf } from '../../schemas/telemetry.ts';
import type { Moment } from '../../schemas/units.ts';
import type { EcgChunk } from '../ecg/sighting.ts';
import type { PulseChunk } from '../pulse/sighting.ts';

/** A waveform's samples in Vigil's unit of the signal (as they came, where the unit is unknown); NaN where there is none. */
const physicalOf = (wave: Waveform): Float32Array => {
  const raw = samplesOf(wave);
  const samples = new Float32Array(raw.length);
  const gain = inUsualUnit(wave.code, wave.gain, wave.unit) ?? wave.gain;
  for (let i = 0; i < raw.length; i++) samples[i] = raw[i] === -32768 ? Number.NaN : (raw[i]! - wave.offset) * gain;
  return samples;
};

/** The ECG leads of a frame, mV. */
export const ecgChunksOf = (frame: Telemetry, toBedTime: (us: number) => Moment): EcgChunk[] =>
  frame.waveforms
    .filter(({ code }) => isEcgLead(code))
    .map((wave) => ({
      code: wave.code,
      start: toBedTime(wave.startUs),
      rateNumerator: wave.rateNumerator,
      rateDenominator: wave.rateDenominator,
      samplesMv: physicalOf(wave),
    }));

const isPulse = (code: number): boolean => code === MDC.pleth || code === MDC.abpWave;

/** The pulse signals of a frame: plethysmogram (as the oximeter draws it) and arterial pressure (mmHg). */
export const pulseChunksOf = (frame: Telemetry, toBedTime: (us: number) => Moment): PulseChunk[] =>
  frame.waveforms
    .filter(({ code }) => isPulse(code))
    .map((wave) => ({
      code: wave.code,
      start: toBedTime(wave.startUs),
      rateNumerator: wave.rateNumerator,
      rateDenominator: wave.rateDenominator,
      samples: physicalOf(wave),
    }));
