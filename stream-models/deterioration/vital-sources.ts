import { MDC } from '../../schemas/codes.ts';
import { VITALS } from './parameters.ts';

/** A number of the ward that is a vital sign. */
export interface VitalSource {
  /** Place in VITALS. */
  readonly vital: number;
  readonly code: number;
  /** Vigil's own measurement instead of the monitor's. */
  readonly own: boolean;
}

/** Of several numbers for one vital sign the first that came in a minute counts, in this order. */
const codesOf: Readonly<Record<string, readonly number[]>> = {
  HR: [MDC.ecgHeartRate, MDC.pulseRate],
  O2Sat: [MDC.spo2],
  Temp: [MDC.temperature],
  SBP: [MDC.abpSystolic, MDC.nibpSystolic],
  MAP: [MDC.abpMean, MDC.nibpMean],
  DBP: [MDC.abpDiastolic, MDC.nibpDiastolic],
  Resp: [MDC.respRate, MDC.respRateCo2],
};

/** All sources, best first within a vital sign. Vigil's own heart rate stands before the monitor's, as in limits and NEWS2. */
export const VITAL_SOURCES: readonly VitalSource[] = VITALS.flatMap(({ name }, vital) => [
  ...(name === 'HR' ? [{ vital, code: MDC.ecgHeartRate, own: true }] : []),
  ...(codesOf[name] ?? []).map((code) => ({ vital, code, own: false })),
]);

const places = new Map(VITAL_SOURCES.map(({ code, own }, place) => [own ? -code : code, place]));

/** Where a number, measured by the monitor or by Vigil, lies in VITAL_SOURCES; undefined: it is no vital sign. */
export const sourceOf = (code: number, by: 'monitor' | 'vigil'): number | undefined =>
  places.get(by === 'vigil' ? -code : code);
