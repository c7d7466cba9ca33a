import { moment } from '../../schemas/units.ts';
import { endOf, type LeadMemory, periodUs, rateOf } from './lead.ts';
import type { EcgBroken, EcgChunk } from './sighting.ts';

/** What in a frame ends a run of signal, and from when on (bed time). */
export interface RunEnd {
  readonly at: number;
  readonly why: EcgBroken['why'];
}

/** A lead that appears so soon after the others began belongs to the same beginning: nothing has been said before that. */
const JOIN_US = 200_000;

/** Whether samples have a place in time: some of them, a start, and a rate that can be resampled. */
export const isUsableChunk = (chunk: EcgChunk): boolean =>
  chunk.samplesMv.length > 0 &&
  Number.isFinite(chunk.start) &&
  chunk.rateNumerator > 0 &&
  chunk.rateDenominator > 0 &&
  Number.isFinite(rateOf(chunk));

/** Stamps of a gateway that tells when it heard, not when was measured, tremble by as much. */
const TREMBLES_US = 80_000;

/** Times are rounded to microseconds. */
const ROUNDING_US = 2;

/** Where the longest of the leads ends, and the longest sample. */
const heardOf = (leads: readonly LeadMemory[]): { readonly heardTo: number; readonly period: number } => {
  let heardTo = Number.NEGATIVE_INFINITY;
  let period = 0;
  for (const lead of leads) {
    heardTo = Math.max(heardTo, endOf(lead));
    period = Math.max(period, periodUs(lead));
  }
  return { heardTo, period };
};

/** By how much a frame lies beside the end of what was heard, all leads alike, microseconds; 0: no more than `tolerated`, or each lead otherwise. */
const besideOf = (leads: readonly LeadMemory[], chunks: readonly EcgChunk[], tolerated: number): number => {
  const { heardTo, period } = heardOf(leads);
  let first = Number.POSITIVE_INFINITY;
  let least = Number.POSITIVE_INFINITY;
  let most = Number.NEGATIVE_INFINITY;
  for (const chunk of chunks) {
    const lead = leads.find(({ code }) => code === chunk.code);
    const beside = lead === undefined ? 0 : chunk.start - endOf(lead);
    first = Math.min(first, chunk.start);
    least = Math.min(least, beside);
    most = Math.max(most, beside);
  }
  if (first > heardTo + tolerated) return first - heardTo;
  return least < -tolerated && most - least <= period ? least : 0;
};

/** The chunk, so many microseconds earlier. */
export const earlier = (chunk: EcgChunk, us: number): EcgChunk =>
  us === 0 ? chunk : { ...chunk, start: moment(Math.round(chunk.start - us)) };

/**
 * By how many microseconds the chunks of a frame are taken to be earlier than they are stamped, `moved` being that of the frame before: so that one
 * that lies a little beside the end of what was heard goes on from there. Taken at its word each such frame would be a hole or a repetition,
 * no run would last long enough for a beat, and a standstill would ring. A hole that short is closed by it. It is moved by the least that does:
 * a lead follows its stamps by half a sample (hearLead), so that what frame after frame is moved by goes back to them, and does not add up until it is
 * too much. Where the stamps no longer tremble it stays: what is heard must not depend on how many frames there are.
 */
export const movedAfter = (leads: readonly LeadMemory[], moved: number, chunks: readonly EcgChunk[]): number => {
  if (leads.length === 0 || chunks.length === 0) return moved;
  const periods = leads.map(periodUs);
  const stamped = chunks.map((chunk) => earlier(chunk, moved));
  const beside = besideOf(leads, stamped, moved === 0 ? Math.max(...periods) / 2 : ROUNDING_US);
  if (beside === 0) return moved;
  const exact = moved + beside;
  const followed = Math.min(...periods) / 2 - ROUNDING_US;
  const after = Math.abs(exact) <= followed ? 0 : exact - Math.sign(exact) * followed;
  return Math.abs(after) <= TREMBLES_US ? after : moved;
};

/**
 * The first thing in a frame that ends the run: a hole in all leads at once, time that goes back, another rate, a new
 * lead. A hole in one lead while others go on ends nothing: that lead is missing for a while.
 */
export const findEnd = (
  anchor: number,
  leads: readonly LeadMemory[],
  chunks: readonly EcgChunk[],
): RunEnd | undefined => {
  let end: RunEnd | undefined;
  const ends = (at: number, why: EcgBroken['why']): void => {
    if (end === undefined || at < end.at) end = { at, why };
  };
  const { heardTo, period } = heardOf(leads);
  let first = Number.POSITIVE_INFINITY;
  for (const chunk of chunks) {
    first = Math.min(first, chunk.start);
    const lead = leads.find(({ code }) => code === chunk.code);
    if (lead === undefined) {
      if (chunk.start > anchor + JOIN_US) ends(chunk.start, 'leads changed');
      else if (chunk.start < anchor) ends(chunk.start, 'new epoch');
    } else if (lead.rateNumerator * chunk.rateDenominator !== chunk.rateNumerator * lead.rateDenominator)
      ends(chunk.start, 'rate changed');
    else if (chunk.start < endOf(lead) - periodUs(lead) / 2) ends(chunk.start, 'new epoch');
  }
  if (leads.length > 0 && first > heardTo + period / 2) ends(first, 'gap');
  return end;
};

/** The samples of a chunk before a moment, and those from it on. */
export const cutAt = (chunk: EcgChunk, at: number): readonly [EcgChunk, EcgChunk] => {
  const period = periodUs(chunk);
  // Times are rounded to microseconds: a sample that is late by less than that still belongs to the moment.
  const before = Math.ceil((at - chunk.start - 1) / period);
  const count = Math.min(chunk.samplesMv.length, Math.max(0, before));
  return [
    { ...chunk, samplesMv: chunk.samplesMv.subarray(0, count) },
    { ...chunk, start: moment(Math.round(chunk.start + count * period)), samplesMv: chunk.samplesMv.subarray(count) },
  ];
};
