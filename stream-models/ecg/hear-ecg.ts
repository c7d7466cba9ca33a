import { type Moment, moment } from '../../schemas/units.ts';
import { BAND_DELAY_TICKS, BAND_STATE_LENGTH, bandPass } from './band.ts';
import { HISTORY_TICKS, type LeadMemory } from './lead.ts';
import { detectQrs, type FoundBeat, LEAD_QRS_LENGTH, type LeadLine, type QrsMemory, startQrs } from './qrs-detector.ts';
import { hearQuality, judgeLead, markRails, startPlateau, startQuality } from './quality.ts';
import { lookaheadUs, resample, startResampler, TICK_US } from './resample.ts';
import {
  type BeatSeen,
  type EcgBroken,
  type EcgChunk,
  type EcgProgress,
  type EcgSighting,
  SHAPE_AFTER,
  SHAPE_BEFORE,
} from './sighting.ts';

/** What is remembered of a bed's ECG. Plain data; at most some 3 KB per lead. */
export interface EcgMemory {
  /** The unbroken run of signal that is being heard; undefined before the first sample. */
  readonly run: RunMemory | undefined;
}

interface RunMemory {
  /** Bed time of tick 0. */
  readonly anchor: number;
  /** Ticks processed. */
  readonly ticks: number;
  /** How much later than a tick the samples lie that it is made of. */
  readonly lookahead: number;
  readonly leads: readonly LeadMemory[];
  readonly qrs: QrsMemory;
  readonly lastBeat: Moment | undefined;
}

export const startEcg: EcgMemory = { run: undefined };

/** A lead that is so far behind the others is no longer waited for. */
const WAIT_US = 250_000;
/** A lead that appears so soon after the others began belongs to the same beginning. */
const JOIN_US = 1_000_000;
/** Rounding of times to microseconds, allowed between what is expected and what is said. */
const ROUNDING_US = 2;
/** Steps of progress per second. */
const PROGRESS_TICKS = 62.5;

const periodUs = (of: { readonly rateNumerator: number; readonly rateDenominator: number }): number =>
  (of.rateDenominator * 1e6) / of.rateNumerator;
const rateOf = (of: { readonly rateNumerator: number; readonly rateDenominator: number }): number =>
  of.rateNumerator / of.rateDenominator;
const endOf = (lead: LeadMemory): number => lead.origin + lead.heard * periodUs(lead);

const isUsableChunk = (chunk: EcgChunk): boolean =>
  chunk.samplesMv.length > 0 &&
  chunk.rateNumerator > 0 &&
  chunk.rateDenominator > 0 &&
  Number.isFinite(rateOf(chunk)) &&
  Number.isFinite(chunk.start);

/** What in a frame ends the run, and from when on. */
interface End {
  readonly at: number;
  readonly why: EcgBroken['why'];
}

const findEnd = (run: RunMemory, chunks: readonly EcgChunk[]): End | undefined => {
  let end: End | undefined;
  const ends = (at: number, why: EcgBroken['why']): void => {
    if (end === undefined || at < end.at) end = { at, why };
  };
  let heardTo = -Infinity;
  let period = 0;
  for (const lead of run.leads) {
    heardTo = Math.max(heardTo, endOf(lead));
    period = Math.max(period, periodUs(lead));
  }
  let first = Infinity;
  for (const chunk of chunks) {
    first = Math.min(first, chunk.start);
    const lead = run.leads.find(({ code }) => code === chunk.code);
    if (lead === undefined) {
      if (chunk.start > run.anchor + JOIN_US) ends(chunk.start, 'leads changed');
      else if (chunk.start < run.anchor) ends(chunk.start, 'new epoch');
    } else if (lead.rateNumerator * chunk.rateDenominator !== chunk.rateNumerator * lead.rateDenominator)
      ends(chunk.start, 'rate changed');
    else if (chunk.start < endOf(lead) - periodUs(lead) / 2) ends(chunk.start, 'new epoch');
  }
  if (run.leads.length > 0 && first > heardTo + period / 2 && first < Infinity) ends(first, 'gap');
  return end;
};

/** The part of a chunk before (true) or from a moment on. */
const cutAt = (chunk: EcgChunk, at: number, before: boolean): EcgChunk => {
  const period = periodUs(chunk);
  const count = Math.min(chunk.samplesMv.length, Math.max(0, Math.ceil((at - chunk.start) / period - 1e-6)));
  if (before) return { ...chunk, samplesMv: chunk.samplesMv.subarray(0, count) };
  return {
    ...chunk,
    start: moment(count === 0 ? chunk.start : Math.round(chunk.start + count * period)),
    samplesMv: chunk.samplesMv.subarray(count),
  };
};

const startLead = (chunk: EcgChunk, anchor: number): readonly [LeadMemory, number] => {
  const { code, rateNumerator, rateDenominator } = chunk;
  const [resampler, firstTick] = startResampler(rateNumerator, rateDenominator, chunk.start - anchor);
  return [
    {
      code,
      rateNumerator,
      rateDenominator,
      origin: chunk.start,
      heard: 0,
      resampler,
      tailRails: new Uint8Array(0),
      pending: new Float32Array(0),
      pendingRails: new Uint8Array(0),
      silent: false,
      band: new Float64Array(BAND_STATE_LENGTH),
      history: new Float32Array(HISTORY_TICKS).fill(Number.NaN),
      plateau: startPlateau(),
      quality: startQuality(),
      qrs: new Float64Array(LEAD_QRS_LENGTH),
    },
    firstTick,
  ];
};

const joined = <A extends Float32Array | Uint8Array>(a: A, b: A): A => {
  if (a.length === 0) return b;
  const both = new (a.constructor as new (length: number) => A)(a.length + b.length);
  both.set(a);
  both.set(b, a.length);
  return both;
};

/** `count` ticks without a sample behind those that wait. */
const withMissing = (lead: LeadMemory, count: number): LeadMemory =>
  count <= 0
    ? lead
    : {
        ...lead,
        pending: joined(lead.pending, new Float32Array(count).fill(Number.NaN)),
        pendingRails: joined(lead.pendingRails, new Uint8Array(count)),
      };

/** Hears one lead's samples: holes become missing ticks, samples become ticks that wait for the other leads. */
const hearLead = (run: RunMemory, known: LeadMemory | undefined, chunk: EcgChunk): LeadMemory => {
  const waitingTo = run.ticks + (known?.pending.length ?? 0);
  let lead = known;
  if (lead === undefined || chunk.start > endOf(lead) + periodUs(lead) / 2) {
    const [begun, firstTick] = startLead(chunk, run.anchor);
    lead = withMissing(lead === undefined ? begun : { ...lead, ...restarted(begun) }, firstTick - waitingTo);
  }
  const behind = chunk.start - endOf(lead);
  if (Math.abs(behind) > ROUNDING_US) lead = { ...lead, origin: lead.origin + behind };
  const rateHz = rateOf(lead);
  const plateau = lead.plateau.slice();
  const rails = markRails(plateau, chunk.samplesMv, rateHz);
  const more = resample(lead.resampler, rateHz, chunk.samplesMv, rails, lead.tailRails);
  return {
    ...lead,
    silent: false,
    heard: lead.heard + chunk.samplesMv.length,
    plateau,
    resampler: more.memory,
    tailRails: more.tailRails,
    pending: joined(lead.pending, more.ticks),
    pendingRails: joined(lead.pendingRails, more.tickRails),
  };
};

/** What begins anew in a lead after a hole of its own. */
const restarted = ({ origin, heard, resampler, tailRails }: LeadMemory) => ({ origin, heard, resampler, tailRails });

/** Hears all chunks of a stretch in which nothing ends the run, then processes the ticks that all leads have. */
const hearRun = (
  run: RunMemory,
  chunks: readonly EcgChunk[],
  off: ReadonlySet<number>,
  say: (sighting: EcgSighting) => void,
): RunMemory => {
  const leads = [...run.leads];
  let { lookahead } = run;
  for (const chunk of chunks) {
    const index = leads.findIndex(({ code }) => code === chunk.code);
    const lead = hearLead(run, leads[index], chunk);
    if (index >= 0) leads[index] = lead;
    else leads.push(lead);
    lookahead = Math.max(lookahead, lookaheadUs(lead.resampler, rateOf(lead)));
  }
  const heardTo = Math.max(...leads.map(endOf));
  let count = Infinity;
  let longest = 0;
  for (const lead of leads) longest = Math.max(longest, lead.pending.length);
  for (const [l, lead] of leads.entries()) {
    if (lead.silent || endOf(lead) < heardTo - WAIT_US) {
      // Nobody waits for it: its ticks are missing as far as the others have theirs, less what it may still bring.
      leads[l] = { ...withMissing(lead, longest - lead.pending.length), silent: true };
    }
    count = Math.min(count, leads[l]!.pending.length);
  }
  return processTicks({ ...run, leads, lookahead }, count, off, say);
};

const processTicks = (
  run: RunMemory,
  count: number,
  off: ReadonlySet<number>,
  say: (sighting: EcgSighting) => void,
): RunMemory => {
  if (count <= 0) return run;
  const from = run.ticks;
  const to = from + count;
  const base = HISTORY_TICKS - from;
  const lines: Float32Array[] = [];
  const detector: LeadLine[] = [];
  const bands: Float64Array[] = [];
  const qualities: Float64Array[] = [];
  for (const lead of run.leads) {
    const line = new Float32Array(HISTORY_TICKS + count);
    line.set(lead.history);
    const band = lead.band.slice();
    bandPass(band, lead.pending, count, line, HISTORY_TICKS);
    const usable = new Uint8Array(line.length);
    if (!off.has(lead.code)) for (let i = 0; i < line.length; i++) usable[i] = line[i]! === line[i]! ? 1 : 0;
    lines.push(line);
    bands.push(band);
    qualities.push(lead.quality.slice());
    detector.push({ line, usable, qrs: lead.qrs.slice() });
  }
  const timeOf = (tick: number): Moment => moment(Math.round(run.anchor + tick * TICK_US));
  const saidAt = (tick: number): Moment => moment(Math.round(run.anchor + tick * TICK_US + run.lookahead));

  const beats: { beat: FoundBeat; saidTick: number }[] = [];
  const qrs = detectQrs(run.qrs, detector, base, from, to, (beat, saidTick) => beats.push({ beat, saidTick }));

  const seen = ({ beat, saidTick }: { beat: FoundBeat; saidTick: number }): BeatSeen => ({
    tag: 'BeatSeen',
    at: timeOf(beat.tick - BAND_DELAY_TICKS),
    said: saidAt(saidTick),
    lead: run.leads[beat.leads[0]!]!.code,
    amplitudeMv: beat.amplitudeMv,
    shapes: beat.leads.map((l) => lines[l]!.slice(base + beat.tick - SHAPE_BEFORE, base + beat.tick + SHAPE_AFTER)),
  });

  let { lastBeat } = run;
  let next = 0;
  const sayBeatsTo = (tick: number): void => {
    for (; next < beats.length && beats[next]!.saidTick <= tick; next++) {
      const beat = seen(beats[next]!);
      lastBeat = beat.at;
      say(beat);
    }
  };
  let step = Math.floor(from / PROGRESS_TICKS);
  let heardTo = from;
  for (;;) {
    const begin = Math.ceil(step * PROGRESS_TICKS);
    const end = Math.ceil((step + 1) * PROGRESS_TICKS);
    const upTo = Math.min(end, to);
    for (const [l, lead] of run.leads.entries())
      for (let tick = heardTo; tick < upTo; tick++)
        hearQuality(qualities[l]!, tick, lead.pending[tick - from]!, lead.pendingRails[tick - from]!);
    heardTo = upTo;
    if (end > to) break;
    sayBeatsTo(end - 1);
    const at = saidAt(end - 1);
    const progress: EcgProgress = {
      tag: 'EcgProgress',
      at,
      said: at,
      leads: run.leads
        .map((lead, l) => ({
          code: lead.code,
          ...judgeLead(qualities[l]!),
          off: off.has(lead.code),
          samplesMv: lines[l]!.slice(base + begin, base + end),
        }))
        .sort((a, b) => a.code - b.code),
      lastBeat,
    };
    say(progress);
    step++;
  }
  sayBeatsTo(to);
  return {
    ...run,
    ticks: to,
    qrs,
    lastBeat,
    leads: run.leads.map((lead, l) => ({
      ...lead,
      pending: lead.pending.slice(count),
      pendingRails: lead.pendingRails.slice(count),
      band: bands[l]!,
      history: lines[l]!.slice(count),
      quality: qualities[l]!,
      qrs: detector[l]!.qrs,
    })),
  };
};

const startRun = (anchor: number): RunMemory => ({
  anchor,
  ticks: 0,
  lookahead: 0,
  leads: [],
  qrs: startQrs,
  lastBeat: undefined,
});

/**
 * Hears one frame's ECG leads (mV, NaN where there is no sample, any rational rate) and says what was seen, in an order in
 * which `said` never decreases. `off`: codes of the leads whose electrode is off; they are shown and not believed. What
 * is said does not depend on how the signal was cut into frames. Never throws: a signal without beats is an answer.
 */
export const hearEcg = (
  memory: EcgMemory,
  chunks: readonly EcgChunk[],
  off: ReadonlySet<number>,
): readonly [EcgMemory, readonly EcgSighting[]] => {
  const sightings: EcgSighting[] = [];
  const say = (sighting: EcgSighting): void => {
    sightings.push(sighting);
  };
  let left = chunks.filter(isUsableChunk);
  let { run } = memory;
  while (left.length > 0) {
    if (run === undefined) run = startRun(Math.min(...left.map(({ start }) => start)));
    const end = findEnd(run, left);
    if (end === undefined) return [{ run: hearRun(run, left, off, say) }, sightings];
    const before = left.map((chunk) => cutAt(chunk, end.at, true)).filter(isUsableChunk);
    if (before.length > 0) run = hearRun(run, before, off, say);
    left = left.map((chunk) => cutAt(chunk, end.at, false)).filter(isUsableChunk);
    const heardTo = moment(Math.round(Math.max(...run.leads.map(endOf))));
    const said = moment(Math.max(heardTo, Math.round(end.at)));
    say({ tag: 'EcgBroken', at: heardTo, said: end.why === 'new epoch' ? heardTo : said, why: end.why });
    run = undefined;
  }
  return [{ run }, sightings];
};
