import { BAND_STATE_LENGTH } from './band.ts';
import { startPulse, withoutPulses } from './pacing-pulse.ts';
import { ENERGY_KEPT_TICKS, LEAD_QRS_LENGTH } from './qrs-lead.ts';
import { hearQuality, markRails, QUALITY_LENGTH, startPlateau, startQuality } from './quality.ts';
import { type ResamplerMemory, resample, startResampler } from './resample.ts';
import { ECG_RATE_HZ, type EcgChunk } from './sighting.ts';

/** Ticks of band-passed signal that are kept of each lead: search-back, learning and the shape before a beat need them. */
export const HISTORY_TICKS = 640;

/** What every tick of a lead changes: filters, running figures, and the newest ticks. */
export interface LeadArrays {
  readonly band: Float64Array;
  readonly qrs: Float64Array;
  readonly energy: Float64Array;
  readonly quality: Float64Array;
  readonly history: Float32Array;
}

/** What is remembered of one lead. Plain data; typed arrays are copied before they are changed. */
export interface LeadMemory extends LeadArrays {
  readonly code: number;
  readonly rateNumerator: number;
  readonly rateDenominator: number;
  /** Bed time of the first sample since the last hole, and the samples heard since then. */
  readonly origin: number;
  readonly heard: number;
  readonly resampler: ResamplerMemory;
  /** Ticks made but not yet processed, because another lead is behind; and whether they stand at a rail. */
  readonly pending: Float32Array;
  readonly pendingRails: Uint8Array;
  /** Not heard for so long that the other leads no longer wait for it. */
  readonly silent: boolean;
  readonly plateau: Float64Array;
  /** Absent at the grid's own rate, and where it is remembered from before pulses were taken out of the samples. */
  readonly pulse?: Float64Array | undefined;
}

/** Float64Arrays first: what lies behind them is aligned whatever their lengths. */
const QRS_AT = 8 * BAND_STATE_LENGTH;
const ENERGY_AT = QRS_AT + 8 * LEAD_QRS_LENGTH;
const QUALITY_AT = ENERGY_AT + 8 * ENERGY_KEPT_TICKS;
const HISTORY_AT = QUALITY_AT + 8 * QUALITY_LENGTH;
const ARRAYS_BYTES = HISTORY_AT + 4 * HISTORY_TICKS;

/**
 * Room for what a lead remembers after a call, all zeros. The five live and go together, once a frame of every lead of every bed: in one
 * piece of memory they cost a third of what five pieces do.
 */
export const newLeadArrays = (): LeadArrays => {
  const bytes = new ArrayBuffer(ARRAYS_BYTES);
  return {
    band: new Float64Array(bytes, 0, BAND_STATE_LENGTH),
    qrs: new Float64Array(bytes, QRS_AT, LEAD_QRS_LENGTH),
    energy: new Float64Array(bytes, ENERGY_AT, ENERGY_KEPT_TICKS),
    quality: new Float64Array(bytes, QUALITY_AT, QUALITY_LENGTH),
    history: new Float32Array(bytes, HISTORY_AT, HISTORY_TICKS),
  };
};

interface Rated {
  readonly rateNumerator: number;
  readonly rateDenominator: number;
}
/** From one sample to the next, in microseconds. */
export const periodUs = (of: Rated): number => (of.rateDenominator * 1e6) / of.rateNumerator;
/** Samples per second. */
export const rateOf = (of: Rated): number => of.rateNumerator / of.rateDenominator;

/** When the next sample of a lead is expected (bed time). */
export const endOf = (lead: LeadMemory): number => lead.origin + lead.heard * periodUs(lead);

/** Rounding of times to microseconds, allowed between what is expected and what is said. */
const ROUNDING_US = 2;

const NO_TICKS = new Float32Array(0);
const NO_RAILS = new Uint8Array(0);

/** The quality of a lead that joins when some ticks are over: they are missing in it. */
const qualityAfter = (processed: number): Float64Array => {
  const state = startQuality();
  hearQuality(state, 0, new Float32Array(processed).fill(Number.NaN), new Uint8Array(processed), 0, processed);
  return state;
};

const startLead = (
  { code, rateNumerator, rateDenominator }: EcgChunk,
  processed: number,
): Omit<LeadMemory, 'resampler'> => ({
  code,
  rateNumerator,
  rateDenominator,
  origin: 0,
  heard: 0,
  pending: NO_TICKS,
  pendingRails: NO_RAILS,
  silent: false,
  band: new Float64Array(BAND_STATE_LENGTH),
  history: new Float32Array(HISTORY_TICKS).fill(Number.NaN),
  energy: new Float64Array(ENERGY_KEPT_TICKS),
  plateau: startPlateau(),
  quality: qualityAfter(processed),
  qrs: new Float64Array(LEAD_QRS_LENGTH),
});

const joined = <Samples extends Float32Array | Uint8Array>(a: Samples, b: Samples): Samples => {
  if (a.length === 0) return b;
  const both = new (a.constructor as new (length: number) => Samples)(a.length + b.length);
  both.set(a);
  both.set(b, a.length);
  return both;
};

/** A lead when its next ticks were processed: what waits of it, and what it remembers of them. */
export const leadAfter = (
  lead: LeadMemory,
  count: number,
  { band, qrs, energy, quality, history }: LeadArrays,
): LeadMemory => {
  const isAll = count === lead.pending.length;
  const pending = isAll ? NO_TICKS : lead.pending.slice(count);
  const pendingRails = isAll ? NO_RAILS : lead.pendingRails.slice(count);
  return { ...lead, pending, pendingRails, band, quality, history, energy, qrs };
};

/** A lead with some ticks without a sample behind those that wait. */
export const withMissing = (lead: LeadMemory, count: number): LeadMemory => {
  if (count <= 0) return lead;
  return {
    ...lead,
    pending: joined(lead.pending, new Float32Array(count).fill(Number.NaN)),
    pendingRails: joined(lead.pendingRails, new Uint8Array(count)),
  };
};

/**
 * Hears samples of one lead in a run that began at `anchor` and of which `processed` ticks are over: a hole becomes
 * missing ticks, samples become ticks that wait for the other leads. Samples that come too late for their tick are lost.
 */
export const hearLead = (
  anchor: number,
  processed: number,
  known: LeadMemory | undefined,
  chunk: EcgChunk,
): LeadMemory => {
  let lead = known;
  // What comes of a lead that was not waited for has its own place in time: behind the missing ticks it would be heard later than it was.
  if (lead === undefined || lead.silent || chunk.start > endOf(lead) + periodUs(lead) / 2) {
    const next = processed + (lead?.pending.length ?? 0);
    const [resampler, firstTick] = startResampler(
      chunk.rateNumerator,
      chunk.rateDenominator,
      chunk.start - anchor,
      next,
    );
    const begun = { ...(lead ?? startLead(chunk, processed)), origin: chunk.start, heard: 0, resampler };
    lead = withMissing(begun, firstTick - next);
  }
  const late = chunk.start - endOf(lead);
  const rateHz = rateOf(lead);
  const plateau = lead.plateau.slice();
  const rails = markRails(plateau, chunk.samplesMv, rateHz);
  // At the grid's own rate the samples stay what they are, and the filter behind them knows the pulses (band.ts).
  const pulse = rateHz === ECG_RATE_HZ ? undefined : (lead.pulse?.slice() ?? startPulse());
  const samplesMv = pulse === undefined ? chunk.samplesMv : withoutPulses(pulse, chunk.samplesMv, rateHz);
  const more = resample(lead.resampler, rateHz, samplesMv, rails);
  return {
    ...lead,
    // A device whose clock runs a little faster or slower than its sampling is followed, frame by frame.
    origin: Math.abs(late) > ROUNDING_US ? lead.origin + late : lead.origin,
    heard: lead.heard + chunk.samplesMv.length,
    silent: false,
    plateau,
    pulse,
    resampler: more.memory,
    pending: joined(lead.pending, more.ticks),
    pendingRails: joined(lead.pendingRails, more.tickRails),
  };
};
