import { elapsed, inSeconds, type Microseconds, type Moment, seconds } from '../../schemas/units.ts';
import type { RhythmDefinitions } from '../presets/preset.ts';
import type { Claim, PresentConditions } from '../vocabulary/present-conditions.ts';
import {
  BEATS_KEPT,
  type BeatHistories,
  type BeatHistory,
  isInMotion,
  middleRateOver,
  rateOver,
  ventricularRow,
} from './beat-history.ts';

/** When the patterns of beats that last only for a moment were last seen. */
export interface BeatRhythmsMemory {
  readonly seenAt: Readonly<Partial<Record<BriefPattern, Moment>>>;
  /** Beats that were not V since the last V beat. */
  readonly othersInRow: number;
  readonly lastVentricular: Moment | undefined;
}

type BriefPattern = 'v-run' | 'couplet' | 'bigeminy' | 'extreme-brady' | 'extreme-tachy';

export const beatRhythmsStart: BeatRhythmsMemory = { seenAt: {}, othersInRow: 0, lastVentricular: undefined };

/** A pattern is over in a second; its condition stays for this long, so that it can be seen and does not flap. */
const holds: readonly (readonly [BriefPattern, Microseconds])[] = [
  ['v-run', seconds(5)],
  ['couplet', seconds(5)],
  ['bigeminy', seconds(5)],
  ['extreme-brady', seconds(10)],
  ['extreme-tachy', seconds(10)],
];
/** VT ends with so many beats in a row that are not V, … */
const OTHERS_END_VT = 3;
/** … or when no V beat has come for this long. */
const VT_SILENCE: Microseconds = seconds(3);
/** … or when it has slowed down by so much below its limit. */
const RATE_HYSTERESIS = 5;
/** While the patient moves, so many V beats in a row are VT; fewer are a run. */
const MOTION_ROW = 12;
/** While the patient moves, an extreme tachycardia begins when it has lasted for so many peaks: at 140/min ten seconds. */
const MOTION_TACHY = BEATS_KEPT;
/** V beats farther apart than this are no row. */
const ROW_INTERVAL_MAX = seconds(3);

const whole = (rate: number): string => String(Math.round(rate));

/** VT is told from all peaks, a run from those that are believed. */
const ventricularClaims = (
  histories: BeatHistories,
  memory: BeatRhythmsMemory,
  present: PresentConditions,
  definitions: RhythmDefinitions,
  at: Moment,
  isDoubted: boolean,
): { readonly claims: readonly Claim[]; readonly seen: readonly BriefPattern[] } => {
  const { vt, runBeats } = definitions;
  const { peaks: history, believed } = histories;
  const row = ventricularRow(history);
  const least = isInMotion(histories) && !present.includes('vt') ? Math.max(vt.beats, MOTION_ROW) : vt.beats;
  const rate = row >= 2 ? rateOver(history, Math.min(row, vt.beats)) : undefined;
  const claims: Claim[] = [];
  const seen: BriefPattern[] = [];
  if (row >= least && rate !== undefined && rate >= vt.perMinute && !isDoubted) {
    const onset = history.times.at(-row) ?? at;
    claims.push({ condition: 'vt', present: true, at: onset, evidence: `${row} V beats at ${whole(rate)}/min` });
  } else if (believed.times.at(-1) === at && !present.includes('vt')) {
    const run = ventricularRow(believed);
    if (run >= runBeats) {
      seen.push('v-run');
      const evidence = `${run} V beats at ${whole(rateOver(believed, Math.min(run, vt.beats)) ?? 0)}/min`;
      claims.push({ condition: 'v-run', present: true, at: believed.times.at(-run) ?? at, evidence });
    }
  }
  if (present.includes('vt')) {
    const slowed = row >= vt.beats && rate !== undefined && rate < vt.perMinute - RATE_HYSTERESIS;
    if (memory.othersInRow >= OTHERS_END_VT)
      claims.push({ condition: 'vt', present: false, at, evidence: `${memory.othersInRow} beats that are not V` });
    else if (slowed) claims.push({ condition: 'vt', present: false, at, evidence: `V beats at ${whole(rate)}/min` });
  }
  return { claims, seen };
};

/** Is the newest beat's pattern other-V-V-other? */
const endsCouplet = ({ classes }: BeatHistory): boolean => {
  const [before, first, second, behind] = classes.slice(-4);
  return classes.length >= 4 && before !== 'V' && first === 'V' && second === 'V' && behind !== 'V';
};

/** Three times other-V, the newest beat either of the two. */
const isBigeminy = ({ classes }: BeatHistory): boolean => {
  if (classes.length < 6) return false;
  const newest = classes.slice(-6);
  return newest.every((name, i) => (name === 'V') === ((i % 2 === 0) === (newest[0] === 'V')));
};

/** Compared as they are shown, in whole beats per minute, so that no evidence reads "HR 40 < 40". */
const wholeRateOver = (history: BeatHistory, beats: number): number | undefined => {
  const rate = rateOver(history, beats);
  return rate === undefined ? undefined : Math.round(rate);
};

/** Mean and middle of the intervals must both be beyond the limit, so that one pause is no bradycardia. */
const extremeClaims = (
  histories: BeatHistories,
  present: PresentConditions,
  { extremeBrady, extremeTachy }: RhythmDefinitions,
  at: Moment,
): readonly Claim[] => {
  const { peaks: history } = histories;
  const claims: Claim[] = [];
  const slow = wholeRateOver(history, extremeBrady.beats);
  const isSlow = (rate: number): boolean => rate < extremeBrady.perMinute;
  if (slow !== undefined && isSlow(slow) && isSlow(middleRateOver(history, extremeBrady.beats) ?? 0)) {
    const evidence = `HR ${slow} < ${extremeBrady.perMinute} over ${extremeBrady.beats} beats`;
    claims.push({ condition: 'extreme-brady', present: true, at, evidence });
  }
  const isAwaited = isInMotion(histories) && !present.includes('extreme-tachy');
  const beats = isAwaited ? Math.max(extremeTachy.beats, MOTION_TACHY) : extremeTachy.beats;
  const fast = wholeRateOver(history, beats);
  const isFast = (rate: number): boolean => rate > extremeTachy.perMinute;
  if (fast !== undefined && isFast(fast) && isFast(middleRateOver(history, beats) ?? 0)) {
    const evidence = `HR ${fast} > ${extremeTachy.perMinute} over ${beats} beats`;
    claims.push({ condition: 'extreme-tachy', present: true, at, evidence });
  }
  return claims;
};

/**
 * What the newest peak (the last of the history) says: VT, V run, couplet, bigeminy from the classes; extreme rates from
 * the times alone, so they go on when no network answers. What is red is told from all peaks, the rest from those that are no
 * artefacts; while the patient moves VT and extreme tachycardia begin later, by a bounded number of beats. `isDoubted`: the network of rhythm does not believe a row of V beats; it is called a run.
 */
export const judgeBeat = (
  memory: BeatRhythmsMemory,
  histories: BeatHistories,
  present: PresentConditions,
  definitions: RhythmDefinitions,
  isDoubted = false,
): readonly [BeatRhythmsMemory, readonly Claim[]] => {
  const { peaks: history, believed } = histories;
  const at = history.times.at(-1);
  if (at === undefined) return [memory, []];
  const isBelieved = believed.times.at(-1) === at;
  const ventricular = history.classes.at(-1) === 'V';
  const before = history.times.at(-2);
  const rowBroken = before !== undefined && elapsed(before, at) > ROW_INTERVAL_MAX;
  const counted: BeatRhythmsMemory = {
    ...memory,
    othersInRow: ventricular ? 0 : memory.othersInRow + 1,
    lastVentricular: ventricular ? at : memory.lastVentricular,
  };
  const { claims, seen } = rowBroken
    ? { claims: [], seen: [] }
    : ventricularClaims(histories, counted, present, definitions, at, isDoubted);
  const all: Claim[] = [...claims];
  const seenAt = { ...counted.seenAt };
  for (const pattern of seen) seenAt[pattern] = at;
  if (isBelieved && endsCouplet(believed)) {
    seenAt.couplet = at;
    all.push({ condition: 'couplet', present: true, at: believed.times.at(-3) ?? at, evidence: '2 V beats in a row' });
  }
  if (isBelieved && isBigeminy(believed)) {
    seenAt.bigeminy = at;
    const evidence = 'every second beat V, 3 times';
    all.push({ condition: 'bigeminy', present: true, at: believed.times.at(-6) ?? at, evidence });
  }
  for (const claim of extremeClaims(histories, present, definitions, at)) {
    seenAt[claim.condition as BriefPattern] = at;
    all.push(claim);
  }
  return [{ ...counted, seenAt }, all];
};

/** What ends because time passes and nothing more of it was seen. */
export const judgePassing = (memory: BeatRhythmsMemory, present: PresentConditions, now: Moment): readonly Claim[] => {
  if (present.length === 0) return [];
  const claims: Claim[] = [];
  for (const [condition, hold] of holds) {
    const seen = memory.seenAt[condition];
    if (!present.includes(condition) || (seen !== undefined && elapsed(seen, now) < hold)) continue;
    claims.push({ condition, present: false, at: now, evidence: `none for ${inSeconds(hold)} s` });
  }
  const silent = memory.lastVentricular === undefined || elapsed(memory.lastVentricular, now) >= VT_SILENCE;
  if (present.includes('vt') && silent)
    claims.push({ condition: 'vt', present: false, at: now, evidence: `no V beat for ${inSeconds(VT_SILENCE)} s` });
  return claims;
};
