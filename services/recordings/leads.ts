import { isEcgLead, unitsOf } from '../../schemas/codes.ts';
import { signalMeanings } from './lead-codes.ts';
import type { WfdbRecord } from './wfdb/record.ts';
import { NO_SAMPLE } from './wfdb/signals.ts';

/** One ECG lead, from the first sample on: as it was recorded, or a changed copy of it. */
export interface EcgLead {
  /** MDC code of the lead. */
  readonly code: number;
  /** Millivolts, at the record's rate; NaN where there is no sample. */
  readonly samplesMv: Float32Array;
}

/** The samples of signal number `index` in the unit of its header; NaN where there is no sample. */
export const physical = (record: WfdbRecord, index: number): Float32Array => {
  const { gain, baseline } = record.header.signals[index]!;
  return Float32Array.from(record.signals[index]!, (sample) =>
    sample === NO_SAMPLE ? Number.NaN : (sample - baseline) * (1 / gain),
  );
};

/** The ECG leads of a recording in millivolts, whatever unit of voltage its header has, by the numbers of their signals. */
export const ecgOf = (record: WfdbRecord): ReadonlyMap<number, EcgLead> => {
  const meanings = signalMeanings(record.header.signals);
  const leads = new Map<number, EcgLead>();
  for (const [i, { code, unit }] of meanings.entries()) {
    const toMv = isEcgLead(code) ? unitsOf.voltage[unit] : undefined;
    if (toMv === undefined) continue;
    const samples = physical(record, i);
    leads.set(i, { code, samplesMv: toMv.factor === 1 ? samples : samples.map((value) => value * toMv.factor) });
  }
  return leads;
};
