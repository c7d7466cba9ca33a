import { ENERGY_DELAY_TICKS, ENERGY_SPAN_TICKS, qrsEnergy } from './qrs-energy.ts';

/**
 * One lead as the detector sees it during a call. An index counts in `line`; `energy[i - energyFrom]` belongs to
 * `line[i]`. What is learned of the lead stands in `qrs` (LEAD_QRS_LENGTH numbers) and is changed in place.
 */
export interface LeadView {
  readonly line: Float32Array;
  readonly off: boolean;
  readonly qrs: Float64Array;
  energy: Float64Array;
  energyFrom: number;
}

/** What is learned of a lead: the energy of its beats, of its noise, the mean energy (share of a beat's), and so on. */
export const LEAD_QRS_LENGTH = 10;
export const BEAT_ENERGY = 0;
const NOISE_ENERGY = 1;
const DUTY = 2;
/** Steepest step within a beat, mV in two ticks: usual, and of the last beat. */
const STEEPNESS = 3;
const LAST_STEEPNESS = 4;
/** Whether its R peaks point up (1) or down (-1). */
export const POLARITY = 5;
export const WEIGHT = 6;
/** Beats in a row that were much louder than usual, and the least of them. */
const LOUD_TIMES = 7;
const LOUD_LEAST = 8;
/** Energy of beats when the last beat was found. */
const ENERGY_AT_BEAT = 9;

/** Energies before the newest ticks that must be at hand when a beat is decided. */
export const ENERGY_KEPT_TICKS = 80;

/** Least usual energy of beats: that of narrow complexes of 0.12 mV or wide ones of 0.3 mV. */
const ENERGY_MIN = 0.04;
/** The same where a lead begins with nothing that stands out: that of narrow complexes of 0.3 mV. */
const ENERGY_MIN_RESTLESS = 0.1;
/** Mean energy beside a beat's: above it nothing stands out of the lead. */
const RESTLESS_DUTY = 0.4;
// By these shares what is learned follows each tick (duty), beat, refused peak, and beat again.
const DUTY_SHARE = 1 / 256;
const DUTY_MAX = 1.5;
const BEAT_SHARE = 0.06;
const NOISE_SHARE = 0.08;
const STEEPNESS_SHARE = 0.125;
/** With each beat the noise that was learned counts for less. */
const NOISE_FADES = 0.97;
/** So many beats in a row, each so many times as loud as usual: beats have become louder. */
const LOUD_BY = 2.5;
const LOUD_BEATS = 3;
/** Half the width in which the R peak of a peak of energy is looked for. */
export const AROUND_TICKS = 18;
/** Relearning lowers the usual energy to no less than this share at a time. */
const RELEARN_FALL = 0.5;
/** How far it may fall at first: P waves that go on alone are not to be counted as beats. */
const RELEARN_FALL_AT_FIRST = 0.35;
/** It takes peaks that stand out of the middle energy so many times, or a line that swings so far. */
const RELEARN_PEAKY = 5;
const RELEARN_SWING_MV = 0.6;
/** The share of ticks that a beat's energy stands above when beats are rare. */
const RELEARN_QUANTILE = 0.98;

const clamp = (x: number, low: number, high: number): number => Math.min(high, Math.max(low, x));

/** Whether a lead has a sample there and is on. */
export const isUsableAt = (lead: LeadView, index: number): boolean => !lead.off && !Number.isNaN(lead.line[index]!);

/** Whether the energy at an index is made of signal throughout (looked at in three places, for it is asked every tick). */
export const isHeardAt = ({ line, off }: LeadView, index: number): boolean =>
  !off &&
  !Number.isNaN(line[index]!) &&
  !Number.isNaN(line[index - ENERGY_SPAN_TICKS / 2]!) &&
  !Number.isNaN(line[index - ENERGY_SPAN_TICKS]!);

/** How much a lead counts: strong leads more, restless ones (muscle, motion) and those with many false peaks less. */
const weigh = (q: Float64Array): void => {
  const calm = clamp((0.65 - q[DUTY]!) / 0.3, 0.02, 1);
  const truthful = clamp((0.8 - q[NOISE_ENERGY]! / q[BEAT_ENERGY]!) / 0.5, 0.05, 1);
  q[WEIGHT] = calm * truthful * Math.sqrt(q[BEAT_ENERGY]!);
};

/** Makes the energies from an index on available. */
export const reachBack = (lead: LeadView, from: number): void => {
  if (from >= lead.energyFrom) return;
  const to = lead.energyFrom + lead.energy.length;
  lead.energyFrom = Math.max(0, from);
  lead.energy = qrsEnergy(lead.line, lead.energyFrom, to);
};

/** The highest energy at a peak of all leads. */
const energyNear = (lead: LeadView, index: number): number => {
  let most = 0;
  for (let i = index - 10; i <= index + 10; i++) {
    const energy = lead.energy[i - lead.energyFrom];
    if (energy !== undefined && energy > most) most = energy;
  }
  return most;
};

/** The steepest step under a peak of energy. */
const steepnessNear = (lead: LeadView, index: number): number => {
  const middle = index - ENERGY_DELAY_TICKS;
  let most = 0;
  for (let i = Math.max(1, middle - AROUND_TICKS); i <= middle + AROUND_TICKS; i++) {
    const step = Math.abs(lead.line[i + 1]! - lead.line[i - 1]!);
    if (step > most) most = step;
  }
  return most;
};

/** How steep the signal is under a peak, compared with the last beat or, if that was steeper than usual, with the usual. */
export const relativeSteepness = (leads: readonly LeadView[], index: number): number => {
  let sum = 0;
  let weights = 0;
  for (const lead of leads) {
    const usual = Math.min(lead.qrs[LAST_STEEPNESS]!, lead.qrs[STEEPNESS]!);
    if (usual === 0 || !isUsableAt(lead, index)) continue;
    sum += lead.qrs[WEIGHT]! * Math.min(1.5, steepnessNear(lead, index) / usual);
    weights += lead.qrs[WEIGHT]!;
  }
  return weights === 0 ? 1 : sum / weights;
};

const swingOf = (line: Float32Array, from: number, to: number): number => {
  let low = Infinity;
  let high = -Infinity;
  for (let i = from; i < to; i++) {
    const x = line[i]!;
    if (x < low) low = x;
    if (x > high) high = x;
  }
  return high - low;
};

/** First impression of a lead, from its energies over the learning time: a beat is what stands out in quarters of it. */
export const learnLead = (lead: LeadView, from: number, to: number): void => {
  reachBack(lead, from);
  const most = [0, 0, 0, 0];
  let sum = 0;
  for (let i = from; i < to; i++) {
    const energy = lead.energy[i - lead.energyFrom]!;
    const quarter = Math.floor((4 * (i - from)) / (to - from));
    if (energy > most[quarter]!) most[quarter] = energy;
    sum += energy;
  }
  most.sort((a, b) => b - a);
  const q = lead.qrs;
  q[BEAT_ENERGY] = Math.max(ENERGY_MIN, (most[0]! + most[1]!) / 2);
  q[DUTY] = sum / (to - from) / q[BEAT_ENERGY]!;
  // Small noise without beats is not to be taken for beats; wide swings (fibrillation, slow tachycardia) may be.
  if (q[DUTY] > RESTLESS_DUTY && swingOf(lead.line, from, to) < RELEARN_SWING_MV)
    q[BEAT_ENERGY] = Math.max(ENERGY_MIN_RESTLESS, q[BEAT_ENERGY]!);
  q[ENERGY_AT_BEAT] = q[BEAT_ENERGY]!;
  weigh(q);
};

/**
 * Nothing was found for long: perhaps the beats became small. Where small peaks stand out of a quiet line, or the line
 * swings widely as in slow ventricular tachycardia, listen for less. A quiet line without peaks stays without beats.
 */
export const relearnLead = (lead: LeadView, from: number, to: number, atFirst: boolean): void => {
  const energy = qrsEnergy(lead.line, from, to).sort();
  const most = energy[Math.floor(energy.length * RELEARN_QUANTILE)]!;
  const half = (from + to) >> 1;
  const swing = Math.min(swingOf(lead.line, from, half), swingOf(lead.line, half, to));
  if (most < RELEARN_PEAKY * energy[energy.length >> 1]! && swing < RELEARN_SWING_MV) return;
  const q = lead.qrs;
  const least =
    atFirst && swing < RELEARN_SWING_MV ? Math.max(ENERGY_MIN, RELEARN_FALL_AT_FIRST * q[ENERGY_AT_BEAT]!) : ENERGY_MIN;
  q[BEAT_ENERGY] = Math.min(q[BEAT_ENERGY]!, Math.max(least, most, RELEARN_FALL * q[BEAT_ENERGY]!));
  weigh(q);
};

/** Learns from a beat whose energy has its peak at an index. */
export const learnBeat = (lead: LeadView, index: number): void => {
  if (!isUsableAt(lead, index)) return;
  const q = lead.qrs;
  const energy = energyNear(lead, index);
  q[BEAT_ENERGY] = Math.max(
    ENERGY_MIN,
    q[BEAT_ENERGY]! + (Math.min(energy, 2 * q[BEAT_ENERGY]!) - q[BEAT_ENERGY]!) * BEAT_SHARE,
  );
  // One loud beat may be an artefact or ectopic; three in a row are the new size of the signal.
  if (energy > LOUD_BY * q[BEAT_ENERGY]!) {
    q[LOUD_LEAST] = q[LOUD_TIMES] === 0 ? energy : Math.min(energy, q[LOUD_LEAST]!);
    q[LOUD_TIMES] = q[LOUD_TIMES]! + 1;
    if (q[LOUD_TIMES] === LOUD_BEATS) {
      q[BEAT_ENERGY] = q[LOUD_LEAST]!;
      q[LOUD_TIMES] = 0;
    }
  } else q[LOUD_TIMES] = 0;
  q[ENERGY_AT_BEAT] = q[BEAT_ENERGY]!;
  q[NOISE_ENERGY] = q[NOISE_ENERGY]! * NOISE_FADES;
  const steepness = steepnessNear(lead, index);
  q[LAST_STEEPNESS] = steepness;
  q[STEEPNESS] = q[STEEPNESS] === 0 ? steepness : q[STEEPNESS]! + (steepness - q[STEEPNESS]!) * STEEPNESS_SHARE;
  weigh(q);
};

/** Learns from a peak of energy that was no beat. */
export const learnNoise = (lead: LeadView, index: number): void => {
  if (!isUsableAt(lead, index)) return;
  const q = lead.qrs;
  q[NOISE_ENERGY] = q[NOISE_ENERGY]! + (energyNear(lead, index) - q[NOISE_ENERGY]!) * NOISE_SHARE;
  weigh(q);
};

/** Learns how restless the lead is. */
export const learnDuty = (lead: LeadView, index: number): void => {
  const q = lead.qrs;
  const share = lead.energy[index - lead.energyFrom]! / q[BEAT_ENERGY]!;
  q[DUTY] = q[DUTY]! + (Math.min(share, DUTY_MAX) - q[DUTY]!) * DUTY_SHARE;
};
