import type { RecordedEcg } from './recorded-ecg.ts';

/** Noise and quiet alternate in stretches of two minutes after five clean minutes, as in the MIT-BIH Noise Stress Test. */
const CLEAN_SECONDS = 300;
const STRETCH_SECONDS = 120;

/** Median, over seconds, of peak-to-peak amplitude: eight times its square is the power that the test compares with. */
const beatAmplitude = (samples: Float32Array, rateHz: number): number => {
  const ranges: number[] = [];
  for (let i = 0; i + rateHz <= samples.length; i += rateHz) {
    let low = Infinity;
    let high = -Infinity;
    for (let k = i; k < i + rateHz; k++) {
      low = Math.min(low, samples[k]!);
      high = Math.max(high, samples[k]!);
    }
    if (high >= low) ranges.push(high - low);
  }
  ranges.sort((a, b) => a - b);
  return ranges[ranges.length >> 1] ?? 0;
};

/** Root mean square of noise about its mean, over seconds, median. */
const noisePower = (samples: Float32Array, rateHz: number): number => {
  const powers: number[] = [];
  for (let i = 0; i + rateHz <= samples.length; i += rateHz) {
    let sum = 0;
    let squares = 0;
    for (let k = i; k < i + rateHz; k++) {
      sum += samples[k]!;
      squares += samples[k]! ** 2;
    }
    powers.push(squares / rateHz - (sum / rateHz) ** 2);
  }
  powers.sort((a, b) => a - b);
  return powers[powers.length >> 1] ?? 1;
};

/** A recording with noise added at a ratio of signal to noise (dB; signal power = amplitude squared / 8, as in nst(1)). */
export const withNoise = (ecg: RecordedEcg, noise: RecordedEcg, snrDb: number): RecordedEcg => ({
  ...ecg,
  leads: ecg.leads.map((lead, l) => {
    const added = noise.leads[l % noise.leads.length]!.samplesMv;
    const signalPower = beatAmplitude(lead.samplesMv, ecg.rateHz) ** 2 / 8;
    const gain = Math.sqrt(signalPower / (noisePower(added, noise.rateHz) * 10 ** (snrDb / 10)));
    const samplesMv = lead.samplesMv.slice();
    for (let i = CLEAN_SECONDS * ecg.rateHz; i < samplesMv.length; i++) {
      const stretch = Math.floor((i / ecg.rateHz - CLEAN_SECONDS) / STRETCH_SECONDS);
      if (stretch % 2 === 0) samplesMv[i] = samplesMv[i]! + gain * added[i % added.length]!;
    }
    return { ...lead, samplesMv };
  }),
});
