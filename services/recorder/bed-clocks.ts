import type { Telemetry } from '../../schemas/generated/vigil/v1/telemetry_pb.ts';
import { type Moment, moment } from '../../schemas/units.ts';
import { alignClock, startClocks } from '../../stream-models/analysis/clock-alignment.ts';

/** How far each clock epoch of each source of one bed lies from bed time. Plain data: it is kept in a checkpoint. */
export interface BedClocks {
  /** `source/epoch` → microseconds, oldest first. */
  readonly shifts: Readonly<Record<string, number>>;
}

export const noClocks: BedClocks = { shifts: {} };

/** Newest epochs remembered per bed; older frames than that are taken at their word. */
const EPOCHS_MAX = 64;

/**
 * Bed time of a frame's device times, and the clocks after it: the same object if it taught nothing. An epoch keeps the
 * shift of its first frame, so that a frame read twice is stored at the same moments. A frame that came late says nothing
 * of its clock: if its epoch is unknown, it is taken at its word.
 */
export const bedTimeOf = (clocks: BedClocks, frame: Telemetry): readonly [BedClocks, (deviceUs: number) => Moment] => {
  const key = `${frame.source}/${frame.clockEpoch}`;
  const known = clocks.shifts[key];
  if (known !== undefined || frame.retrospective) return [clocks, (us) => moment(Math.round(us + (known ?? 0)))];
  const shift = alignClock(startClocks, frame)[1](0);
  const shifts = Object.fromEntries([...Object.entries(clocks.shifts), [key, shift]].slice(-EPOCHS_MAX));
  return [{ shifts }, (us) => moment(Math.round(us + shift))];
};
