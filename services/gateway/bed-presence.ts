import { create } from '@bufbuild/protobuf';
import { type Telemetry, TelemetrySchema } from '../../schemas/generated/vigil/v1/telemetry_pb.ts';
import { isLaboratoryFrame } from '../../schemas/telemetry.ts';
import { days, elapsed, type Microseconds, type Moment, moment, seconds } from '../../schemas/units.ts';

/** The source of frames that the gateway writes itself. No device may use the name. */
export const GATEWAY_SOURCE = 'vigil-gateway';
/** The source of what a nurse says of a bed. No device may use the name. */
export const NURSE_SOURCE = 'vigil-nurse';
/** The source of what a nurse says of limits: its own, because a gateway takes the other for a word that nothing is expected of the bed. */
export const LIMITS_SOURCE = 'vigil-limits';
/** Names that no device may use. */
export const VIGILS_OWN: readonly string[] = [GATEWAY_SOURCE, NURSE_SOURCE, LIMITS_SOURCE];

/** What the gateway remembers of an admitted bed. */
export interface BedPresence {
  /** Gateway time of the newest frame that may ring. */
  readonly lastHeard: Moment;
  /** Said something since the last whole second. */
  readonly heard: boolean;
  /** A frame said that nobody lies in the bed: silence is expected. */
  readonly discharged: boolean;
  /** Counts the gateway's own frames of the bed. */
  readonly silences: number;
  /** Whole seconds without a word that the gateway itself saw: fewer than passed where it stood still or was away. */
  readonly emptySeconds: number;
}

/** A bed that was silent for so long is taken for one whose monitor went away. */
export const IDLE_AFTER_USUAL: Microseconds = seconds(600);
/** A bed that was not heard for so long is on no screen any more. */
const GONE_AFTER: Microseconds = days(1);
/** Devices come back so soon after a gateway does. */
const BACK_WITHIN_S = 5;

/** What a stored frame says about the presence of its bed. */
export const heardFrom = (bed: BedPresence | undefined, frame: Telemetry): BedPresence | undefined => {
  const was = bed?.discharged ?? false;
  // What a device kept from when the bed was free frees nobody's bed now: analysis knows what was said since.
  const isFreed = was || !frame.retrospective;
  const discharged = frame.assignment === undefined ? was : frame.assignment.patient === '' && isFreed;
  // A laboratory's results come from elsewhere: they must not keep a bed alive whose monitor fell silent.
  if (frame.retrospective || isLaboratoryFrame(frame)) return bed === undefined ? undefined : { ...bed, discharged };
  return {
    lastHeard: moment(frame.gatewayTimeUs),
    heard: true,
    discharged,
    silences: bed?.silences ?? 0,
    emptySeconds: 0,
  };
};

export interface SecondOfBed {
  readonly bed: BedPresence | undefined;
  readonly silence: Telemetry | undefined;
}

export interface PresenceBounds {
  readonly idleAfter: Microseconds;
  /** A bed is not called silent before this time without a frame. 0: as soon as a whole second is empty. */
  readonly silentAfter: Microseconds;
}

/**
 * A whole second is over at `now`: what the bed did not say becomes a Silence. Undefined `bed`: no longer admitted. Its last Silence tells
 * how long it has been: after a gateway that stood still or was away nobody else says that a monitor did not come back, which it has
 * some seconds for.
 */
export const secondOfBed = (
  name: string,
  bed: BedPresence,
  now: Moment,
  { idleAfter, silentAfter }: PresenceBounds,
): SecondOfBed => {
  if (bed.heard) return { bed: { ...bed, heard: false }, silence: undefined };
  const silentFor = elapsed(bed.lastHeard, now);
  const isIdle = silentFor > idleAfter;
  const emptySeconds = bed.emptySeconds + 1;
  if (isIdle && emptySeconds < BACK_WITHIN_S) return { bed: { ...bed, emptySeconds }, silence: undefined };
  const stays = isIdle ? undefined : { ...bed, emptySeconds };
  if (bed.discharged || silentFor < silentAfter || silentFor > GONE_AFTER) return { bed: stays, silence: undefined };
  return {
    bed: stays && { ...stays, silences: bed.silences + 1 },
    silence: create(TelemetrySchema, {
      bed: name,
      source: GATEWAY_SOURCE,
      sequence: bed.silences + 1,
      deviceTimeUs: now,
      gatewayTimeUs: now,
      silence: { sinceUs: bed.lastHeard },
    }),
  };
};
