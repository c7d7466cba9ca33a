import type { Dice } from '../../../../stream-models/dice.ts';
import type { EcgLead } from '../../../recordings/leads.ts';
import type { NoiseChannels } from '../../noise-channels.ts';

/** A recording as another patient, monitor and room might have given it. */
export interface Changed {
  readonly leads: readonly EcgLead[];
  /** The rate that the samples are said to have: a heart a little faster or slower. */
  readonly rateHz: number;
}

/** How far copies of a recording go. */
const GAIN_SPREAD = 0.35;
const RATE_SPREAD = 0.12;
const NOISE_SHARE_MAX = 0.25;
const SWAP_CHANCE = 0.3;
const LONE_LEAD_CHANCE = 0.3;
const FLIP_CHANCE = 0.1;

/**
 * A changed copy: gain and polarity per lead, leads swapped or one missing, a faster or slower heart, baseline wander and
 * muscle noise (recorded noise if there is some, else slow waves and white noise). All from the dice.
 */
export const changedCopy = (leads: readonly EcgLead[], rateHz: number, dice: Dice, noise: NoiseChannels): Changed => {
  const changed = leads.map((lead) => {
    const gain = Math.exp(GAIN_SPREAD * dice.normal()) * (dice.unit() < FLIP_CHANCE ? -1 : 1);
    const loudness = NOISE_SHARE_MAX * dice.unit() ** 2;
    return { ...lead, samplesMv: withNoise(lead.samplesMv, gain, loudness, rateHz, dice, noise) };
  });
  const order = dice.unit() < SWAP_CHANCE ? [...changed].reverse() : changed;
  const kept = order.length > 1 && dice.unit() < LONE_LEAD_CHANCE ? order.slice(0, 1) : order;
  const faster = Math.exp(RATE_SPREAD * (2 * dice.unit() - 1));
  // A code per place: after a swap the first lead speaks with the first lead's code.
  return {
    leads: kept.map(({ samplesMv }, i) => ({ code: leads[i]!.code, samplesMv })),
    rateHz: Math.round(rateHz * faster * 1000) / 1000,
  };
};

const withNoise = (
  samples: Float32Array,
  gain: number,
  loudnessMv: number,
  rateHz: number,
  dice: Dice,
  noise: NoiseChannels,
): Float32Array => {
  const recorded = noise.length > 0 ? noise[dice.below(noise.length)]! : undefined;
  const offset = recorded === undefined ? 0 : dice.below(recorded.length);
  const waveHz = 0.1 + 0.4 * dice.unit();
  const phase = 2 * Math.PI * dice.unit();
  const changed = new Float32Array(samples.length);
  for (let i = 0; i < samples.length; i++) {
    const wander = Math.sin(phase + (2 * Math.PI * waveHz * i) / rateHz);
    const other = recorded === undefined ? 0.3 * (2 * dice.unit() - 1) : recorded[(offset + i) % recorded.length]!;
    changed[i] = samples[i]! * gain + loudnessMv * (0.5 * wander + other);
  }
  return changed;
};
