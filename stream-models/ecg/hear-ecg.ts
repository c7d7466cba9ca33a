import { type Moment, moment } from '../../schemas/units.ts';
import { BAND_DELAY_TICKS, bandPass } from './band.ts';
import { cutAt, earlier, findEnd, isUsableChunk, movedAfter } from './frame.ts';
import {
  endOf,
  HISTORY_TICKS,
  hearLead,
  type LeadArrays,
  type LeadMemory,
  leadAfter,
  newLeadArrays,
  periodUs,
  rateOf,
  withMissing,
} from './lead.ts';
import { detectQrs, type FoundBeat, type QrsMemory, startQrs } from './qrs-detector.ts';
import { writeQrsEnergy } from './qrs-energy.ts';
import { ENERGY_KEPT_TICKS, type LeadView } from './qrs-lead.ts';
import { hearQuality, judgeLead } from './quality.ts';
import { lookaheadUs, TICK_US } from './resample.ts';
import {
  type BeatSeen,
  type EcgChunk,
  type EcgProgress,
  type EcgSighting,
  SHAPE_AFTER,
  SHAPE_BEFORE,
} from './sighting.ts';

/** What is remembered of a bed's ECG: plain data, about 6 KB per lead. */
export interface EcgMemory {
  /** The unbroken run of signal that is being heard; undefined before the first sample. */
  readonly run: EcgRun | undefined;
}

/** A stretch of signal without a hole in all leads at once. Its ticks are 4 ms apart. */
export interface EcgRun {
  /** Bed time of tick 0, the first sample of the run. */
  readonly anchor: number;
  /** Ticks processed. */
  readonly ticks: number;
  /** How much later than a tick the samples lie that it is made of, microseconds. */
  readonly lookahead: number;
  /** In the order of their codes. */
  readonly leads: readonly LeadMemory[];
  readonly qrs: QrsMemory;
  readonly lastBeat: Moment | undefined;
  /** By how many microseconds its newest chunks are taken to be earlier than they are stamped; absent: 0. */
  readonly moved?: number;
}

export const startEcg: EcgMemory = { run: undefined };

type Say = (sighting: EcgSighting) => void;

/** A lead that is so far behind the others is no longer waited for. */
const WAIT_US = 250_000;
/** 250 ms in ticks: steps of progress are 62 and 63 ticks long in turn. */
const PROGRESS_TICKS = 62.5;
const STEPS_PER_SECOND = 4;

/** The leads during a call, with room for `count` more ticks: `view` is what the detector sees, `after` what the lead will remember. */
interface LeadAtWork {
  readonly view: LeadView;
  readonly after: LeadArrays;
}

/** Room for a lead's line and energy during a call. Every number read was written in the same call, and none outlives it. */
interface LeadRoom {
  readonly line: Float32Array;
  readonly energy: Float64Array;
}

/**
 * Rooms by the number of ticks, one for each lead: frames of one gateway are of one or two lengths, and room made anew for each
 * costs more than filtering it. No call begins within another.
 */
const rooms = new Map<number, LeadRoom[]>();
const LENGTHS_MAX = 8;
const roomFor = (count: number, lead: number): LeadRoom => {
  let ofLength = rooms.get(count);
  if (ofLength === undefined) {
    if (rooms.size >= LENGTHS_MAX) rooms.clear();
    ofLength = [];
    rooms.set(count, ofLength);
  }
  ofLength[lead] ??= {
    line: new Float32Array(HISTORY_TICKS + count),
    energy: new Float64Array(ENERGY_KEPT_TICKS + count),
  };
  return ofLength[lead];
};

const filterLead = (lead: LeadMemory, count: number, off: boolean, { line, energy }: LeadRoom): LeadAtWork => {
  const after = newLeadArrays();
  after.band.set(lead.band);
  after.quality.set(lead.quality);
  after.qrs.set(lead.qrs);
  line.set(lead.history);
  bandPass(after.band, lead.pending, count, line, HISTORY_TICKS);
  energy.set(lead.energy);
  writeQrsEnergy(line, HISTORY_TICKS, HISTORY_TICKS + count, energy, ENERGY_KEPT_TICKS);
  return { view: { line, off, qrs: after.qrs, energy, energyFrom: HISTORY_TICKS - ENERGY_KEPT_TICKS }, after };
};

/** The shape of a beat in a lead. Where the signal was missing it is 0, where the band-passed line rests. */
const shapeOf = (line: Float32Array, r: number): Float32Array => {
  const shape = line.slice(r - SHAPE_BEFORE, r + SHAPE_AFTER);
  for (let i = 0; i < shape.length; i++) if (Number.isNaN(shape[i]!)) shape[i] = 0;
  return shape;
};

/** Bed time of a tick, and how far the signal had been heard when it was processed. */
const timeOf = (run: EcgRun, tick: number): Moment => moment(Math.round(run.anchor + tick * TICK_US));
const saidAt = (run: EcgRun, tick: number): Moment => moment(Math.round(run.anchor + tick * TICK_US + run.lookahead));

const beatSeen = (run: EcgRun, atWork: readonly LeadAtWork[], beat: FoundBeat): BeatSeen => ({
  tag: 'BeatSeen',
  at: timeOf(run, beat.tick - BAND_DELAY_TICKS),
  said: saidAt(run, beat.saidTick),
  lead: run.leads[beat.leads[0]!]!.code,
  amplitudeMv: beat.amplitudeMv,
  shapes: beat.leads.map((l) => shapeOf(atWork[l]!.view.line, HISTORY_TICKS - run.ticks + beat.tick)),
});

/** The first tick of a step. */
const beginOf = (step: number): number => Math.ceil(step * PROGRESS_TICKS);

/** Progress over the ticks of a step, of which the last has just been processed. */
const progressAt = (
  run: EcgRun,
  atWork: readonly LeadAtWork[],
  step: number,
  lastBeat: Moment | undefined,
): EcgProgress => {
  const begin = beginOf(step);
  const end = beginOf(step + 1);
  const at = saidAt(run, end - 1);
  const base = HISTORY_TICKS - run.ticks;
  const leads = run.leads.map(({ code }, l) => ({
    ...judgeLead(atWork[l]!.after.quality),
    code,
    off: atWork[l]!.view.off,
    samplesMv: atWork[l]!.view.line.slice(base + begin, base + end),
  }));
  const endsSecond = (step + 1) % STEPS_PER_SECOND === 0;
  return { tag: 'EcgProgress', at, said: at, endsSecond, leads, lastBeat };
};

/** Processes the next ticks, which all leads have. */
const hearTicks = (run: EcgRun, count: number, off: ReadonlySet<number>, say: Say): EcgRun => {
  const from = run.ticks;
  const to = from + count;
  const atWork = run.leads.map((lead, l) => filterLead(lead, count, off.has(lead.code), roomFor(count, l)));
  const views = atWork.map(({ view }) => view);
  const [qrs, beats] = detectQrs(run.qrs, views, HISTORY_TICKS - from, from, to);
  let { lastBeat } = run;
  let said = 0;
  const sayBeatsTo = (tick: number): void => {
    for (; said < beats.length && beats[said]!.saidTick < tick; said++) {
      const beat = beatSeen(run, atWork, beats[said]!);
      lastBeat = beat.at;
      say(beat);
    }
  };
  let step = Math.floor(from / PROGRESS_TICKS);
  for (let tick = from; tick < to; ) {
    const end = beginOf(step + 1);
    const upTo = Math.min(end, to);
    for (let l = 0; l < run.leads.length; l++) {
      const { pending, pendingRails } = run.leads[l]!;
      hearQuality(atWork[l]!.after.quality, tick, pending, pendingRails, tick - from, upTo - from);
    }
    tick = upTo;
    if (upTo < end) break;
    sayBeatsTo(end);
    say(progressAt(run, atWork, step, lastBeat));
    step++;
  }
  sayBeatsTo(to);
  const leads = run.leads.map((lead, l) => {
    const { view, after } = atWork[l]!;
    after.history.set(view.line.subarray(count));
    after.energy.set(view.energy.subarray(-ENERGY_KEPT_TICKS));
    return leadAfter(lead, count, after);
  });
  return { ...run, ticks: to, qrs, lastBeat, leads };
};

interface Coded {
  readonly code: number;
}

/** In the order of their codes. Most often they are in it already. */
const byCode = <Each extends Coded>(all: readonly Each[]): readonly Each[] => {
  for (let i = 1; i < all.length; i++)
    if (all[i]!.code < all[i - 1]!.code) return [...all].sort((a, b) => a.code - b.code);
  return all;
};

/** Hears chunks in which nothing ends the run, and processes the ticks that all leads have. */
const hearRun = (run: EcgRun, chunks: readonly EcgChunk[], off: ReadonlySet<number>, say: Say): EcgRun => {
  const heard = [...run.leads];
  let { lookahead, anchor } = run;
  for (const chunk of byCode(chunks)) {
    const index = heard.findIndex(({ code }) => code === chunk.code);
    const known = heard[index];
    const lead = hearLead(anchor, run.ticks, known, chunk);
    lookahead = Math.max(lookahead, lookaheadUs(lead.resampler, rateOf(lead)));
    // The grid follows the clock of the first lead where that drifts (see hearLead).
    if (index === 0 && known !== undefined && lead.heard > chunk.samplesMv.length) anchor += lead.origin - known.origin;
    if (index >= 0) heard[index] = lead;
    else heard.push(lead);
  }
  // Between two equally good leads the first one speaks: which is first must not depend on which was heard first.
  const leads = [...byCode(heard)];
  const heardTo = Math.max(...leads.map(endOf));
  const longest = Math.max(...leads.map(({ pending }) => pending.length));
  let count = Number.POSITIVE_INFINITY;
  for (let l = 0; l < leads.length; l++) {
    const lead = leads[l]!;
    if (lead.silent || endOf(lead) < heardTo - WAIT_US)
      leads[l] = { ...withMissing(lead, longest - lead.pending.length), silent: true };
    count = Math.min(count, leads[l]!.pending.length);
  }
  const next = { ...run, anchor, leads, lookahead };
  return count > 0 ? hearTicks(next, count, off, say) : next;
};

const startRun = (anchor: number): EcgRun => ({
  anchor,
  ticks: 0,
  lookahead: 0,
  leads: [],
  qrs: startQrs,
  lastBeat: undefined,
});

/**
 * What is new in a frame. A lead that joins late brings samples from before the run, and a device may repeat the end of its last
 * frame: either would break off all leads in every frame, and no run would last long enough for a beat.
 */
const onlyNew = ({ anchor, leads }: EcgRun, chunks: readonly EcgChunk[]): EcgChunk[] =>
  chunks
    .map((chunk) => {
      const known = leads.find(({ code }) => code === chunk.code);
      if (known === undefined) return leads.length > 0 && chunk.start < anchor ? cutAt(chunk, anchor)[1] : chunk;
      const heardTo = endOf(known);
      const to = chunk.start + chunk.samplesMv.length * periodUs(chunk);
      const repeats = chunk.start < heardTo - periodUs(known) / 2 && to > heardTo + periodUs(known) / 2;
      return repeats ? cutAt(chunk, heardTo)[1] : chunk;
    })
    .filter(isUsableChunk);

/**
 * Hears one frame's ECG leads (mV, NaN where there is no sample, any rational rate) and says what was seen, in an order
 * in which `said` never decreases as long as bed time does not. `off`: codes of the leads whose electrode is off; they
 * are shown and not believed. What is said does not depend on how the signal was cut into frames. Never throws: a signal
 * without beats is an answer. A frame whose times go back begins a new run ('new epoch').
 */
export const hearEcg = (
  memory: EcgMemory,
  chunks: readonly EcgChunk[],
  off: ReadonlySet<number>,
): readonly [EcgMemory, readonly EcgSighting[]] => {
  const sightings: EcgSighting[] = [];
  const say: Say = (sighting) => {
    sightings.push(sighting);
  };
  let left = chunks.filter(isUsableChunk);
  let { run } = memory;
  while (left.length > 0) {
    run ??= startRun(Math.min(...left.map(({ start }) => start)));
    const moved = movedAfter(run.leads, run.moved ?? 0, left);
    run = moved === (run.moved ?? 0) ? run : { ...run, moved };
    left = onlyNew(
      run,
      left.map((chunk) => earlier(chunk, moved)),
    );
    if (left.length === 0) break;
    const end = findEnd(run.anchor, run.leads, left);
    if (end === undefined) return [{ run: hearRun(run, left, off, say) }, sightings];
    const parts = left.map((chunk) => cutAt(chunk, end.at));
    const before = parts.map(([part]) => part).filter(isUsableChunk);
    if (before.length > 0) run = hearRun(run, before, off, say);
    left = parts.map(([, part]) => earlier(part, -moved)).filter(isUsableChunk);
    const heardTo = Math.round(Math.max(...run.leads.map(endOf)));
    const said = end.why === 'new epoch' ? heardTo : Math.max(heardTo, Math.round(end.at));
    say({ tag: 'EcgBroken', at: moment(heardTo), said: moment(said), why: end.why });
    run = undefined;
  }
  return [{ run }, sightings];
};
