import type { Telemetry } from '../../schemas/generated/vigil/v1/telemetry_pb.ts';
import { type Moment, moment } from '../../schemas/units.ts';
import { startRecentWaves } from '../corroboration/recent-waves.ts';
import { startEcg } from '../ecg/hear-ecg.ts';
import { isBelieved } from './behind.ts';
import { clockOf, isSetBack, SET_BACK_US } from './clock-alignment.ts';
import type { ObserveMemory } from './observe-memory.ts';
import { claimsSetBack } from './patient-claims.ts';
import type { Waiting } from './waiting.ts';

/** No device's clock that is laid on the gateway's is so far ahead of it, but by drift. */
const AHEAD_OF_SILENCE_US = 10_000_000;

/** What a nurse said may have hung on a line to the log, and is of no clock. */
const isNursesWord = ({ silence }: Telemetry): boolean => silence !== undefined && silence.takenAwayBy !== '';

/** When Vigil heard a frame that ends at `end`; a sender that writes to the log itself may not say. */
export const heardAtUs = ({ gatewayTimeUs }: Telemetry, end: Moment): number =>
  gatewayTimeUs > 0 ? gatewayTimeUs : end;

/**
 * Late frames of a second device are behind the bed's clock, too: a clock is set where a source is behind itself, or the gateway is, or where
 * for a while nothing is heard but behind it.
 */
export const goesBack = ({ clocks, heard, behind }: ObserveMemory, frame: Telemetry, end: Moment): boolean => {
  if (heard === undefined || end >= heard - SET_BACK_US || isNursesWord(frame)) return false;
  if (frame.silence !== undefined && end < heard - AHEAD_OF_SILENCE_US) return true;
  return isSetBack(clockOf(clocks, frame.source), end) || isBelieved(behind, heardAtUs(frame, end));
};

/**
 * Whether a Silence is of then: a front whose line to the log was cut writes the one that it had begun to write when the line
 * comes back, of a bed that speaks through another front by then. That the gateway's clock was set back is believed where a
 * second one goes on from the first.
 */
export const isOfThen = (memory: ObserveMemory, frame: Telemetry, end: Moment): boolean =>
  frame.silence !== undefined && goesBack(memory, frame, end) && end <= (memory.silenceOfThen ?? end);

const dueBy = (seen: Waiting, end: Moment): Waiting => {
  const at = moment(Math.min(seen.at, end));
  return seen.tag === 'LaboratorySeen' ? { ...seen, at, told: moment(Math.min(seen.told, end)) } : { ...seen, at };
};

/**
 * The bed's clock begins anew at `end` where a clock was set back: else nothing would be judged until the old time is reached
 * again, an hour later where it was set by an hour. What waited for its time is of the past by then.
 */
export const setBack = (memory: ObserveMemory, end: Moment): ObserveMemory => ({
  ...memory,
  heard: undefined,
  behind: undefined,
  apart: undefined,
  ecg: startEcg,
  ecgHeard: undefined,
  usable: memory.usable && { ...memory.usable, at: moment(Math.min(memory.usable.at, end)) },
  waiting: memory.waiting.map((seen) => dueBy(seen, end)),
  recent: startRecentWaves,
  claims: claimsSetBack(memory.claims, end),
  alerts: memory.alerts.map((alert) => (alert.answered > end ? { ...alert, answered: end } : alert)),
});
