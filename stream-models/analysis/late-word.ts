import type { Telemetry } from '../../schemas/generated/vigil/v1/telemetry_pb.ts';
import { moment } from '../../schemas/units.ts';
import { type ClockAlignment, clockOf } from './clock-alignment.ts';
import type { PatientClaims } from './patient-claims.ts';
import type { TimedFrame } from './waiting.ts';

/**
 * What counts of a frame that came too late to ring: who lies in the bed. A register whose line was down tells it once, and with it dropped
 * the bed would be held to the limits of who has left, under their name. Undefined: it says nothing of it, or less lately than
 * what was said since, by whichever source.
 */
export const lateWord = (
  came: Telemetry,
  clocks: ClockAlignment,
  { claims }: PatientClaims,
): TimedFrame | undefined => {
  if (came.assignment === undefined) return undefined;
  const shiftUs = clockOf(clocks, came.source)?.shiftUs ?? 0;
  const toBedTime = (us: number) => moment(Math.round(us + shiftUs));
  const end = toBedTime(came.deviceTimeUs);
  if (claims.some(({ at }) => at >= end)) return undefined;
  return { frame: { ...came, waveforms: [], numerics: [], leads: [], deviceAlerts: [] }, end, toBedTime };
};
