import type { Dice } from '../../../stream-models/dice.ts';
import type { RhythmSpan } from '../../evaluate/rhythm/reference-rhythms.ts';
import type { EcgLead } from '../../recordings/leads.ts';
import type { NoiseChannels } from '../noise-channels.ts';

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

/** A recording that is being disturbed; its leads are changed in place. */
interface Disturbed {
  readonly leads: readonly EcgLead[];
  /** How far each lead usually swings, mV. */
  readonly usual: readonly number[];
  readonly rateHz: number;
  readonly dice: Dice;
  readonly noise: NoiseChannels;
}

/** Samples from the first to the second, the latter not included. */
type Stretch = readonly [from: number, to: number];

/** A standstill in all leads. Its first seconds are a pause, and the last of what was before it is still in the windows. */
const standStill = (
  { leads, rateHz, dice }: Disturbed,
  stretch: Stretch,
  span: Omit<RhythmSpan, 'rhythm'>,
): readonly RhythmSpan[] => {
  for (const { samplesMv } of leads) makeStill(samplesMv, stretch, rateHz, dice);
  return [
    { ...span, rhythm: '' },
    { ...span, fromSeconds: span.fromSeconds + 2.5, rhythm: 'ASYS' },
  ];
};

/** One lead has come off, where there is another. */
const loseLead = ({ leads, dice }: Disturbed, [from, to]: Stretch): void => {
  const lost = leads[dice.below(leads.length)]!;
  if (leads.length > 1) lost.samplesMv.fill(0, from, to);
};

/** Noise in all leads, or in all but one. Answers whether it is so loud that nothing can be read. */
const makeNoise = ({ leads, usual, dice, noise }: Disturbed, stretch: Stretch): boolean => {
  const snrDb = between(dice, SNR_DB);
  const spared = leads.length > 1 && dice.unit() < 0.25 ? dice.below(leads.length) : -1;
  for (const [i, { samplesMv }] of leads.entries())
    if (i !== spared) addNoise(samplesMv, stretch, snrDb + 3 * dice.normal(), usual[i]!, dice, noise);
  return snrDb < ILLEGIBLE_DB && spared < 0;
};

/** Copies of leads with one disturbance after the other, and what is to be said of the disturbed stretches. */
const disturbed = (
  leads: readonly EcgLead[],
  rateHz: number,
  dice: Dice,
  noise: NoiseChannels,
): { readonly leads: readonly EcgLead[]; readonly spans: readonly RhythmSpan[] } => {
  const changed = leads.map((lead) => ({ ...lead, samplesMv: lead.samplesMv.slice() }));
  const length = Math.min(...changed.map(({ samplesMv }) => samplesMv.length));
  const usual = changed.map(({ samplesMv }) => spreadOf(samplesMv, 0, length));
  const recording: Disturbed = { leads: changed, usual, rateHz, dice, noise };
  const spans: RhythmSpan[] = [];
  for (let at = BETWEEN_S * dice.unit(); ; ) {
    const kind = dice.unit();
    const lasts = between(dice, kind < STILL_CHANCE ? STILL_S : NOISE_S);
    const stretch: Stretch = [Math.round(at * rateHz), Math.round((at + lasts) * rateHz)];
    if (stretch[1] >= length) return { leads: changed, spans };
    const span = { fromSeconds: at, toSeconds: at + lasts };
    if (kind < STILL_CHANCE) spans.push(...standStill(recording, stretch, span));
    else if (kind < STILL_CHANCE + LEAD_LOST_CHANCE) loseLead(recording, stretch);
    else if (noise.length > 0 && makeNoise(recording, stretch)) spans.push({ ...span, rhythm: 'NOISE' });
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
