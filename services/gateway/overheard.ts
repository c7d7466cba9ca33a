/**
 * Beds whose frames reach the log by another way than this gateway's door: written to Kafka by their sender, or taken in by another front. When such
 * a sender stops, nobody would say that its beds are silent, and no time would pass for their alarms.
 */
import type { Telemetry } from '../../schemas/generated/vigil/v1/telemetry_pb.ts';
import { elapsed, type Microseconds, type Moment, microseconds, seconds } from '../../schemas/units.ts';
import {
  type BedPresence,
  GATEWAY_SOURCE,
  heardFrom,
  LIMITS_SOURCE,
  NURSE_SOURCE,
  secondOfBed,
} from './bed-presence.ts';

export interface Overheard {
  /**
   * A frame on the log; `at`: this gateway's clock; `calls`: its source knocks at this gateway's own door; `apart`: the partition on which it
   * lies, where that is not the one of its bed's name.
   */
  readonly hear: (frame: Telemetry, at: Moment, calls: boolean, apart?: number) => void;
  /** The partition on which the bed's frames lie, where that is not the one of its name: nobody there would hear another's Silence. */
  readonly apart: (bed: string) => number | undefined;
  /** When the bed was heard last; undefined: not by another way. */
  readonly lastHeard: (bed: string) => Moment | undefined;
  /** A whole second is over: the Silence of every such bed that has said nothing for some seconds, at the gateway's door (`here`) neither. */
  readonly secondPassed: (now: Moment, here: (bed: string) => Moment | undefined) => readonly Telemetry[];
}

/** Who writes to the log has its own pace, and the log its own delay. */
const SILENT_AFTER = seconds(3);
/** Clocks of gateways that differ by less are one. */
const SKEW_TOLERATED = seconds(1);
/** What is written to the log is heard on it within so long, or the log is not heard. */
const HEARD_WITHIN = seconds(2);
/** Silences of a bed that are on their way to the log and back. */
const TOLD_MAX = 8;
/** Names of beds; a sender that makes them up must not fill the memory. */
const OVERHEARD_MAX = 20_000;

interface OverheardBed {
  readonly presence: BedPresence;
  readonly apart: number | undefined;
  /** How far the clock by which its frames were taken in is ahead of this gateway's: its time goes on by that one. */
  readonly ahead: Microseconds;
  /** Times of the silences that were told from here, newest last. */
  readonly told: readonly number[];
  /** When another front told its silence; undefined: none does. */
  readonly toldElsewhere: Moment | undefined;
}

const laidBy = (silence: Telemetry, ahead: Microseconds): Telemetry => ({
  ...silence,
  deviceTimeUs: silence.deviceTimeUs + ahead,
  gatewayTimeUs: silence.gatewayTimeUs + ahead,
  silence: silence.silence && { ...silence.silence, sinceUs: silence.silence.sinceUs + ahead },
});

/**
 * Nothing was overheard yet. `idleAfter`: a bed that was silent for so long is let go. Where nothing at all is heard of the log one bed's silence is
 * told and no other's until it is heard: a front that lost its line to the log would call the whole hospital silent. And only one front
 * tells of a bed: by two that differ in time its clock would go back and forth.
 */
export const makeOverheard = (idleAfter: Microseconds): Overheard => {
  const beds = new Map<string, OverheardBed>();
  let logHeardAt: Moment | undefined;
  const isWithin = (span: Microseconds, since: Moment | undefined, now: Moment): boolean =>
    since !== undefined && elapsed(since, now) < span;
  return {
    hear: (frame, at, calls, apart) => {
      logHeardAt = at;
      const known = beds.get(frame.bed);
      if (frame.source === GATEWAY_SOURCE) {
        if (known !== undefined && !known.told.includes(frame.deviceTimeUs))
          beds.set(frame.bed, { ...known, toldElsewhere: at });
        return;
      }
      const isNurse = frame.source === NURSE_SOURCE || frame.source === LIMITS_SOURCE;
      if (calls || isNurse || (known === undefined && beds.size >= OVERHEARD_MAX)) return;
      const presence = heardFrom(known?.presence, { ...frame, gatewayTimeUs: at });
      if (presence === undefined) return;
      const skew = frame.gatewayTimeUs - at;
      const ahead = microseconds(Math.abs(skew) > SKEW_TOLERATED ? skew : 0);
      const told = known?.told ?? [];
      beds.set(frame.bed, { presence, apart, ahead, told, toldElsewhere: known?.toldElsewhere });
    },
    apart: (bed) => beds.get(bed)?.apart,
    lastHeard: (bed) => beds.get(bed)?.presence.lastHeard,
    secondPassed: (now, here) => {
      const silences: Telemetry[] = [];
      const isLogHeard = isWithin(HEARD_WITHIN, logHeardAt, now);
      for (const [name, known] of beds) {
        const { presence, ahead, told, toldElsewhere } = known;
        const { bed, silence } = secondOfBed(name, presence, now, { idleAfter, silentAfter: SILENT_AFTER });
        if (bed === undefined) beds.delete(name);
        else beds.set(name, { ...known, presence: bed });
        if (silence === undefined || (here(name) ?? 0) >= presence.lastHeard) continue;
        if (isWithin(SILENT_AFTER, toldElsewhere, now) || (!isLogHeard && silences.length > 0)) continue;
        const laid = laidBy(silence, ahead);
        silences.push(laid);
        if (bed !== undefined)
          beds.set(name, { ...known, presence: bed, told: [...told, laid.deviceTimeUs].slice(-TOLD_MAX) });
      }
      return silences;
    },
  };
};
