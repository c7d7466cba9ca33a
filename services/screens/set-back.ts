import type { Telemetry } from '../../schemas/generated/vigil/v1/telemetry_pb.ts';
import type { LiveBed } from '../../schemas/live.ts';
import { isLaboratoryFrame } from '../../schemas/telemetry.ts';
import { type Moment, microseconds } from '../../schemas/units.ts';
import { type Behind, behindAfter, isBelieved } from '../../stream-models/analysis/behind.ts';
import {
  type ClockAlignment,
  clockOf,
  isSetBack,
  othersSetBack,
} from '../../stream-models/analysis/clock-alignment.ts';

/** What was said keeps its age, and what is still said to be of a time to come is let go. It would stand, and look new. */
const keepingAge = (bed: LiveBed, end: number, by: number, gatewayTimeUs: number): LiveBed => ({
  ...bed,
  numerics: bed.numerics.map((one) => ({ ...one, atUs: one.atUs - by })).filter(({ atUs }) => atUs <= end),
  score: bed.score === null || bed.score.atUs > end ? null : { ...bed.score, atUs: bed.score.atUs - by },
  risk: bed.risk === null || bed.risk.atUs > end ? null : { ...bed.risk, atUs: bed.risk.atUs - by },
  lastFrameUs: bed.lastFrameUs === null ? null : Math.min(bed.lastFrameUs, gatewayTimeUs),
  analysedUs: bed.analysedUs === null ? null : Math.min(bed.analysedUs, end),
});

/** What a screen knows of one bed and its times. */
export interface TimedBed {
  readonly bed: LiveBed;
  readonly clocks: ClockAlignment;
  /** Frames behind all that was heard of the bed, until one is not. */
  readonly behind?: Behind | undefined;
  /** Bed time at which another patient was named: what analysis says of before is of who lay there before. */
  readonly sinceUs: number;
}

/**
 * The bed after what a frame that ends at `end` tells of clocks. `aligned`: the clocks with its own. By how much the source was set back that
 * tells it is known; where only others tell it, it is not, and what is said to be of a time to come has no age that could be kept.
 */
export const afterClocks = (before: TimedBed, frame: Telemetry, aligned: ClockAlignment, end: Moment): TimedBed => {
  const { bed, sinceUs } = before;
  // A laboratory's times are no clock.
  if (isLaboratoryFrame(frame)) return { bed, clocks: aligned, sinceUs, behind: before.behind };
  const { gatewayTimeUs } = frame;
  const known = clockOf(before.clocks, frame.source);
  const isOwn = known !== undefined && isSetBack(known, end);
  const behind = behindAfter(
    before.behind,
    { atUs: gatewayTimeUs, endUs: gatewayTimeUs },
    bed.lastFrameUs ?? undefined,
  );
  const isOfOthers = behind !== undefined && isBelieved(behind, gatewayTimeUs);
  if (!isOwn && !isOfOthers) return { bed, clocks: aligned, sinceUs, behind };
  const ownUs = isOwn ? known.deviceTimeUs + known.shiftUs - end : 0;
  const byUs = microseconds(isOwn || behind === undefined ? ownUs : behind.reached - behind.sinceUs);
  return {
    bed: keepingAge(bed, end, ownUs, gatewayTimeUs),
    clocks: othersSetBack(aligned, frame.source, byUs),
    sinceUs: Math.min(sinceUs, end),
    behind: undefined,
  };
};
