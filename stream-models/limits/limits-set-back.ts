/** What is known of limits where the bed's clock begins anew at an earlier time: what is lost is still lost, and who is silent is silent. */
import { elapsed, type Moment, moment } from '../../schemas/units.ts';
import type { Devices } from './devices.ts';
import type { LimitsMemory } from './limits.ts';
import type { Reading } from './readings.ts';
import { isMeasuredAllTheTime } from './stale-after.ts';

const devicesSetBack = (devices: Devices, now: Moment, values: (reading: Reading) => Reading): Devices => {
  const { known, unheard, spokenTo, quietTo } = devices;
  const newest = spokenTo ?? now;
  const earlier = (at: Moment): Moment => moment(Math.min(at, now - elapsed(at, moment(Math.max(at, newest)))));
  return {
    known: known.map(({ source, since, at }) => ({ source, since: earlier(since), at: earlier(at) })),
    unheard: unheard.map(values),
    ...(quietTo === undefined ? {} : { quietTo: now }),
    ...(spokenTo === undefined ? {} : { spokenTo: now }),
  };
};

/**
 * Nothing is taken for new: a value that is measured all the time counts for at most its own age more, so that one which has gone in this
 * very moment is missed as ever; a cuff's is forgotten. The conditions are told as ended by whoever knows that the clock was set, and
 * begin anew from what is kept.
 */
export const limitsSetBack = (memory: LimitsMemory, now: Moment): LimitsMemory => {
  const { values, lost, leftOut, devices, crowds } = memory;
  const moved = (reading: Reading): Reading => {
    const at = moment(Math.min(reading.at, now));
    return { ...reading, at, since: moment(at - elapsed(reading.since ?? reading.at, reading.at)) };
  };
  return {
    values: values.filter(({ own, code }) => !own && isMeasuredAllTheTime(code)).map(moved),
    present: [],
    ...(lost === undefined
      ? {}
      : { lost: lost.map((one) => ({ ...one, at: now, ...(one.lastWord === undefined ? {} : { lastWord: now }) })) }),
    ...(leftOut === undefined
      ? {}
      : { leftOut: leftOut.map((one) => ({ ...one, from: moment(Math.min(one.from, now)) })) }),
    ...(devices === undefined ? {} : { devices: devicesSetBack(devices, now, moved) }),
    ...(crowds === undefined ? {} : { crowds }),
  };
};
