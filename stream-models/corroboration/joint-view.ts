import { fibrillationFeatures } from '../fibrillation/fibrillation-features.ts';
import { fibrillationLogit } from '../fibrillation/fibrillation-rule.ts';
import type { LeadView } from './lead-view.ts';
import { runInLeads } from './run-in-leads.ts';
import { runWaves } from './run-wave.ts';
import { bounded } from './scale.ts';
import { middleOf } from './series.ts';
import { type SuspectedRun, suspectedRun, type Vote, type VoteInLeads } from './suspected-run.ts';

/**
 * What all leads show at the same time: a ventricular rhythm is in every lead at once, movement rarely is. Windows of three
 * seconds over the last twelve, and the suspected run.
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

const SAME_BEAT_S = 0.09;
const NO_RUN = {
  'joint.five': 0,
  'joint.five2': 0,
  'joint.wide': 0,
  'joint.regular': 0,
  'joint.seen': 0,
  'joint.rate': 0,
  'joint.v': 0,
};

/** Over the run that speaks most for VT, if it is fast enough. */
const runEvidence = (run: SuspectedRun | undefined, leads: readonly LeadView[]): Record<string, number> => {
  if (run === undefined || !run.isFast) return NO_RUN;
  const { beats, rate } = run;
  const meanOf = (of: (beat: VoteInLeads) => number): number =>
    beats.reduce((sum, beat) => sum + of(beat), 0) / beats.length;
  const strange = beats.map((beat) => beat.strange).sort((a, b) => a - b);
  const intervals = beats.slice(1).map((beat, k) => beat.at - beats[k]!.at);
  const middle = middleOf(intervals)!;
  const uneven = intervals.reduce((sum, one) => sum + Math.abs(one - middle), 0) / intervals.length / middle;
  const seenBy = meanOf(({ seen }) => seen.filter((one) => one !== undefined).length);
  return {
    'joint.five': meanOf((beat) => beat.strange),
    'joint.five2': strange[1]!,
    'joint.wide': meanOf(({ wide }) => wide),
    'joint.regular': 1 - Math.min(1, uneven),
    'joint.seen': seenBy / Math.max(1, leads.length),
    'joint.rate': bounded(Math.log(rate / 140), 1),
    'joint.v': meanOf(({ ventricular }) => ventricular),
  };
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
  const run = suspectedRun(leads, votes);
  const evidence: Record<string, number> = {
    ...runEvidence(run, leads),
    ...runInLeads(run, leads, votes),
    ...runWaves(run, leads),
    'joint.agree': agreementOf(leads),
  };
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
