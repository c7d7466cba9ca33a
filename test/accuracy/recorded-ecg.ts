import * as E from 'fp-ts/lib/Either.js';
import { moment } from '../../schemas/units.ts';
import { readRecord, type WfdbRecord } from '../../services/recordings/wfdb/record.ts';
import { NO_SAMPLE } from '../../services/recordings/wfdb/signals.ts';
import { type EcgMemory, hearEcg, startEcg } from '../../stream-models/ecg/hear-ecg.ts';
import type { EcgChunk, EcgSighting } from '../../stream-models/ecg/sighting.ts';

/** The ECG leads of a recording, mV, NaN where there is no sample. */
export interface RecordedEcg {
  readonly rateHz: number;
  readonly leads: readonly { readonly code: number; readonly samplesMv: Float32Array }[];
}

const UNKNOWN_LEAD = 131328;
const LEAD_CODES: Readonly<Record<string, number>> = { I: 131329, II: 131330, MLII: 131330, III: 131389 };
const codeOf = (name: string, used: ReadonlySet<number>): number => {
  const precordial = /^V([1-6])$/.exec(name)?.[1];
  let code = precordial === undefined ? (LEAD_CODES[name] ?? UNKNOWN_LEAD) : 131330 + Number(precordial);
  while (used.has(code)) code += 1000;
  return code;
};

const toMillivolts = (record: WfdbRecord): RecordedEcg => {
  const leads: { code: number; samplesMv: Float32Array }[] = [];
  record.header.signals.forEach((signal, s) => {
    if (signal.unit !== 'mV') return;
    const raw = record.signals[s]!;
    const samplesMv = new Float32Array(raw.length);
    for (let i = 0; i < raw.length; i++)
      samplesMv[i] = raw[i] === NO_SAMPLE ? Number.NaN : (raw[i]! - signal.baseline) / signal.gain;
    leads.push({ code: codeOf(signal.description, new Set(leads.map(({ code }) => code))), samplesMv });
  });
  return { rateHz: record.header.rateHz, leads };
};

/** Reads the ECG of a record; throws what is wrong with it. */
export const readEcg = async (directory: string, name: string): Promise<RecordedEcg> => {
  const record = await readRecord(directory, name);
  if (E.isLeft(record)) throw new Error(record.left.sentence);
  return toMillivolts(record.right);
};

/** Cuts a recording into frames of a length, beginning at bed time 0. */
export function* framesOf(ecg: RecordedEcg, frameSeconds: number): Generator<readonly EcgChunk[]> {
  const per = Math.max(1, Math.round(frameSeconds * ecg.rateHz));
  const length = Math.max(...ecg.leads.map(({ samplesMv }) => samplesMv.length));
  for (let i = 0; i < length; i += per)
    yield ecg.leads.map(({ code, samplesMv }) => ({
      code,
      start: moment(Math.round((i * 1e6) / ecg.rateHz)),
      rateNumerator: ecg.rateHz,
      rateDenominator: 1,
      samplesMv: samplesMv.subarray(i, i + per),
    }));
}

const NONE_OFF: ReadonlySet<number> = new Set();

/** What is seen in a recording. */
export const seenIn = (ecg: RecordedEcg, frameSeconds: number): readonly EcgSighting[] => {
  const sightings: EcgSighting[] = [];
  let memory: EcgMemory = startEcg;
  for (const frame of framesOf(ecg, frameSeconds)) {
    const [next, said] = hearEcg(memory, frame, NONE_OFF);
    memory = next;
    for (const sighting of said) sightings.push(sighting);
  }
  return sightings;
};
