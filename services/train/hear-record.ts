import { isEcgLead, unitsOf } from '../../schemas/codes.ts';
import { type Moment, moment } from '../../schemas/units.ts';
import { type EcgMemory, hearEcg, startEcg } from '../../stream-models/ecg/hear-ecg.ts';
import type { BeatSeen, EcgBroken, EcgChunk } from '../../stream-models/ecg/sighting.ts';
import type { WfdbRecord } from '../recordings/wfdb/record.ts';
import { NO_SAMPLE } from '../recordings/wfdb/signals.ts';
import { signalMeanings } from '../replay/lead-codes.ts';

/** Length of the pieces a recording is heard in. What is heard does not depend on it. */
const CHUNK_S = 5;

/** Where a recording begins: moment 0, so that moments are microseconds from the first sample. */
const START: Moment = moment(0);

const rational = (rateHz: number): readonly [number, number] => [Math.round(rateHz * 1000), 1000];

/** One signal in its physical unit, NaN where there is no sample. */
export const physical = (record: WfdbRecord, index: number): Float32Array => {
  const { gain, baseline } = record.header.signals[index]!;
  return Float32Array.from(record.signals[index]!, (sample) =>
    sample === NO_SAMPLE ? Number.NaN : (sample - baseline) * (1 / gain),
  );
};

/** A recording's ECG leads as training hears them: changed or as they are. */
export interface HeardLead {
  readonly code: number;
  readonly samplesMv: Float32Array;
}

/** The ECG leads of a recording in millivolts, whatever unit of voltage its header has, by the numbers of their signals. */
export const ecgOf = (record: WfdbRecord): ReadonlyMap<number, HeardLead> => {
  const meanings = signalMeanings(record.header.signals);
  const leads = new Map<number, HeardLead>();
  for (const [i, { code, unit }] of meanings.entries()) {
    const toMv = isEcgLead(code) ? unitsOf.voltage[unit] : undefined;
    if (toMv === undefined) continue;
    const samples = physical(record, i);
    leads.set(i, { code, samplesMv: toMv.factor === 1 ? samples : samples.map((value) => value * toMv.factor) });
  }
  return leads;
};

/** The ECG leads of a recording, with their codes. */
export const leadsOf = (record: WfdbRecord): readonly HeardLead[] => [...ecgOf(record).values()];

/** Plays leads through the same `hearEcg` that serves, and answers the beats and breaks, moment 0 at the first sample. */
export const hearBeats = (leads: readonly HeardLead[], rateHz: number): readonly (BeatSeen | EcgBroken)[] => {
  const [rateNumerator, rateDenominator] = rational(rateHz);
  const length = Math.max(...leads.map(({ samplesMv }) => samplesMv.length));
  const perChunk = Math.round(CHUNK_S * rateHz);
  const heard: (BeatSeen | EcgBroken)[] = [];
  let memory: EcgMemory = startEcg;
  for (let from = 0; from < length; from += perChunk) {
    const chunks: EcgChunk[] = leads.map(({ code, samplesMv }) => ({
      code,
      start: moment(Math.round(START + (from * 1e6) / rateHz)),
      rateNumerator,
      rateDenominator,
      samplesMv: samplesMv.subarray(from, from + perChunk),
    }));
    const [next, sightings] = hearEcg(memory, chunks, new Set());
    memory = next;
    for (const sighting of sightings) if (sighting.tag !== 'EcgProgress') heard.push(sighting);
  }
  return heard;
};
