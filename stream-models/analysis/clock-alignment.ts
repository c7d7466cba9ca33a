/**
 * Three clocks, one bed time. Device times are kept as they came; for what rings, each source's device clock is laid on the
 * gateway's by one constant per clock epoch, so that a monitor that is hours wrong still alarms now and its samples keep
 * their distances. A device within the tolerance is taken at its word.
 */
import type { Telemetry } from '../../schemas/generated/vigil/v1/telemetry_pb.ts';
import { type Moment, moment } from '../../schemas/units.ts';

export interface ClockAlignment {
  readonly sources: Readonly<Record<string, { readonly epoch: number; readonly shiftUs: number }>>;
}

export const startClocks: ClockAlignment = { sources: {} };

/** Closer than this, device and gateway are one clock: the difference is transport, not skew. */
export const SKEW_TOLERATED_US = 5_000_000;
const SOURCES_MAX = 16;

/** The alignment after a frame, and how its device times become bed times. */
export const alignClock = (
  clocks: ClockAlignment,
  frame: Telemetry,
): readonly [ClockAlignment, (deviceUs: number) => Moment] => {
  const known = clocks.sources[frame.source];
  if (known !== undefined && known.epoch === frame.clockEpoch)
    return [clocks, (us) => moment(Math.round(us + known.shiftUs))];
  const skewUs = frame.gatewayTimeUs === 0 ? 0 : frame.gatewayTimeUs - frame.deviceTimeUs;
  const shiftUs = Math.abs(skewUs) <= SKEW_TOLERATED_US ? 0 : Math.round(skewUs);
  const others = Object.entries(clocks.sources)
    .filter(([source]) => source !== frame.source)
    .slice(-(SOURCES_MAX - 1));
  const sources = { ...Object.fromEntries(others), [frame.source]: { epoch: frame.clockEpoch, shiftUs } };
  return [{ sources }, (us) => moment(Math.round(us + shiftUs))];
};
