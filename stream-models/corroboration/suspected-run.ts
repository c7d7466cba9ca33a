import type { LeadView, SeenBeat } from './lead-view.ts';
import { bounded } from './scale.ts';

/** A beat that all leads agreed on: seconds before the alarm (negative), and the network's probability of V. */
export interface Vote {
  readonly at: number;
  readonly ventricular: number;
}

/** A voted beat, and what each lead saw of it by itself; in the order of the leads. */
export interface VoteInLeads extends Vote {
  readonly seen: readonly (SeenBeat | undefined)[];
  /** Mean over the leads that saw it, 0 … 1.5: how unlike the own normal, how much wider. */
  readonly strange: number;
  readonly wide: number;
}

/** The five beats in a row that speak most for a ventricular tachycardia. */
export interface SuspectedRun {
  readonly beats: readonly VoteInLeads[];
  /** Beats per minute. */
  readonly rate: number;
  /** Whether it is as fast as the definition asks for (100/min, with room for the measuring). */
  readonly isFast: boolean;
}

const FIVE = 5;
const RATE_MIN = 95;
/** An alarm rings at most 10 s after what it rings for began. */
const LATEST_S = 12;
const SAME_BEAT_S = 0.09;
const STRANGE_MAX = 1.5;

const inLeads = (vote: Vote, leads: readonly LeadView[]): VoteInLeads => {
  const seen = leads.map(({ beats }) => beats.find((one) => Math.abs(one.at - vote.at) < SAME_BEAT_S));
  let strange = 0;
  let wide = 0;
  let seenBy = 0;
  for (const beat of seen) {
    if (beat === undefined) continue;
    strange += Math.min(STRANGE_MAX, beat.strangeness);
    wide += bounded(beat.wider, 1.5);
    seenBy++;
  }
  const { at, ventricular } = vote;
  if (seenBy === 0) return { at, ventricular, seen, strange, wide };
  return { at, ventricular, seen, strange: strange / seenBy, wide: wide / seenBy };
};

const meanOf = (beats: readonly VoteInLeads[], of: (beat: VoteInLeads) => number): number => {
  let sum = 0;
  for (const beat of beats) sum += of(beat);
  return sum / beats.length;
};

/**
 * Among the rows of five voted beats that end in the last seconds, the one that the network and the leads find strangest: of those fast
 * enough if there is one, else of all. undefined: there are no five beats.
 */
export const suspectedRun = (leads: readonly LeadView[], votes: readonly Vote[]): SuspectedRun | undefined => {
  const all = votes.map((vote) => inLeads(vote, leads));
  let best: SuspectedRun | undefined;
  let most = -1;
  for (let i = FIVE - 1; i < all.length; i++) {
    const beats = all.slice(i - FIVE + 1, i + 1);
    const last = beats[FIVE - 1]!.at;
    if (last < -LATEST_S) continue;
    const rate = (60 * (FIVE - 1)) / Math.max(0.1, last - beats[0]!.at);
    const isFast = rate >= RATE_MIN;
    if (best?.isFast && !isFast) continue;
    const speaks = meanOf(beats, ({ ventricular }) => ventricular) + meanOf(beats, ({ strange }) => strange);
    if (best?.isFast === isFast && speaks <= most) continue;
    most = speaks;
    best = { beats, rate, isFast };
  }
  return best;
};
