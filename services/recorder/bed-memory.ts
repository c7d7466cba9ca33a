import type { Telemetry } from '../../schemas/generated/vigil/v1/telemetry_pb.ts';
import { DEVICES_PER_BED_MAX, VIGIL_DEVICE } from '../../schemas/series.ts';
import { isLaboratoryFrame } from '../../schemas/telemetry.ts';
import { type Moment, minutes, moment } from '../../schemas/units.ts';
import {
  alignClock,
  type ClockAlignment,
  clockOf,
  isRepeated,
  isSameClock,
  startClocks,
} from '../../stream-models/analysis/clock-alignment.ts';
import type { NumericPoint } from '../ports/series-store.ts';

/** What the recorder remembers of one bed. Plain data: it is kept in a checkpoint. */
export interface BedMemory {
  /** `source/epoch` → how far that clock epoch lies from bed time, microseconds; oldest first. */
  readonly shifts: Readonly<Record<string, number>>;
  /**
   * The same where a clock was set within its epoch, back or forward: from which offset of the partition on. Oldest first. Absent: none was.
   * The name is that of stored memories, older than steps forward.
   */
  readonly setBack?: Readonly<Record<string, readonly ClockStep[]>>;
  /** The bed's devices by number; place 0 is Vigil's own and stays empty. Absent: none was heard yet. */
  readonly devices?: readonly (Device | undefined)[];
}

interface ClockStep {
  readonly fromOffset: number;
  readonly shiftUs: number;
}

interface Device {
  readonly source: string;
  /** Log time, to ten minutes. */
  readonly heardAt: number;
}

export const newBed: BedMemory = { shifts: {} };

/** Newest epochs remembered per bed; older frames than that are taken at their word. */
const EPOCHS_MAX = 64;
const HEARD_STEP = minutes(10);
/** Newest steps remembered of an epoch. */
const STEPS_MAX = 16;
/** The number of a device that was silent for so long may go to another. */
const FORGOTTEN_AFTER = minutes(60);

const epochOf = ({ source, clockEpoch }: Telemetry): string => `${source}/${clockEpoch}`;

/** Whether the first frame of this frame's clock epoch was heard, which decides on the bed time of all of them. */
export const knowsEpoch = (bed: BedMemory, frame: Telemetry): boolean => epochOf(frame) in bed.shifts;

/** How far the clock of a frame at this offset lies from bed time; undefined: its epoch is unknown. */
const shiftAt = ({ shifts, setBack }: BedMemory, key: string, offset: number): number | undefined =>
  setBack?.[key]?.findLast(({ fromOffset }) => fromOffset <= offset)?.shiftUs ?? shifts[key];

const withStep = (bed: BedMemory, key: string, step: ClockStep): BedMemory => {
  const steps = [...(bed.setBack?.[key] ?? []), step].slice(-STEPS_MAX);
  const known = Object.entries(bed.setBack ?? {}).filter(([other]) => other !== key && other in bed.shifts);
  return { ...bed, setBack: Object.fromEntries([...known, [key, steps]]) };
};

/** Where a frame lies in its partition, and whether the clock of its source was set before it (`sourceClocks`). */
export interface FramePlace {
  readonly offset: bigint;
  readonly isClockSet: boolean;
}

/**
 * Bed time of a frame's device times, and the memory after it: the same object if it taught nothing. An epoch keeps the
 * shift of its first frame, and from a step back on that of the frame that told it, so that a frame read twice is stored at the
 * same moments. A frame that came late says nothing of its clock: if its epoch is unknown, it is taken at its word. So is a
 * laboratory's, which tells nothing of a clock.
 */
export const bedTimeOf = (
  bed: BedMemory,
  frame: Telemetry,
  { offset, isClockSet }: FramePlace,
): readonly [BedMemory, (deviceUs: number) => Moment] => {
  if (isLaboratoryFrame(frame)) return [bed, alignClock(startClocks, frame)[1]];
  const key = epochOf(frame);
  const fromOffset = Number(offset);
  const known = shiftAt(bed, key, fromOffset);
  const isNewStep = isClockSet && !bed.setBack?.[key]?.some((step) => step.fromOffset >= fromOffset);
  if ((known !== undefined && !isNewStep) || frame.retrospective)
    return [bed, (us) => moment(Math.round(us + (known ?? 0)))];
  const shiftUs = alignClock(startClocks, frame)[1](0);
  const toBedTime = (us: number): Moment => moment(Math.round(us + shiftUs));
  if (known !== undefined) return [withStep(bed, key, { fromOffset, shiftUs }), toBedTime];
  const shifts = Object.fromEntries([...Object.entries(bed.shifts), [key, shiftUs]].slice(-EPOCHS_MAX));
  return [{ ...bed, shifts }, toBedTime];
};

/** Hears the clocks of the beds of a partition as analysis does. */
export interface SourceClocks {
  /** Whether the clock of the frame's source was set within its epoch, back or forward, as that of a sender that tells no epochs. */
  readonly hear: (frame: Telemetry) => boolean;
}

/** Nothing was heard yet. What is read again at a start teaches it. */
export const sourceClocks = (): SourceClocks => {
  const beds = new Map<string, ClockAlignment>();
  return {
    hear: (frame) => {
      const clocks = beds.get(frame.bed) ?? startClocks;
      if (frame.retrospective || isLaboratoryFrame(frame) || isRepeated(clocks, frame)) return false;
      const before = clockOf(clocks, frame.source);
      beds.set(frame.bed, alignClock(clocks, frame)[0]);
      return before !== undefined && before.epoch === frame.clockEpoch && !isSameClock(before, frame);
    },
  };
};

/**
 * The number of a device at its bed, and the memory after it: the same object if nothing is new. A new device gets the
 * first free number, else that of the device that was silent longest, if that was an hour; undefined: all are in use.
 */
export const deviceOf = (
  bed: BedMemory,
  source: string,
  appendedAt: Moment,
): readonly [BedMemory, number | undefined] => {
  const devices = bed.devices ?? [];
  const known = devices.findIndex((device) => device?.source === source);
  if (known > VIGIL_DEVICE) {
    if (appendedAt - devices[known]!.heardAt < HEARD_STEP) return [bed, known];
    return [{ ...bed, devices: devices.with(known, { source, heardAt: appendedAt }) }, known];
  }
  let place = Math.max(devices.length, VIGIL_DEVICE + 1);
  if (place >= DEVICES_PER_BED_MAX) {
    place = VIGIL_DEVICE + 1;
    for (let i = place; i < devices.length; i++) if (devices[i]!.heardAt < devices[place]!.heardAt) place = i;
    if (appendedAt - devices[place]!.heardAt < FORGOTTEN_AFTER) return [bed, undefined];
  }
  const after = [...devices];
  if (after.length === 0) after.push(undefined);
  after[place] = { source, heardAt: appendedAt };
  return [{ ...bed, devices: after }, place];
};

/**
 * The points of a frame of `source` with the number of who told each, and the memory after it: a second probe of a monitor is a device of its own,
 * so that neither overwrites the other. `unnumbered`: the probes for which no number is left; their points are not kept.
 */
export const numbered = (
  bed: BedMemory,
  points: readonly NumericPoint[],
  source: string,
  appendedAt: Moment,
): readonly [BedMemory, readonly NumericPoint[], unnumbered: ReadonlySet<string>] => {
  const unnumbered = new Set<string>();
  if (points.every((point) => point.source === source)) return [bed, points, unnumbered];
  let memory = bed;
  const kept: NumericPoint[] = [];
  for (const point of points) {
    let device: number | undefined = point.device;
    if (point.source !== source) [memory, device] = deviceOf(memory, point.source, appendedAt);
    if (device === undefined) unnumbered.add(point.source);
    else kept.push({ ...point, device });
  }
  return [memory, kept, unnumbered];
};
