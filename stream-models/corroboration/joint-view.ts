import { fibrillationFeatures } from '../rhythm/fibrillation-features.ts';
import { fibrillationLogit } from '../rhythm/fibrillation-rule.ts';
import type { LeadView } from './lead-view.ts';
import { bounded } from './scale.ts';
import { middleOf } from './series.ts';

/**
 * What all leads show at the same time: a ventricular rhythm is in every lead at once, movement rarely is. Windows of three
 * seconds over the last twelve, and rows of five voted beats.
 */
const WINDOW_TICKS = 750;
const STEP_TICKS = 125;
const WINDOWS = 18;
/** A lead this bad still counts a little: in a bed with bad leads only, they are all there is. */
const LEAST_WEIGHT = 0.05;

const NAMES = ['fibrillation', 'round', 'even', 'full', 'periodic', 'middle', 'slow', 'high', 'peak'] as const;
type Wave = Readonly<Record<(typeof NAMES)[number], number>>;

const waveOf = (window: Float64Array): Wave | undefined => {
  const found = fibrillationFeatures(window);
  return (
    found && {
      fibrillation: bounded(fibrillationLogit(found), 6),
      round: 1 - found.leakage,
      even: found.evenness,
      full: found.fullness,
      periodic: found.periodicity,
      middle: found.powerMiddle,
      slow: found.powerSlow,
      high: found.power9up,
      peak: found.peakShare,
    }
  );
};

/** Per window, newest first: the leads' features, better leads counting more. */
const jointWaves = (leads: readonly LeadView[]): readonly Wave[] => {
  const waves: Wave[] = [];
  for (let w = 0; w < WINDOWS; w++) {
    const sum = Object.fromEntries(NAMES.map((name) => [name, 0])) as Record<(typeof NAMES)[number], number>;
    let weight = 0;
    for (const { line, quality } of leads) {
      const to = line.length - w * STEP_TICKS;
      const wave = to < WINDOW_TICKS ? undefined : waveOf(line.slice(to - WINDOW_TICKS, to));
      if (wave === undefined) continue;
      const counts = Math.max(LEAST_WEIGHT, quality);
      weight += counts;
      for (const name of NAMES) sum[name] += counts * wave[name];
    }
    if (weight > 0) waves.push(Object.fromEntries(NAMES.map((name) => [name, sum[name] / weight])) as unknown as Wave);
  }
  return waves;
};

const FIVE = 5;
const RATE_MIN = 95;
const SAME_BEAT_S = 0.09;

export interface Vote {
  readonly at: number;
  readonly ventricular: number;
}

/** The strangeness of a voted beat: the mean of the leads that saw it. */
const strangenessOf = (at: number, leads: readonly LeadView[]): { strange: number; wide: number; seenBy: number } => {
  let strange = 0;
  let wide = 0;
  let seenBy = 0;
  for (const { beats } of leads) {
    const beat = beats.find((one) => Math.abs(one.at - at) < SAME_BEAT_S);
    if (beat === undefined) continue;
    strange += Math.min(1.5, beat.strangeness);
    wide += bounded(beat.wider, 1.5);
    seenBy++;
  }
  return seenBy === 0 ? { strange: 0, wide: 0, seenBy } : { strange: strange / seenBy, wide: wide / seenBy, seenBy };
};

/** Over five voted beats in a row that are fast enough: the values of the row that speaks most for VT. */
const rowsOf = (leads: readonly LeadView[], votes: readonly Vote[]): Record<string, number> => {
  const beats = votes.map((vote) => ({ ...vote, ...strangenessOf(vote.at, leads) }));
  const best = {
    'joint.five': 0,
    'joint.five2': 0,
    'joint.wide': 0,
    'joint.regular': 0,
    'joint.seen': 0,
    'joint.rate': 0,
    'joint.v': 0,
  };
  let most = -1;
  for (let i = FIVE - 1; i < beats.length; i++) {
    const row = beats.slice(i - FIVE + 1, i + 1);
    const last = row[FIVE - 1]!.at;
    if (last < -12) continue;
    const span = Math.max(0.1, last - row[0]!.at);
    const rate = (60 * (FIVE - 1)) / span;
    if (rate < RATE_MIN) continue;
    const strange = row.map((beat) => beat.strange).sort((a, b) => a - b);
    const v = row.reduce((sum, beat) => sum + beat.ventricular, 0) / FIVE;
    const speaks = v + strange.reduce((a, b) => a + b, 0) / FIVE;
    if (speaks <= most) continue;
    most = speaks;
    const intervals = row.slice(1).map((beat, k) => beat.at - row[k]!.at);
    const middle = middleOf(intervals)!;
    const uneven = intervals.reduce((sum, one) => sum + Math.abs(one - middle), 0) / intervals.length / middle;
    best['joint.five'] = strange.reduce((a, b) => a + b, 0) / FIVE;
    best['joint.five2'] = strange[1]!;
    best['joint.wide'] = row.reduce((sum, beat) => sum + beat.wide, 0) / FIVE;
    best['joint.regular'] = 1 - Math.min(1, uneven);
    best['joint.seen'] = row.reduce((sum, beat) => sum + beat.seenBy, 0) / FIVE / Math.max(1, leads.length);
    best['joint.rate'] = bounded(Math.log(rate / 140), 1);
    best['joint.v'] = v;
  }
  return best;
};

/** Share of the leads' beats of the last ten seconds that another lead saw as well; 1 with a single lead. */
const agreementOf = (leads: readonly LeadView[]): number => {
  if (leads.length < 2) return 1;
  let all = 0;
  let shared = 0;
  for (const lead of leads)
    for (const { at } of lead.beats) {
      if (at < -10) continue;
      all++;
      if (leads.some((other) => other !== lead && other.beats.some((beat) => Math.abs(beat.at - at) < SAME_BEAT_S)))
        shared++;
    }
  return all === 0 ? 0 : shared / all;
};

/** The evidence that is only in the leads together. */
export const jointEvidence = (leads: readonly LeadView[], votes: readonly Vote[]): Record<string, number> => {
  const evidence: Record<string, number> = { ...rowsOf(leads, votes), 'joint.agree': agreementOf(leads) };
  const waves = jointWaves(leads);
  for (const name of NAMES) {
    const values = waves.map((wave) => wave[name]);
    const most = values.length === 0 ? 0 : Math.max(...values);
    const least = values.length === 0 ? 0 : Math.min(...values);
    evidence[`wave.${name}`] = most;
    evidence[`wave.${name}.least`] = least;
    evidence[`wave.${name}.rise`] = most - (middleOf(values) ?? 0);
  }
  return evidence;
};
