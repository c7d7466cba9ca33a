/** What is known of limits where the bed's clock begins anew at an earlier time: what is lost is still lost, and who is silent is silent. */
import { earlier, type Microseconds, type Moment } from '../../schemas/units.ts';
import type { Devices } from './devices.ts';
import type { LimitsMemory } from './limits.ts';
import type { Reading } from './readings.ts';

const devicesSetBack = (devices: Devices, back: (at: Moment) => Moment, moved: (one: Reading) => Reading): Devices => {
  const { known, unheard, spokenTo, quietTo } = devices;
  return {
    known: known.map(({ source, since, at }) => ({ source, since: back(since), at: back(at) })),
    unheard: unheard.map(moved),
    ...(quietTo === undefined ? {} : { quietTo: back(quietTo) }),
    ...(spokenTo === undefined ? {} : { spokenTo: back(spokenTo) }),
  };
};

/**
 * Everything keeps its age: nothing is taken for new. The conditions are told as ended by whoever knows that the clock was set, and begin
 * anew from what is kept. `by`: how far the clock went back.
 */
export const limitsSetBack = (memory: LimitsMemory, by: Microseconds): LimitsMemory => {
  const { values, lost, leftOut, devices, crowds } = memory;
  const back = (at: Moment): Moment => earlier(at, by);
  const moved = (reading: Reading): Reading => ({
    ...reading,
    at: back(reading.at),
    ...(reading.since === undefined ? {} : { since: back(reading.since) }),
  });
  return {
    values: values.map(moved),
    present: [],
    ...(lost === undefined
      ? {}
      : {
          lost: lost.map((one) => ({
            ...one,
            at: back(one.at),
            ...(one.lastWord === undefined ? {} : { lastWord: back(one.lastWord) }),
          })),
        }),
    ...(leftOut === undefined ? {} : { leftOut: leftOut.map((one) => ({ ...one, from: back(one.from) })) }),
    ...(devices === undefined ? {} : { devices: devicesSetBack(devices, back, moved) }),
    ...(crowds === undefined ? {} : { crowds }),
  };
};
