/** What is held against each limit. */
import { MDC } from '../../schemas/codes.ts';
import type { Microseconds } from '../../schemas/units.ts';
import type { LimitName } from '../presets/preset.ts';
import { staleAfter } from '../vocabulary/stale-after.ts';

export interface Measure {
  readonly name: LimitName;
  readonly label: string;
  readonly codes: readonly number[];
  /** From which age on a value of each code counts no more. */
  readonly ages: readonly Microseconds[];
}

const measureOf = (name: LimitName, label: string, ...codes: readonly number[]): Measure => ({
  ...{ name, label, codes, ages: codes.map(staleAfter) },
});

/** What each limit is judged on: the first code of the list that has a fresh value, Vigil's own before the monitor's. */
export const measures: readonly Measure[] = [
  measureOf('hr', 'HR', MDC.ecgHeartRate),
  measureOf('pulse', 'pulse', MDC.pulseRate),
  measureOf('spo2', 'SpO₂', MDC.spo2),
  measureOf('rr', 'RR', MDC.respRate, MDC.respRateCo2),
  measureOf('temp', 'temp', MDC.temperature),
  measureOf('nibp-sys', 'NIBP sys', MDC.nibpSystolic),
  measureOf('nibp-mean', 'NIBP mean', MDC.nibpMean),
  measureOf('abp-sys', 'ABP sys', MDC.abpSystolic),
  measureOf('abp-mean', 'ABP mean', MDC.abpMean),
  measureOf('cvp', 'CVP', MDC.cvpMean),
  measureOf('etco2', 'etCO₂', MDC.etco2),
];

/** The codes for which there may be a limit, and what each is a value of. */
export const watched: ReadonlyMap<number, Measure> = new Map(
  measures.flatMap((measure) => measure.codes.map((code) => [code, measure] as const)),
);
