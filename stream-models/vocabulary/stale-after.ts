import { MDC, PRIVATE } from '../../schemas/codes.ts';
import { laboratoryValues } from '../../schemas/laboratory.ts';
import { type Microseconds, minutes, seconds } from '../../schemas/units.ts';

/** A laboratory value is of the day of its specimen: as long as the network takes it for new (told-labs.ts). */
export const LABORATORY_STALE_AFTER: Microseconds = minutes(24 * 60);

/** How long a value may be shown, and judged against its limits, as the present one. Our bar; no standard gives them. */
const spans: ReadonlyMap<number, Microseconds> = new Map([
  [MDC.ecgHeartRate, seconds(5)],
  [MDC.pulseRate, seconds(10)],
  [MDC.spo2, seconds(10)],
  [MDC.respRate, seconds(15)],
  [MDC.respRateCo2, seconds(15)],
  [MDC.temperature, minutes(240)],
  [MDC.nibpSystolic, minutes(20)],
  [MDC.nibpDiastolic, minutes(20)],
  [MDC.nibpMean, minutes(20)],
  [MDC.abpSystolic, seconds(10)],
  [MDC.abpDiastolic, seconds(10)],
  [MDC.abpMean, seconds(10)],
  [MDC.cvpMean, seconds(15)],
  [MDC.etco2, seconds(15)],
  [MDC.fico2, seconds(15)],
  [MDC.pvcRate, minutes(1)],
  [PRIVATE.consciousness, minutes(240)],
  [PRIVATE.oxygenTherapy, minutes(240)],
  ...laboratoryValues.map(({ code }): [number, Microseconds] => [code, LABORATORY_STALE_AFTER]),
]);

/** From this age on a value of the code must not look live. Unmapped codes: 10 s. */
export const staleAfter = (code: number): Microseconds => spans.get(code) ?? seconds(10);

/** So soon is too old what a monitor measures all the time; all else is measured, or charted, now and then. */
const ALL_THE_TIME = minutes(1);

/** Does a monitor that measures this go on measuring it? */
export const isMeasuredAllTheTime = (code: number): boolean =>
  (spans.get(code) ?? Number.POSITIVE_INFINITY) <= ALL_THE_TIME;

/** The codes whose limit is their own, and not that of everything else. */
export const codesWithOwnLimit: readonly number[] = [...spans.keys()];
