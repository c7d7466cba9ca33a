/**
 * Beds whose frames reach the log by another way than this gateway's door: written to Kafka by their sender, or taken in by another front. When such
 * a sender stops, nobody would say that its beds are silent, and no time would pass for their alarms.
 */
import type { Telemetry } from '../../schemas/generated/vigil/v1/telemetry_pb.ts';
import { type Microseconds, type Moment, microseconds, seconds } from '../../schemas/units.ts';
import { type BedPresence, GATEWAY_SOURCE, heardFrom, NURSE_SOURCE, secondOfBed } from './bed-presence.ts';

export interface Overheard {
  /** A frame on the log that this gateway did not take in; `at`: this gateway's clock. */
  readonly hear: (frame: Telemetry, at: Moment) => void;
  /** When the bed was heard last; undefined: not by another way. */
  readonly lastHeard: (bed: string) => Moment | undefined;
  /** A whole second is over: the Silence of every such bed that has said nothing for some seconds, at the gateway's door (`here`) neither. */
  readonly secondPassed: (now: Moment, here: (bed: string) => Moment | undefined) => readonly Telemetry[];
}

/** Who writes to the log has its own pace, and the log its own delay. */
const SILENT_AFTER = seconds(3);
/** Clocks of gateways that differ by less are one. */
const SKEW_TOLERATED = seconds(1);
/** Names of beds; a sender that makes them up must not fill the memory. */
const OVERHEARD_MAX = 20_000;

interface OverheardBed {
  readonly presence: BedPresence;
  /** How far the clock by which its frames were taken in is ahead of this gateway's: its time goes on by that one. */
  readonly ahead: Microseconds;
}

const laidBy = (silence: Telemetry, ahead: Microseconds): Telemetry => ({
  ...silence,
  deviceTimeUs: silence.deviceTimeUs + ahead,
  gatewayTimeUs: silence.gatewayTimeUs + ahead,
  silence: silence.silence && { ...silence.silence, sinceUs: silence.silence.sinceUs + ahead },
});

/** Nothing was overheard yet. `idleAfter`: a bed that was silent for so long is let go. */
export const makeOverheard = (idleAfter: Microseconds): Overheard => {
  const beds = new Map<string, OverheardBed>();
  return {
    hear: (frame, at) => {
      if (frame.source === GATEWAY_SOURCE || frame.source === NURSE_SOURCE) return;
      const known = beds.get(frame.bed);
      if (known === undefined && beds.size >= OVERHEARD_MAX) return;
      const presence = heardFrom(known?.presence, { ...frame, gatewayTimeUs: at });
      if (presence === undefined) return;
      const skew = frame.gatewayTimeUs - at;
      beds.set(frame.bed, { presence, ahead: microseconds(Math.abs(skew) > SKEW_TOLERATED ? skew : 0) });
    },
    lastHeard: (bed) => beds.get(bed)?.presence.lastHeard,
    secondPassed: (now, here) => {
      const silences: Telemetry[] = [];
      for (const [name, { presence, ahead }] of beds) {
        const { bed, silence } = secondOfBed(name, presence, now, { idleAfter, silentAfter: SILENT_AFTER });
        if (bed === undefined) beds.delete(name);
        else beds.set(name, { presence: bed, ahead });
        if (silence !== undefined && (here(name) ?? 0) < presence.lastHeard) silences.push(laidBy(silence, ahead));
      }
      return silences;
    },
  };
};
