import { type Moment, moment } from '../../schemas/units.ts';
import { type EcgMemory, hearEcg, startEcg } from '../../stream-models/ecg/hear-ecg.ts';
import type { BeatSeen, EcgBroken, EcgChunk } from '../../stream-models/ecg/sighting.ts';
import { type EcgLead, ecgOf } from '../recordings/leads.ts';
import type { WfdbRecord } from '../recordings/wfdb/record.ts';

/** Length of the pieces a recording is heard in. What is heard does not depend on it. */
const CHUNK_S = 5;

/** Where a recording begins: moment 0, so that moments are microseconds from the first sample. */
const START: Moment = moment(0);

const rational = (rateHz: number): readonly [number, number] => [Math.round(rateHz * 1000), 1000];

/** The ECG leads of a recording, with their codes. */
export const leadsOf = (record: WfdbRecord): readonly EcgLead[] => [...ecgOf(record).values()];

/** Plays leads through the same `hearEcg` that serves, and answers the beats and breaks, moment 0 at the first sample. */
export const hearBeats = (leads: readonly EcgLead[], rateHz: number): readonly (BeatSeen | EcgBroken)[] => {
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
