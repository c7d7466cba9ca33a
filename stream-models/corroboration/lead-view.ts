import type { Moment } from '../../schemas/units.ts';
import { fibrillationFeatures } from '../fibrillation/fibrillation-features.ts';
import { fibrillationLogit } from '../fibrillation/fibrillation-rule.ts';
import { KEPT_S } from './network-votes.ts';
import { bounded } from './scale.ts';
import type { LeadBeat, LeadStretch, LeadWitness, WitnessMemory } from './witness.ts';

/** One lead as an alarm's judge sees it: seconds before the alarm (negative), newest last. */
export interface LeadView {
  readonly code: number;
  /** Mean quality over the last ten seconds; 0 while nothing could be seen. */
  readonly quality: number;
  /** Off, at its rail or without a sample all through the last seconds: that no beat is seen says nothing. */
  readonly isBlind: boolean;
  readonly beats: readonly SeenBeat[];
  /** The newest twenty seconds without a hole, mV, band-passed, 250 Hz; `lineEnd`: where they end. */
  readonly line: Float64Array;
  readonly lineEnd: number;
  /** Of every quarter second that ends at `at`; 0 where nothing could be seen. */
  readonly qualities: readonly { readonly at: number; readonly quality: number }[];
  /** What the wave looks like in its windows of the last seconds, without any beat. */
  readonly wave: Readonly<Record<string, number>>;
  /** How strange its beats are beside its own normal. */
  readonly rows: Readonly<Record<string, number>>;
}

export interface SeenBeat extends Omit<LeadBeat, 'at'> {
  readonly at: number;
}

const RECENT_S = 10;
/** What is kept, with room for the rounding of times. */
const LINE_US = KEPT_S * 1e6 + 1e5;
/** What a standstill is claimed of. */
const STILL_US = 4e6;
const WINDOW_TICKS = 1_000;
const STEP_TICKS = 250;
const WINDOWS = 9;
/** A row of ventricular beats is so fast at least (100/min with room for the measuring). */
const ROW_RATE = 95;
const FIVE = 5;
/** Beats farther from the own normal than this are of another kind (beats/norms.ts). */
const STRANGE = 0.4;

/** The newest samples of a lead in one line. */
const lineOf = (stretches: readonly LeadStretch[], from: number): Float64Array => {
  const recent = stretches.filter(({ at }) => at > from);
  let length = 0;
  for (const { samplesMv } of recent) length += samplesMv.length;
  const line = new Float64Array(length);
  let to = 0;
  for (const { samplesMv } of recent) {
    line.set(samplesMv, to);
    to += samplesMv.length;
  }
  return line;
};

const NOTHING_SEEN = {
  fibrillation: -3,
  fibrillation2: -3,
  leakage: 1,
  evenness: 0,
  fullness: 0,
  periodicity: 0,
  slow: 0,
  middle: 0,
  high: 0,
  amplitude: 0,
  still: 0,
  hz: 0,
};

/** Four-second windows, one second apart, over the last twelve seconds: the most extreme of each feature. */
const waveOf = (line: Float64Array): Record<string, number> => {
  const found: Record<string, number> = { ...NOTHING_SEEN };
  const logits: number[] = [];
  let stillest = Number.POSITIVE_INFINITY;
  let loudest = 0;
  for (let w = 0; w < WINDOWS; w++) {
    const to = line.length - w * STEP_TICKS;
    if (to < WINDOW_TICKS) break;
    const features = fibrillationFeatures(line.slice(to - WINDOW_TICKS, to));
    if (features === undefined) {
      stillest = 0;
      continue;
    }
    const logit = bounded(fibrillationLogit(features), 6);
    logits.push(logit);
    if (logits.length >= 2) found['fibrillation2'] = Math.max(found['fibrillation2']!, Math.min(logit, logits.at(-2)!));
    found['fibrillation'] = Math.max(found['fibrillation']!, logit);
    found['leakage'] = Math.min(found['leakage']!, features.leakage);
    found['evenness'] = Math.max(found['evenness']!, features.evenness);
    found['fullness'] = Math.max(found['fullness']!, features.fullness);
    found['periodicity'] = Math.max(found['periodicity']!, features.periodicity);
    found['slow'] = Math.max(found['slow']!, features.powerSlow);
    found['middle'] = Math.max(found['middle']!, features.powerMiddle);
    found['high'] = Math.max(found['high']!, features.power9up);
    stillest = Math.min(stillest, features.amplitudeMv);
    loudest = Math.max(loudest, features.amplitudeMv);
    if (w === 0) found['hz'] = features.peakHz / 10;
  }
  found['amplitude'] = bounded(Math.log(Math.max(0.02, loudest) / 0.5), 3);
  found['still'] = loudest > 0 ? stillest / loudest : 0;
  return found;
};

/** Over each five beats in a row that are fast enough: how strange the least strange but one is, how wide, how regular. */
const rowsOf = (beats: readonly SeenBeat[]): Record<string, number> => {
  let five = 0;
  let fiveWide = 0;
  let fiveMean = 0;
  let row = 0;
  let longest = 0;
  let strange = 0;
  let recent = 0;
  for (let i = 0; i < beats.length; i++) {
    const beat = beats[i]!;
    if (beat.at < -14) continue;
    recent++;
    const isStrange = beat.strangeness > STRANGE;
    strange += isStrange ? 1 : 0;
    const close = i > 0 && beat.at - beats[i - 1]!.at < 0.75;
    row = isStrange ? (close ? row + 1 : 1) : 0;
    longest = Math.max(longest, row);
    if (i < FIVE - 1) continue;
    const within = beats.slice(i - FIVE + 1, i + 1);
    const rate = (60 * (FIVE - 1)) / Math.max(0.1, beat.at - within[0]!.at);
    if (rate < ROW_RATE) continue;
    const strangeness = within.map((one) => Math.min(1.5, one.strangeness)).sort((a, b) => a - b);
    five = Math.max(five, strangeness[1]!);
    fiveMean = Math.max(fiveMean, strangeness.reduce((a, b) => a + b, 0) / FIVE);
    const wide = within.map((one) => bounded(one.wider, 1.5)).sort((a, b) => a - b);
    fiveWide = Math.max(fiveWide, wide[1]!);
  }
  return {
    row: Math.min(10, longest) / 5,
    five,
    fiveMean,
    fiveWide,
    strangeShare: recent === 0 ? 0 : strange / recent,
  };
};

const viewOf = (lead: LeadWitness, at: Moment): LeadView => {
  const recent = lead.stretches.filter((stretch) => stretch.at > at - RECENT_S * 1e6);
  let quality = 0;
  for (const stretch of recent) quality += stretch.blind ? 0 : stretch.quality;
  const newest = recent.filter((stretch) => stretch.at > at - STILL_US);
  const beats = lead.beats.map((beat) => ({ ...beat, at: (beat.at - at) / 1e6 }));
  const line = lineOf(lead.stretches, at - LINE_US);
  return {
    code: lead.code,
    line,
    lineEnd: ((lead.stretches.at(-1)?.at ?? at) - at) / 1e6,
    qualities: lead.stretches.map((one) => ({ at: (one.at - at) / 1e6, quality: one.blind ? 0 : one.quality })),
    quality: quality / (4 * RECENT_S),
    isBlind: newest.every(({ blind, samplesMv }) => blind || samplesMv.every(Number.isNaN)),
    beats,
    wave: waveOf(line),
    rows: rowsOf(beats),
  };
};

/** What is seen where there is no lead at all. */
export const NO_LEAD: LeadView = {
  code: 0,
  quality: 0,
  isBlind: true,
  beats: [],
  line: new Float64Array(0),
  lineEnd: 0,
  qualities: [],
  wave: NOTHING_SEEN,
  rows: rowsOf([]),
};

/** A lead of which nothing was heard for so long has no beat because nobody hears it: that would pass for a standstill. */
const HEARD_WITHIN_US = 2e6;

export const leadViews = (memory: WitnessMemory, at: Moment): readonly LeadView[] =>
  memory.leads
    .filter(({ stretches }) => (stretches.at(-1)?.at ?? 0) > at - HEARD_WITHIN_US)
    .map((lead) => viewOf(lead, at));
