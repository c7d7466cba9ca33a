import {
  days,
  type Microseconds,
  type Moment,
  microseconds,
  milliseconds,
  moment,
  seconds,
} from '../../schemas/units.ts';
import { type Behind, behindAfter, fallsBehind } from './backlog.ts';
import { type DevicePace, firstPace, paceAfter } from './device-pace.ts';

/**
 * One device's clock as the gateway sees it. A frame carries no more than the device's own time; how late it is and
 * whether its clock was stepped must be told apart from that alone:
 *
 *   skew = gateway - device             offset = the least skew of the epoch = the frames that came without delay
 *   ahead of the offset                 the clock was stepped forward (nothing arrives before it was measured)
 *   device time goes back               the clock was stepped back (late frames are known by their sequence number)
 *   behind, and catching up             a backlog: the device kept frames while the line was down
 *   behind, and staying behind          the clock was changed, only slower than a frame could show
 *   the offset moves on for days        the clock drifts: bed time is laid on the gateway's by one constant per epoch
 *   a new clock far behind that gains   no clock that is wrong but a backlog of a device that was not known, or is told again
 */
export interface DeviceClock {
  /** How fast it goes since it was last looked at. */
  readonly pace: DevicePace;
  readonly epoch: number;
  /** What the device itself last called its epoch; undefined when only the log was read, which holds the gateway's. */
  readonly epochTold: number | undefined;
  readonly newest: Moment;
  readonly newestHeardAt: Moment;
  readonly offset: Microseconds;
  /** The offset with which the epoch began; absent: remembered from before this was kept. */
  readonly began?: Microseconds;
  /** When its epoch began; absent: remembered from before this was kept. */
  readonly begunAt?: Moment;
  /** No frame of its epoch has been of now yet; absent: one has. */
  readonly isCatchingUp?: boolean;
  /** A new clock gains where a frame comes with a second less of skew than this. */
  readonly gainsFrom: Microseconds;
  /** Set while the device is behind. */
  readonly behind: Behind | undefined;
}

export interface ClockStep {
  readonly before: Moment;
  readonly after: Moment;
  readonly why:
    | 'stepped forward'
    | 'stepped back'
    | 'stays behind'
    | 'has drifted'
    | 'catches up'
    | 'told by the device';
}

export interface ClockReading {
  readonly clock: DeviceClock;
  /** How long after its measurement the frame came, beyond the usual of the device. */
  readonly lateness: Microseconds;
  /** Too long to ring. */
  readonly isLate: boolean;
  readonly step: ClockStep | undefined;
}

/** Jitter of a device's time stamps that is no step. */
const FORWARD_TOLERATED = seconds(1);
const BACK_TOLERATED = milliseconds(100);
/** A frame that comes so soon after the soonest was not held up. */
const ON_TIME = milliseconds(500);
/** Crystal clocks drift; the offset may follow by 200 millionths. */
const DRIFT = 2e-4;
/** So far may a clock drift from where its epoch began. Heart rate is drawn as "—" from five seconds of age on. */
const DRIFT_TOLERATED = seconds(2);

/** Devices and gateways keep no more than this while their line is down; a clock that is farther behind is wrong. */
const BACKLOG_OLDEST = days(1);
/** The first frame of an epoch that is live lays it on the gateway's clock: of a backlog it must be of now. */
const CAUGHT_UP = seconds(1);
/** A clock that gains so soon after it was new is not wrong: what was kept is being sent. */
const GAINS_WITHIN = seconds(30);

/** The clock of a device that is heard for the first time. */
export const firstReading = (device: Moment, heardAt: Moment, epochTold: number): DeviceClock => ({
  epoch: epochTold,
  epochTold,
  newest: device,
  newestHeardAt: heardAt,
  offset: microseconds(heardAt - device),
  began: microseconds(heardAt - device),
  begunAt: heardAt,
  gainsFrom: microseconds(heardAt - device),
  behind: undefined,
  pace: firstPace(device, heardAt),
});

/** A uint32 on the wire: after the last comes the first. */
const EPOCHS = 2 ** 32;
const epochAfter = (epoch: number, told: number): number => (told > epoch ? told : (epoch + 1) % EPOCHS);

/** After these what was known of its skew tells nothing of what comes. */
const BEGINS_ANEW: readonly ClockStep['why'][] = ['stepped back', 'catches up', 'told by the device'];

const stepped = (
  clock: DeviceClock,
  device: Moment,
  heardAt: Moment,
  epochTold: number,
  why: ClockStep['why'],
): ClockReading => {
  const begun = firstReading(device, heardAt, epochTold);
  // Who sends some seconds at once gains them within each sending, and gains nothing: only less skew than ever counts.
  const gainsFrom = BEGINS_ANEW.includes(why) ? begun.gainsFrom : leastOf(clock, begun.gainsFrom);
  return {
    clock: { ...begun, gainsFrom, epoch: epochAfter(clock.epoch, epochTold) },
    lateness: microseconds(0),
    isLate: false,
    // What the device would have said had it gone on, and what it says.
    step: { before: moment(heardAt - clock.offset), after: device, why },
  };
};

const leastOf = ({ gainsFrom }: DeviceClock, skew: number): Microseconds => microseconds(Math.min(gainsFrom, skew));

/**
 * Whether a new clock, a minute to a day behind, has gained on the gateway's and is still behind: frames that were kept by a device that was not
 * known, or numbered anew. As of a clock that is wrong they would all be shown and ring as of now, for as long as they come.
 */
const catchesUp = (
  { begunAt, gainsFrom, isCatchingUp }: DeviceClock,
  skew: number,
  heardAt: Moment,
  lateAfter: Microseconds,
): boolean =>
  isCatchingUp !== true &&
  begunAt !== undefined &&
  heardAt - begunAt <= GAINS_WITHIN &&
  gainsFrom <= BACKLOG_OLDEST &&
  skew > lateAfter &&
  gainsFrom - skew > FORWARD_TOLERATED;

/** Reads the clock of a frame that is newer, by its sequence number, than all before. */
export const readClock = (
  clock: DeviceClock,
  device: Moment,
  heardAt: Moment,
  epochTold: number,
  lateAfter: Microseconds,
): ClockReading => {
  if (clock.epochTold !== undefined && epochTold !== clock.epochTold)
    return stepped(clock, device, heardAt, epochTold, 'told by the device');
  if (device < clock.newest - BACK_TOLERATED) return stepped(clock, device, heardAt, epochTold, 'stepped back');
  const skew = heardAt - device;
  if (catchesUp(clock, skew, heardAt, lateAfter)) {
    const { step, clock: begun } = stepped(clock, device, heardAt, epochTold, 'catches up');
    // Its clock is taken at its word from here on.
    const [right, lateness] = [microseconds(0), microseconds(skew)];
    const behind = fallsBehind(heardAt, lateness);
    return {
      clock: { ...begun, offset: right, began: right, behind, isCatchingUp: true },
      ...{ lateness, isLate: true, step },
    };
  }
  const drifted = clock.offset + Math.max(0, heardAt - clock.newestHeardAt) * DRIFT;
  const ahead = drifted - skew;
  if (ahead > FORWARD_TOLERATED) return stepped(clock, device, heardAt, epochTold, 'stepped forward');
  const lateness = microseconds(Math.max(0, skew - drifted));
  const isLate = lateness > (clock.isCatchingUp ? CAUGHT_UP : lateAfter);
  const next: DeviceClock = {
    ...clock,
    isCatchingUp: clock.isCatchingUp === true && isLate,
    gainsFrom: clock.isCatchingUp === true ? leastOf(clock, skew) : clock.gainsFrom,
    epochTold,
    newest: moment(Math.max(device, clock.newest)),
    newestHeardAt: heardAt,
    offset: microseconds(Math.min(skew, drifted)),
    behind: undefined,
    pace: paceAfter(clock.pace, device, heardAt),
  };
  if (!isLate) {
    const began = clock.began ?? next.offset;
    // Only a frame without delay shows how far: else a backlog would be laid into the present.
    const isOnTime = skew - next.offset < ON_TIME;
    if (isOnTime && Math.abs(next.offset - began) > DRIFT_TOLERATED)
      return stepped(clock, device, heardAt, epochTold, 'has drifted');
    return { clock: { ...next, began }, lateness, isLate, step: undefined };
  }
  const behind =
    clock.behind === undefined ? fallsBehind(heardAt, lateness) : behindAfter(clock.behind, heardAt, lateness);
  if (behind === undefined) return stepped(clock, device, heardAt, epochTold, 'stays behind');
  return { clock: { ...next, behind }, lateness, isLate, step: undefined };
};
