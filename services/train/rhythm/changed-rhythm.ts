import type { Dice } from '../../../stream-models/network/seeded.ts';
import type { RhythmSpan } from '../../evaluate/rhythm/reference-rhythms.ts';
import type { EcgLead } from '../../recordings/leads.ts';
import type { NoiseChannels } from '../augment.ts';

/** A recording as another monitor and room might have given it, and what its reference is then. */
export interface ChangedRhythm {
  readonly leads: readonly EcgLead[];
  readonly rateHz: number;
  readonly spans: readonly RhythmSpan[];
}

const GAIN_SPREAD = 0.35;
const FLIP_CHANCE = 0.15;
const LONE_LEAD_CHANCE = 0.25;
const RATE_SPREAD = 0.1;
/** Mean seconds from one disturbance to the next, and how long they last. */
const BETWEEN_S = 60;
const NOISE_S = [8, 45] as const;
const STILL_S = [8, 25] as const;
const STILL_CHANCE = 0.12;
const LEAD_LOST_CHANCE = 0.12;
/** Signal to noise of a disturbance, dB; below the second number nothing of the heart can be read. */
const SNR_DB = [-12, 18] as const;
const ILLEGIBLE_DB = -4;

const between = (dice: Dice, [from, to]: readonly [number, number]): number => from + (to - from) * dice.unit();

const spreadOf = (samples: Float32Array, from: number, to: number): number => {
  let [sum, squares, count] = [0, 0, 0];
  for (let i = from; i < to; i++) {
    const value = samples[i]!;
    if (Number.isNaN(value)) continue;
    sum += value;
    squares += value * value;
    count++;
  }
  return count === 0 ? 0 : Math.sqrt(Math.max(0, squares / count - (sum / count) ** 2));
};

/** Adds a stretch of recorded noise so that it is `snrDb` below the lead's own spread over the whole recording. */
const addNoise = (
  samples: Float32Array,
  [from, to]: readonly [number, number],
  snrDb: number,
  usual: number,
  dice: Dice,
  noise: NoiseChannels,
): void => {
  const channel = noise[dice.below(noise.length)]!;
  const offset = dice.below(Math.max(1, channel.length - (to - from)));
  const own = spreadOf(channel, offset, Math.min(channel.length, offset + to - from));
  const scale = own === 0 ? 0 : (usual * 10 ** (-snrDb / 20)) / own;
  for (let i = from; i < to; i++) samples[i]! += scale * channel[(offset + i - from) % channel.length]!;
};

/** The heart stands still: a line with a little of what a line always has. */
const makeStill = (samples: Float32Array, [from, to]: readonly [number, number], rateHz: number, dice: Dice): void => {
  const height = 0.02 * dice.unit() ** 2;
  const wave = 0.15 * dice.unit() ** 2;
  const waveHz = 0.1 + 0.3 * dice.unit();
  const level = samples[from]!;
  for (let i = from; i < to; i++)
    samples[i] = level + wave * Math.sin((2 * Math.PI * waveHz * (i - from)) / rateHz) + height * (2 * dice.unit() - 1);
};

interface Disturbances {
  readonly leads: readonly EcgLead[];
  readonly spans: readonly RhythmSpan[];
}

const disturbed = (leads: readonly EcgLead[], rateHz: number, dice: Dice, noise: NoiseChannels): Disturbances => {
  const changed = leads.map((lead) => ({ ...lead, samplesMv: lead.samplesMv.slice() }));
  const length = Math.min(...changed.map(({ samplesMv }) => samplesMv.length));
  const usual = changed.map(({ samplesMv }) => spreadOf(samplesMv, 0, length));
  const spans: RhythmSpan[] = [];
  for (let at = BETWEEN_S * dice.unit(); ; ) {
    const kind = dice.unit();
    const isStill = kind < STILL_CHANCE;
    const lasts = between(dice, isStill ? STILL_S : NOISE_S);
    const [from, to] = [Math.round(at * rateHz), Math.round((at + lasts) * rateHz)];
    if (to >= length) return { leads: changed, spans };
    const said = { fromSeconds: at, toSeconds: at + lasts };
    if (isStill) {
      for (const { samplesMv } of changed) makeStill(samplesMv, [from, to], rateHz, dice);
      // The first seconds of a standstill are a pause, and the last of what was before it is still in the windows.
      spans.push({ ...said, rhythm: '' }, { ...said, fromSeconds: at + 2.5, rhythm: 'ASYS' });
    } else if (kind < STILL_CHANCE + LEAD_LOST_CHANCE) {
      const lost = changed[dice.below(changed.length)]!;
      if (changed.length > 1) lost.samplesMv.fill(0, from, to);
    } else if (noise.length > 0) {
      const snrDb = between(dice, SNR_DB);
      const spared = changed.length > 1 && dice.unit() < 0.25 ? dice.below(changed.length) : -1;
      for (const [i, { samplesMv }] of changed.entries())
        if (i !== spared) addNoise(samplesMv, [from, to], snrDb + 3 * dice.normal(), usual[i]!, dice, noise);
      if (snrDb < ILLEGIBLE_DB && spared < 0) spans.push({ ...said, rhythm: 'NOISE' });
    }
    at += lasts + BETWEEN_S * 2 * dice.unit();
  }
};

/** Ventricular rhythms under noise are neither taught as noise nor as themselves. */
const over = (spans: readonly RhythmSpan[], disturbances: readonly RhythmSpan[]): readonly RhythmSpan[] => {
  const hidden = ({ fromSeconds, toSeconds, rhythm }: RhythmSpan): RhythmSpan => {
    const isRed = spans.some(
      (span) =>
        ['VT', 'VF', 'VFIB', 'VFL', 'ASYS'].includes(span.rhythm) &&
        span.fromSeconds < toSeconds &&
        span.toSeconds > fromSeconds,
    );
    return { fromSeconds, toSeconds, rhythm: isRed && rhythm === 'NOISE' ? '' : rhythm };
  };
  return [...spans, ...disturbances.map(hidden)];
};

/**
 * A changed copy: gain and polarity per lead, one lead only, a faster or slower heart; stretches of recorded noise (some too
 * loud to read anything: noise), of standstill, and of one lead lost. All from the dice.
 */
export const changedRhythm = (
  leads: readonly EcgLead[],
  rateHz: number,
  spans: readonly RhythmSpan[],
  dice: Dice,
  noise: NoiseChannels,
): ChangedRhythm => {
  const kept = leads.length > 1 && dice.unit() < LONE_LEAD_CHANCE ? [leads[dice.below(leads.length)]!] : leads;
  const made = disturbed(kept, rateHz, dice, noise);
  const scaled = made.leads.map((lead) => {
    const gain = Math.exp(GAIN_SPREAD * dice.normal()) * (dice.unit() < FLIP_CHANCE ? -1 : 1);
    return { ...lead, samplesMv: lead.samplesMv.map((value) => value * gain) };
  });
  const said = Math.round(rateHz * Math.exp(RATE_SPREAD * (2 * dice.unit() - 1)) * 1000) / 1000;
  const share = rateHz / said;
  const stretched = over(spans, made.spans).map((span) => ({
    ...span,
    fromSeconds: span.fromSeconds * share,
    toSeconds: span.toSeconds * share,
  }));
  return { leads: scaled, rateHz: said, spans: stretched };
};
