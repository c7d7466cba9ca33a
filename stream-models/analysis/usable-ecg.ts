/** Which device of a bed has an ECG from which a heart can be heard, where another's is empty or its electrodes are off. */
import { isEcgLead, MDC } from '../../schemas/codes.ts';
import type { Telemetry } from '../../schemas/generated/vigil/v1/telemetry_pb.ts';
import { hasSample } from '../../schemas/no-sample.ts';
import { elapsed, type Microseconds, type Moment, seconds } from '../../schemas/units.ts';

/** The device that had one first and still has. */
export interface UsableEcg {
  readonly source: string;
  /** Bed time of its newest frame with one. */
  readonly at: Moment;
}

/** ECG that has not been heard for so long is quiet: another source may take over. */
export const ECG_QUIET: Microseconds = seconds(2);

/** After a frame that ends at `end`; `off`: the leads that its source calls off. The same object (===): nothing is new. */
export const usableAfter = (
  before: UsableEcg | undefined,
  { source, waveforms }: Telemetry,
  off: readonly number[],
  end: Moment,
): UsableEcg | undefined => {
  // A device whose clock is behind the other's by seconds tells of no later time: heard in turns, neither would have a beat.
  const isTaken = before !== undefined && before.source !== source && elapsed(before.at, end) < ECG_QUIET;
  if (isTaken || off.includes(MDC.ecgUnspecified)) return before;
  const isUsable = waveforms.some(({ code, samples }) => isEcgLead(code) && !off.includes(code) && hasSample(samples));
  return isUsable ? { source, at: end } : before;
};
