import { unitOfPace } from '../../schemas/time-unit.ts';
import { elapsed, type Microseconds, type Moment, seconds } from '../../schemas/units.ts';

/**
 * How fast a device's clock goes beside the gateway's. A clock may be wrong by years, but goes on by a second in a second; times in
 * milliseconds that are taken for microseconds go on by a thousandth of it, however wrong they are.
 */
export interface DevicePace {
  readonly device: Moment;
  readonly heardAt: Moment;
  /** What it went like since it was looked at before: "looks like milliseconds: …"; undefined: like microseconds, or like nothing that is known. */
  readonly looks: string | undefined;
  /** How often in a row it has looked so. */
  readonly times: number;
}

/** Between two looks: times in whole seconds go on by one or two then. */
const LOOKED_AT_EVERY: Microseconds = seconds(1);
/** A line that stands still makes one look slow; what a device says in another unit is slow each time. */
const TOLD_AFTER = 3;

export const firstPace = (device: Moment, heardAt: Moment): DevicePace => ({
  ...{ device, heardAt, looks: undefined, times: 0 },
});

const looksLike = (before: DevicePace, device: Moment, heardAt: Moment): string | undefined =>
  unitOfPace(elapsed(before.device, device) / elapsed(before.heardAt, heardAt));

/** The pace after one more frame; the same object when it is too soon to look. */
export const paceAfter = (before: DevicePace, device: Moment, heardAt: Moment): DevicePace => {
  if (elapsed(before.heardAt, heardAt) < LOOKED_AT_EVERY) return before;
  const looks = looksLike(before, device, heardAt);
  const times = looks === undefined ? 0 : looks === before.looks ? before.times + 1 : 1;
  return { device, heardAt, looks, times };
};

/** What a frame's device time looks like by its pace; undefined: it may be microseconds. One that has come round is believed at once. */
export const otherUnitByPace = (pace: DevicePace | undefined, device: Moment, heardAt: Moment): string | undefined => {
  if (pace === undefined || pace.looks === undefined || pace.times < TOLD_AFTER) return undefined;
  const tooSoon = elapsed(pace.heardAt, heardAt) < LOOKED_AT_EVERY;
  const goesOn = elapsed(pace.device, device) < LOOKED_AT_EVERY;
  return (tooSoon && goesOn) || looksLike(pace, device, heardAt) === pace.looks ? pace.looks : undefined;
};
