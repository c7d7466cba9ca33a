import type { LiveBed, LiveNumeric } from '../../schemas/live.ts';
import { SIDE_BY_SIDE } from '../../stream-models/limits/readings.ts';

/** Signals per bed on a screen; a device that makes up codes must not fill it. */
const NUMERICS_MAX = 64;

const isOfSignal = (one: LiveNumeric, other: LiveNumeric): boolean => one.code === other.code && one.by === other.by;

/**
 * The newest of each code and measurer; an older one that comes later changes nothing. Devices that tell one signal side by side
 * (limits/readings.ts) each have their own; one that has stopped, as a monitor that was replaced, leaves nothing behind.
 */
export const withNumeric = (numerics: readonly LiveNumeric[], one: LiveNumeric): readonly LiveNumeric[] => {
  const isLeftBehind = (other: LiveNumeric): boolean =>
    isOfSignal(one, other) && other.source !== one.source && one.atUs - other.atUs > SIDE_BY_SIDE;
  const kept = numerics.some(isLeftBehind) ? numerics.filter((other) => !isLeftBehind(other)) : numerics;
  const at = kept.findIndex((other) => isOfSignal(one, other) && other.source === one.source);
  if (at === -1) {
    const isLate = kept.some((other) => isOfSignal(one, other) && other.atUs - one.atUs > SIDE_BY_SIDE);
    return isLate || kept.length >= NUMERICS_MAX ? kept : [...kept, one];
  }
  return kept[at]!.atUs > one.atUs ? kept : kept.with(at, one);
};

/** A device is named only where another tells the same signal: a bed goes out four times a second. */
const withoutLoneSource = (one: LiveNumeric, _: number, all: readonly LiveNumeric[]): LiveNumeric => {
  if (one.source === undefined || all.some((other) => other !== one && isOfSignal(one, other))) return one;
  const { source: _lone, ...rest } = one;
  return rest;
};

/** A bed as consoles are told of it. */
export const toldBed = <Bed extends Pick<LiveBed, 'numerics'>>(bed: Bed): Bed => ({
  ...bed,
  numerics: bed.numerics.map(withoutLoneSource),
});
