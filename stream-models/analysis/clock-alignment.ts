/**
 * Three clocks, one bed time. Device times are kept as they came; for what rings, each source's device clock is laid on the
 * gateway's by one constant per clock epoch, so that a monitor that is hours wrong still alarms now and its samples keep
 * their distances. A device within the tolerance is taken at its word.
 */
import type { Telemetry } from '../../schemas/generated/vigil/v1/telemetry_pb.ts';
import { isLaboratoryFrame } from '../../schemas/telemetry.ts';
import { type Microseconds, type Moment, moment } from '../../schemas/units.ts';

export interface SourceClock {
  readonly source: string;
  readonly epoch: number;
  readonly shiftUs: number;
  /** Of the newest frame. */
  readonly sequence: number;
  readonly deviceTimeUs: number;
  /** Absent: remembered from before this was kept. */
  readonly gatewayTimeUs?: number;
}

export interface ClockAlignment {
  /** The one heard last comes last; at most SOURCES_MAX. */
  readonly sources: readonly SourceClock[];
}

export const startClocks: ClockAlignment = { sources: [] };

/**
 * Closer than this, device and gateway are one clock: the difference is transport, not skew. With what a clock may drift before the gateway
 * begins a new epoch it is less than the age at which a heart rate is no longer shown.
 */
const SKEW_TOLERATED_US = 2_000_000;
const SOURCES_MAX = 16;

/** The clock of a source that was heard of. */
export const clockOf = ({ sources }: ClockAlignment, source: string): SourceClock | undefined =>
  sources.find((clock) => clock.source === source);

/**
 * Whether a frame was heard before. An append whose answer was lost is sent again by the sender, and the log may then hold
 * it twice; the gateway marks everything else that comes out of order as retrospective.
 */
export const isRepeated = (clocks: ClockAlignment, frame: Telemetry): boolean => {
  const known = clockOf(clocks, frame.source);
  return (
    known !== undefined &&
    !isLaboratoryFrame(frame) &&
    known.epoch === frame.clockEpoch &&
    frame.sequence <= known.sequence &&
    frame.deviceTimeUs <= known.deviceTimeUs
  );
};

/** A source's own time never goes back by more, unless its clock (or the gateway's) was set: late frames are retrospective. */
export const SET_BACK_US = 2_000_000;

/** Nothing is heard before it was measured: by what is tolerated of skew, drift and jitter (services/gateway/) a frame lies less than this before it. */
const AHEAD_MOST_US = 6_000_000;

/** Whether the clock leapt ahead of the gateway's. Frames that are written all at once run ahead of it as well, and leap nowhere. */
const leapsAhead = (known: SourceClock, { deviceTimeUs, gatewayTimeUs }: Telemetry): boolean => {
  if (!known.gatewayTimeUs || deviceTimeUs + known.shiftUs <= gatewayTimeUs + AHEAD_MOST_US) return false;
  return deviceTimeUs - known.deviceTimeUs > gatewayTimeUs - known.gatewayTimeUs + AHEAD_MOST_US;
};

/**
 * A sender that writes to the log itself tells no epoch: its clock was set back where a later frame has an earlier time, and set forward where
 * it leaps ahead of when it was heard.
 */
export const isSameClock = (known: SourceClock, frame: Telemetry): boolean =>
  known.epoch === frame.clockEpoch &&
  frame.deviceTimeUs >= known.deviceTimeUs - SET_BACK_US &&
  !leapsAhead(known, frame);

const shiftOf = (known: SourceClock | undefined, frame: Telemetry): number => {
  if (known !== undefined && isSameClock(known, frame)) return known.shiftUs;
  const skewUs = frame.gatewayTimeUs === 0 ? 0 : frame.gatewayTimeUs - frame.deviceTimeUs;
  return Math.abs(skewUs) <= SKEW_TOLERATED_US ? 0 : Math.round(skewUs);
};

/**
 * A laboratory's frame tells nothing of a clock: its device time is what its sender made of it, often the specimen's. Specimens'
 * times are the hospital's own and taken at their word; none is later than when it was told.
 */
const ofLaboratory = ({ gatewayTimeUs }: Telemetry) => {
  const latest = gatewayTimeUs === 0 ? Number.POSITIVE_INFINITY : gatewayTimeUs;
  return (us: number): Moment => moment(Math.round(Math.min(us, latest)));
};

/** Whether a frame that ends at a bed time lies before what the same source said: a clock was set back. */
export const isSetBack = (known: SourceClock | undefined, end: Moment): boolean =>
  known !== undefined && end < known.deviceTimeUs + known.shiftUs - SET_BACK_US;

/** The clocks of all other sources after that of one was found to have gone back by so much: the gateway's is theirs, too. */
export const othersSetBack = ({ sources }: ClockAlignment, source: string, by: Microseconds): ClockAlignment => ({
  sources: sources.map((clock) => (clock.source === source ? clock : { ...clock, shiftUs: clock.shiftUs - by })),
});

/** The alignment after a frame, and how its device times become bed times. */
export const alignClock = (
  clocks: ClockAlignment,
  frame: Telemetry,
): readonly [ClockAlignment, (deviceUs: number) => Moment] => {
  if (isLaboratoryFrame(frame)) return [clocks, ofLaboratory(frame)];
  const { source, clockEpoch: epoch, sequence, deviceTimeUs, gatewayTimeUs } = frame;
  const shiftUs = shiftOf(clockOf(clocks, source), frame);
  const others = clocks.sources.filter((clock) => clock.source !== source).slice(1 - SOURCES_MAX);
  const sources = [...others, { source, epoch, shiftUs, sequence, deviceTimeUs, gatewayTimeUs }];
  return [{ sources }, (us) => moment(Math.round(us + shiftUs))];
};
