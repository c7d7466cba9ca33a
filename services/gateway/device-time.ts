import type { Telemetry } from '../../schemas/generated/vigil/v1/telemetry_pb.ts';
import { type Rejection, rejection } from '../../schemas/rejection.ts';
import { otherUnit } from '../../schemas/time-unit.ts';
import { days, elapsed, type Microseconds, type Moment, moment } from '../../schemas/units.ts';
import type { DeviceClock } from './device-clock.ts';
import { otherUnitByPace } from './device-pace.ts';

/** A sender that mistakes the unit has a clock of its own, which is seldom further from the gateway's. */
const UNIT_TOLD_WITHIN: Microseconds = days(1);

/** Whether the device's time goes on at the pace of the gateway's since it was last heard: then it is microseconds, whatever it says. */
const keepsPace = (clock: DeviceClock, device: Moment, heardAt: Moment): boolean =>
  device >= clock.newest && elapsed(clock.newest, device) >= elapsed(clock.newestHeardAt, heardAt) / 2;

/**
 * Why a frame's device time cannot be meant as microseconds; undefined: it can. A clock may be wrong by years and is laid on ours, so
 * only what is today's time in another unit is refused, and, where its clock is wrong as well, what goes on at the pace of another unit. A device whose clock began in 1970 passes there too, for a moment half an hour
 * after it was switched on (seconds) and for minutes on its 21st day (milliseconds): it is known by its pace.
 */
export const deviceTimeFault = (
  { deviceTimeUs }: Telemetry,
  heardAt: Moment,
  clock: DeviceClock | undefined,
): Rejection | undefined => {
  const device = moment(deviceTimeUs);
  const today = otherUnit(deviceTimeUs, heardAt, UNIT_TOLD_WITHIN);
  const isMeant = today === undefined || (clock !== undefined && keepsPace(clock, device, heardAt));
  const looks = otherUnitByPace(clock?.pace, device, heardAt) ?? (isMeant ? undefined : today);
  if (looks === undefined) return undefined;
  return rejection(
    'out-of-range',
    'deviceTimeUs',
    `deviceTimeUs is ${deviceTimeUs}, which ${looks}. Every time of a frame is in microseconds since 1970`,
  );
};
