import { type Moment, moment } from '../../schemas/units.ts';
import type { EcgProgress, LeadProgress } from '../ecg/sighting.ts';
import { type FibrillationFeatures, fibrillationFeatures } from './fibrillation-features.ts';
import { fibrillationLogit } from './fibrillation-rule.ts';
import { type RecentLead, WINDOW_STRETCHES, windowOf, withStretches } from './recent-leads.ts';

/** The last four seconds of each lead as they came, and what was decided of them. About 4 KB per lead. */
export interface FibrillationMemory {
  readonly leads: readonly RecentLead[];
  /** Log odds of the newest looks, newest last. */
  readonly logits: readonly number[];
  /** undefined: no fibrillation. */
  readonly now: 'vf' | 'vfl' | undefined;
  /** What the newest look found, for the evidence. */
  readonly perMinute: number;
  readonly amplitudeMv: number;
}

export const fibrillationStart: FibrillationMemory = {
  leads: [],
  logits: [],
  now: undefined,
  perMinute: 0,
  amplitudeMv: 0,
};

/** Looks, one a second, over which an end is judged. */
const LOOKS_KEPT = 3;
/** Waves smaller than this are no fibrillation that can be told from a still line (98th percentile of |amplitude|). */
const AMPLITUDE_MIN_MV = 0.08;

/** The mean over the last looks must pass RAISE, and ends below END; in between things stay as they are. */
const LOOKS_TO_RAISE = 2;
const RAISE = 0;
const END = -1;
/** One look as sure as this needs no second. */
const RAISE_AT_ONCE = 1.5;
/** From here on a still line may be fibrillation that is not decided yet. */
const SUSPICION = -1;
/** Waves as regular as this are called flutter (periodicity.ts, 0 … 1). */
const FLUTTER_PERIODICITY = 0.8;

/** What was found in one lead's newest four seconds. */
export interface LeadLook {
  readonly code: number;
  readonly features: FibrillationFeatures;
}

/** What a look at all leads finds: the mean of the leads' log odds; undefined when no lead could be looked at. */
export interface Look {
  readonly logit: number;
  readonly features: FibrillationFeatures;
}

/** Looks at whole windows of samples (mV at 250 Hz), one per lead. */
export const look = (windows: readonly Float64Array[]): Look | undefined => lookAt(windows.map(fibrillationFeatures));

const lookAt = (found: readonly (FibrillationFeatures | undefined)[]): Look | undefined => {
  let sum = 0;
  let count = 0;
  let best: FibrillationFeatures | undefined;
  for (const features of found) {
    if (features === undefined) continue;
    sum += fibrillationLogit(features);
    count++;
    if (best === undefined || features.amplitudeMv > best.amplitudeMv) best = features;
  }
  return best === undefined ? undefined : { logit: sum / count, features: best };
};

const decide = (memory: FibrillationMemory, found: Look | undefined): FibrillationMemory => {
  if (found === undefined) return { ...memory, logits: [], now: undefined };
  const { features } = found;
  const logit = features.amplitudeMv < AMPLITUDE_MIN_MV ? Math.min(found.logit, 2 * END) : found.logit;
  const logits = [...memory.logits.slice(1 - LOOKS_KEPT), logit];
  const meanOf = (count: number): number => {
    const newest = logits.slice(-count);
    return newest.length < count ? Number.NEGATIVE_INFINITY : newest.reduce((a, b) => a + b, 0) / count;
  };
  const raised = logit >= RAISE_AT_ONCE || (logit >= 0 && meanOf(LOOKS_TO_RAISE) >= RAISE);
  const ended = logits.length >= LOOKS_KEPT && meanOf(LOOKS_KEPT) < END;
  const there = memory.now === undefined ? raised : !ended;
  const kind = features.periodicity >= FLUTTER_PERIODICITY ? 'vfl' : 'vf';
  return {
    ...memory,
    logits,
    now: there ? kind : undefined,
    perMinute: Math.round(60 * features.peakHz),
    amplitudeMv: features.amplitudeMv,
  };
};

/**
 * Watches for ventricular fibrillation and flutter, at the end of every second of signal, on all leads that are usable. It looks at the
 * wave alone and needs no beats, because beats found in fibrillation mean nothing. `known`: what was found in whole windows that end with
 * this stretch, by whoever looked first; a lead heard without a break for so long has one window only.
 * Both look when a second ends (`endsSecond`), however many stretches of it could be used, so the work is done once.
 */
export const watchFibrillation = (
  memory: FibrillationMemory,
  progress: EcgProgress,
  usable: readonly LeadProgress[],
  known: readonly LeadLook[] = [],
): FibrillationMemory => {
  const heard = {
    ...memory,
    leads: withStretches(
      memory.leads,
      usable.filter((lead) => !lead.flat),
    ),
  };
  const everythingFlat = usable.length > 0 && heard.leads.length === 0;
  if (everythingFlat) return { ...fibrillationStart };
  if (!progress.endsSecond) return heard;
  const whole = heard.leads.filter(({ stretches }) => stretches.length >= WINDOW_STRETCHES);
  if (whole.length === 0) return heard;
  const found = whole.map(
    (lead) => known.find(({ code }) => code === lead.code)?.features ?? fibrillationFeatures(windowOf(lead)),
  );
  return decide(heard, lookAt(found));
};

/** Does the line look enough like fibrillation that a standstill should wait for the decision? */
export const isSuspected = (memory: FibrillationMemory): boolean =>
  memory.now === undefined && (memory.logits.at(-1) ?? Number.NEGATIVE_INFINITY) >= SUSPICION;

/** The signal broke off: a window must not reach over the break. What was decided stands until the next look. */
export const breakFibrillation = (memory: FibrillationMemory): FibrillationMemory => ({
  ...memory,
  leads: [],
  logits: [],
});

/** What was seen, in words for a person. */
export const fibrillationEvidence = ({ now, perMinute, amplitudeMv }: FibrillationMemory): string =>
  `${now === 'vfl' ? 'flutter' : 'fibrillatory'} waves for 4 s, about ${perMinute}/min, ${amplitudeMv.toFixed(2)} mV`;

/** When what a look at `at` finds began, as far as can be said: the beginning of its window. */
export const windowStart = (at: Moment): Moment => moment(at - 4e6);
