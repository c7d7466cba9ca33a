/**
 * Noise added to recordings as in the MIT-BIH Noise Stress Test Database (Moody, Muldrow & Mark 1984; WFDB's `nst` and
 * `sigamp`): from 5:00 on, two minutes with noise and two without in turn, each lead with the noise record's channel of the
 * same number. The signal's power is an eighth of the square of the QRS complexes' peak-to-peak amplitude (50 ms to each side
 * of the annotation, the first 300, mean without the highest and lowest twentieth); the noise's is the square of its root mean
 * square about the mean over seconds (the first 300, the same trimmed mean).
 */

import { ecgOf, physical } from '../../recordings/leads.ts';
import type { WfdbRecord } from '../../recordings/wfdb/record.ts';
import { NO_SAMPLE } from '../../recordings/wfdb/signals.ts';

export const NOISE_FROM_S = 300;
export const NOISE_STRETCH_S = 120;

const COUNTED = 300;
const TRIMMED = 0.05;
const QRS_HALF_S = 0.05;

const trimmedMean = (values: readonly number[]): number => {
  const sorted = [...values].sort((a, b) => a - b);
  const cut = Math.floor(sorted.length * TRIMMED);
  const kept = sorted.slice(cut, sorted.length - cut);
  return kept.reduce((sum, value) => sum + value, 0) / Math.max(1, kept.length);
};

const rangeOf = (samples: Float32Array): number => {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (const value of samples) {
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return high >= low ? high - low : 0;
};

/** The power of a lead's QRS complexes, mV². `beats`: sample numbers of the R peaks. */
export const signalPower = (samplesMv: Float32Array, beats: readonly number[], rateHz: number): number => {
  const half = Math.round(QRS_HALF_S * rateHz);
  const ranges = beats
    .slice(0, COUNTED)
    .map((at) => rangeOf(samplesMv.subarray(Math.max(0, at - half), at + half + 1)));
  return trimmedMean(ranges) ** 2 / 8;
};

/** How high QRS complexes of such a power are from peak to peak, mV. */
export const peakToPeak = (powerMv2: number): number => Math.sqrt(8 * powerMv2);

/** The power of a noise channel, mV². */
export const noisePower = (samplesMv: Float32Array, rateHz: number): number => {
  const second = Math.round(rateHz);
  const deviations: number[] = [];
  for (let from = 0; from + second <= samplesMv.length && deviations.length < COUNTED; from += second) {
    const part = samplesMv.subarray(from, from + second);
    const mean = part.reduce((sum, value) => sum + value, 0) / second;
    deviations.push(Math.sqrt(part.reduce((sum, value) => sum + (value - mean) ** 2, 0) / second));
  }
  return trimmedMean(deviations) ** 2;
};

/** Whether a moment of a recording has noise, seconds from its start. */
export const isNoisyAt = (seconds: number): boolean =>
  seconds >= NOISE_FROM_S && Math.floor((seconds - NOISE_FROM_S) / NOISE_STRETCH_S) % 2 === 0;

/** A recording with noise at a ratio of signal to noise, dB. Noise of another rate is read at the nearest sample. */
export const withNoise = (
  record: WfdbRecord,
  beats: readonly number[],
  noise: WfdbRecord,
  snrDb: number,
): WfdbRecord => {
  const rateHz = record.header.rateHz;
  const noiseRateHz = noise.header.rateHz;
  const ecg = ecgOf(record);
  const signals = record.signals.map((raw, lead) => {
    if (!ecg.has(lead)) return raw;
    const { gain, baseline } = record.header.signals[lead]!;
    const channel = physical(noise, lead % noise.signals.length).map((value) => (Number.isNaN(value) ? 0 : value));
    // In the lead's own unit: what the noise is multiplied by carries it over from its own.
    const wanted = signalPower(physical(record, lead), beats, rateHz) / 10 ** (snrDb / 10);
    const share = Math.sqrt(wanted / noisePower(channel, noiseRateHz));
    const noisy = raw.slice();
    for (let i = Math.round(NOISE_FROM_S * rateHz); i < raw.length; i++) {
      const at = i / rateHz;
      if (raw[i] === NO_SAMPLE || !isNoisyAt(at)) continue;
      const added = channel[Math.round((at - NOISE_FROM_S) * noiseRateHz) % channel.length]!;
      const value = Math.round(raw[i]! - baseline + share * added * gain) + baseline;
      noisy[i] = Math.max(NO_SAMPLE + 1, Math.min(32_767, value));
    }
    return noisy;
  });
  return { ...record, signals };
};
