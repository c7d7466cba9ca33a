import type { Dice } from '../../../stream-models/dice.ts';
import { peakToPeak, signalPower } from '../../evaluate/beats/noise-stress.ts';
import type { EcgLead } from '../../recordings/leads.ts';
import { addMotion, between, type MotionKind } from './made-motion.ts';
import type { NoiseChannel } from './recorded-noise.ts';

/** The channels that noise of a copy is taken from. */
export interface CopyNoise {
  readonly motion: readonly NoiseChannel[];
  readonly muscle: readonly NoiseChannel[];
}

/** Seconds before the first stretch of noise, how long one lasts, and from one to the next. */
const FIRST_S = [20, 40] as const;
const STRETCH_S = [10, 90] as const;
const BREAK_S = [5, 55] as const;
/** Ratio of signal to noise as `nst` defines it, dB; leads differ from it by up to so much. */
const SNR_DB = [-3, 15] as const;
const LEAD_SPREAD_DB = 3;
const MOTION_CHANCE = 0.7;
/** How often a stretch is made motion instead, where a copy is to have some. */
const MADE_CHANCE = 0.4;
/** How often one lead is spared by a stretch, and how often a copy has one lead only. */
const SPARED_CHANCE = 0.2;
const LONE_LEAD_CHANCE = 0.25;

/** Adds noise from a place of its channel on, turned over or not, as loud as `snrDb` asks. */
const addNoise = (
  samplesMv: Float32Array,
  rateHz: number,
  [fromSeconds, toSeconds]: readonly [number, number],
  channel: NoiseChannel,
  share: number,
  offset: number,
): void => {
  const last = Math.min(samplesMv.length, Math.round(toSeconds * rateHz));
  for (let i = Math.round(fromSeconds * rateHz); i < last; i++) {
    const at = offset + Math.round((i / rateHz - fromSeconds) * channel.rateHz);
    samplesMv[i]! += share * channel.samplesMv[at % channel.samplesMv.length]!;
  }
};

/**
 * The same recording with stretches of recorded noise and of made motion, some of them in one lead only, some copies of one lead only.
 * `kind`: of the made motion; undefined for none. `beats`: sample numbers of the R peaks, from which the signal's power is reckoned. All from the dice.
 */
export const noisyCopy = (
  leads: readonly EcgLead[],
  beats: readonly number[],
  rateHz: number,
  dice: Dice,
  noise: CopyNoise,
  kind: MotionKind | undefined,
): readonly EcgLead[] => {
  const noisy = leads.map((lead) => ({ ...lead, samplesMv: lead.samplesMv.slice() }));
  const powers = leads.map(({ samplesMv }) => signalPower(samplesMv, beats, rateHz));
  const lengthSeconds = Math.min(...leads.map(({ samplesMv }) => samplesMv.length)) / rateHz;
  for (let at = between(dice, FIRST_S); at < lengthSeconds; at += between(dice, BREAK_S)) {
    const until = at + between(dice, STRETCH_S);
    if (kind !== undefined && dice.unit() < MADE_CHANCE) {
      addMotion(noisy, powers.map(peakToPeak), rateHz, [at, until], kind, dice);
      at = until;
      continue;
    }
    const channels = dice.unit() < MOTION_CHANCE ? noise.motion : noise.muscle;
    const snrDb = between(dice, SNR_DB);
    const spared = leads.length > 1 && dice.unit() < SPARED_CHANCE ? dice.below(leads.length) : -1;
    const first = dice.below(channels.length);
    for (const [i, { samplesMv }] of noisy.entries()) {
      if (i === spared) continue;
      const channel = channels[(first + i) % channels.length]!;
      const leadSnrDb = snrDb + between(dice, [-LEAD_SPREAD_DB, LEAD_SPREAD_DB]);
      const loudness = Math.sqrt(powers[i]! / 10 ** (leadSnrDb / 10) / channel.powerMv2);
      const offset = dice.below(channel.samplesMv.length);
      const sign = dice.unit() < 0.5 ? 1 : -1;
      // A channel that is a flat line has no power to be scaled by, and no noise.
      if (channel.powerMv2 > 0) addNoise(samplesMv, rateHz, [at, until], channel, sign * loudness, offset);
    }
    at = until;
  }
  return noisy.length > 1 && dice.unit() < LONE_LEAD_CHANCE ? [noisy[dice.below(noisy.length)]!] : noisy;
};
