/** A nurse's act on limits, as it stands in the bed's telemetry: it waits for the bed's clock like any number that it judges. */
import type { LimitSide, LimitsAct, Telemetry } from '../../schemas/generated/vigil/v1/telemetry_pb.ts';
import { microseconds, moment } from '../../schemas/units.ts';
import type { AskedSide, LimitsAsked } from '../vocabulary/sighting.ts';
import type { ObserveMemory } from './observe-memory.ts';
import { WAITING_MAX } from './waiting.ts';

const TEXT_MAX = 256;
const NAME_MAX = 128;

const sideOf = (side: LimitSide | undefined): AskedSide => {
  if (side?.side.case === 'value') return side.side.value;
  return side?.side.case === 'off' && side.side.value ? 'off' : undefined;
};

/** The act of a frame that is nothing else; undefined: it is another frame. */
export const limitsActOf = ({ silence }: Telemetry): LimitsAct | undefined => silence?.limits;

/** The gateway's clock, by which it was written, is the bed's. */
const askedOf = (act: LimitsAct, atUs: number): LimitsAsked => ({
  ...{ tag: 'LimitsAsked', at: moment(atUs), said: moment(atUs) },
  id: act.id.slice(0, NAME_MAX),
  by: act.by.slice(0, NAME_MAX),
  reason: act.reason.slice(0, TEXT_MAX).trim(),
  measure: act.measure.slice(0, NAME_MAX),
  ...{ low: sideOf(act.low), high: sideOf(act.high), seenLow: sideOf(act.seenLow), seenHigh: sideOf(act.seenHigh) },
  duration: microseconds(act.durationUs),
  patient: act.patient,
});

export const hearLimitsAct = (memory: ObserveMemory, act: LimitsAct, frame: Telemetry): ObserveMemory => ({
  ...memory,
  waiting: [...memory.waiting, askedOf(act, frame.gatewayTimeUs)].slice(-WAITING_MAX),
});
