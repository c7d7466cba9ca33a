/** Beds whose monitor was taken away: NO SIGNAL would stand there for ever. */
import { type LiveBed, STANDBY_AFTER_US } from '../../../../../schemas/live.ts';

/** Whether a nurse may say so: NO SIGNAL stands, nobody is assigned to the bed, and nothing was heard of it for a minute. Vigil looks at the same again. */
export const mayStandBy = ({ patient, lastFrameUs, alarms }: LiveBed, nowUs: number): boolean =>
  patient === null &&
  alarms.some(({ condition, present }) => condition === 'no-signal' && present) &&
  nowUs - (lastFrameUs ?? 0) >= STANDBY_AFTER_US;
