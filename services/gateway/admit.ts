import type { Telemetry } from '../../schemas/generated/vigil/v1/telemetry_pb.ts';
import { type Rejection, rejection } from '../../schemas/rejection.ts';
import { isLaboratoryFrame } from '../../schemas/telemetry.ts';
import { type Microseconds, type Moment, microseconds, moment, seconds } from '../../schemas/units.ts';
import { type ClockReading, type ClockStep, type DeviceClock, firstReading, readClock } from './device-clock.ts';
import { firstHeard, type HeardSequences, hear } from './sequences.ts';

/** What the gateway remembers of one source at one bed. */
export interface SourceMemory {
  readonly sequences: HeardSequences;
  /** undefined: it has said laboratory values only, whose device times are no clock. */
  readonly clock: DeviceClock | undefined;
  /** When the newest frame of it came in. */
  readonly heardAt: Moment;
  /** The highest numbers, ascending, with their device times: a frame sent twice is not a device that started anew. */
  readonly recent: readonly Heard[];
  readonly duplicatesInARow: number;
  readonly lateness: Microseconds;
  readonly counts: SourceCounts;
}

interface Heard {
  readonly sequence: number;
  readonly deviceTimeUs: number;
}

export interface SourceCounts {
  readonly frames: number;
  readonly lost: number;
  readonly duplicates: number;
  readonly retrospective: number;
  readonly restarts: number;
}

export type Admission =
  /** Goes to the log; `retrospective` inside the frame says whether it may ring. */
  | {
      readonly tag: 'Stored';
      readonly memory: SourceMemory;
      readonly frame: Telemetry;
      readonly lost: number;
      readonly restarted: boolean;
      readonly step: ClockStep | undefined;
    }
  /** Stored before; acknowledged again, not stored again. */
  | { readonly tag: 'Duplicate'; readonly memory: SourceMemory };

export interface AdmissionBounds {
  /** A frame later than this is kept for the record and rings nobody. */
  readonly lateAfter: Microseconds;
}

export const ADMISSION_BOUNDS_USUAL: AdmissionBounds = { lateAfter: seconds(60) };

/**
 * Why a frame's number cannot be meant. One that is left out reads as 0: each frame would be of a device that counts anew, so that none was
 * ever lost, late or sent twice, and what a device kept while its line was down would ring as of now.
 */
export const sequenceFault = (memory: SourceMemory | undefined, frame: Telemetry): Rejection | undefined => {
  const isZeroAgain = frame.sequence === 0 && memory?.sequences.newest === 0;
  if (!isZeroAgain || memory.recent.at(-1)?.deviceTimeUs === frame.deviceTimeUs) return undefined;
  return rejection(
    'missing-field',
    'sequence',
    'sequence is 0, as in the frame before; every frame needs it, counting up by one per frame, source and bed',
  );
};

const RECENT_MAX = 64;
/** A sender that repeats more than this without anything new repeats nothing: it started anew with old numbers. */
const DUPLICATES_IN_A_ROW_MAX = 256;

const NOTHING_COUNTED: SourceCounts = { frames: 0, lost: 0, duplicates: 0, retrospective: 0, restarts: 0 };

/** A number that was skipped, yet newer by its clock than all that came: the high number before it was a slip, and it goes on from here. */
const goesOnBelow = (memory: SourceMemory, frame: Telemetry): boolean =>
  memory.clock !== undefined &&
  frame.sequence >= memory.sequences.knownFrom &&
  frame.deviceTimeUs > memory.clock.newest;

/** A number that was heard before: the same frame again, or another frame of a device that started anew? */
const startedAnew = (memory: SourceMemory, frame: Telemetry): boolean => {
  if (memory.duplicatesInARow >= DUPLICATES_IN_A_ROW_MAX) return true;
  if (memory.clock !== undefined && !isLaboratoryFrame(frame) && frame.deviceTimeUs > memory.clock.newest) return true;
  const remembered = memory.recent.find(({ sequence }) => sequence === frame.sequence);
  if (remembered !== undefined) return remembered.deviceTimeUs !== frame.deviceTimeUs;
  // Not among the newest, so the frame must be older than they are.
  const oldest = memory.recent[0];
  return oldest !== undefined && frame.deviceTimeUs > oldest.deviceTimeUs;
};

const withHeard = (recent: readonly Heard[], { sequence, deviceTimeUs }: Telemetry): readonly Heard[] => {
  const before = recent.findLastIndex((one) => one.sequence < sequence) + 1;
  return recent.toSpliced(before, 0, { sequence, deviceTimeUs }).slice(-RECENT_MAX);
};

const stamped = (frame: Telemetry, heardAt: Moment, clockEpoch: number, retrospective: boolean): Telemetry => ({
  ...frame,
  gatewayTimeUs: heardAt,
  clockEpoch,
  retrospective,
});

const firstFrame = (frame: Telemetry, heardAt: Moment, counts: SourceCounts): Extract<Admission, { tag: 'Stored' }> => {
  const clock = firstReading(moment(frame.deviceTimeUs), heardAt, frame.clockEpoch);
  return {
    tag: 'Stored',
    memory: {
      sequences: firstHeard(frame.sequence),
      clock,
      heardAt,
      recent: [{ sequence: frame.sequence, deviceTimeUs: frame.deviceTimeUs }],
      duplicatesInARow: 0,
      lateness: 0 as Microseconds,
      counts: { ...counts, frames: counts.frames + 1 },
    },
    frame: stamped(frame, heardAt, clock.epoch, false),
    lost: 0,
    restarted: false,
    step: undefined,
  };
};

const readingOf = (
  { clock }: SourceMemory,
  frame: Telemetry,
  heardAt: Moment,
  bounds: AdmissionBounds,
): ClockReading => {
  const device = moment(frame.deviceTimeUs);
  if (clock !== undefined) return readClock(clock, device, heardAt, frame.clockEpoch, bounds.lateAfter);
  return { clock: firstReading(device, heardAt, frame.clockEpoch), lateness: microseconds(0), step: undefined };
};

const restart = (memory: SourceMemory, frame: Telemetry, heardAt: Moment, bounds: AdmissionBounds): Admission => {
  const { clock, step } = readingOf(memory, frame, heardAt, bounds);
  const first = firstFrame(frame, heardAt, { ...memory.counts, restarts: memory.counts.restarts + 1 });
  return {
    ...first,
    memory: { ...first.memory, clock },
    frame: stamped(frame, heardAt, clock.epoch, false),
    restarted: true,
    step,
  };
};

const duplicate = (memory: SourceMemory): Admission => ({
  tag: 'Duplicate',
  memory: {
    ...memory,
    duplicatesInARow: memory.duplicatesInARow + 1,
    counts: { ...memory.counts, duplicates: memory.counts.duplicates + 1 },
  },
});

/** A frame that comes after newer ones: kept, in the order of the log, for the record. */
const late = (memory: SourceMemory, frame: Telemetry, heardAt: Moment, sequences: HeardSequences): Admission => ({
  tag: 'Stored',
  memory: {
    ...memory,
    sequences,
    heardAt,
    recent: withHeard(memory.recent, frame),
    duplicatesInARow: 0,
    counts: {
      ...memory.counts,
      frames: memory.counts.frames + 1,
      retrospective: memory.counts.retrospective + 1,
    },
  },
  frame: stamped(frame, heardAt, memory.clock?.epoch ?? frame.clockEpoch, true),
  lost: 0,
  restarted: false,
  step: undefined,
});

const next = (
  memory: SourceMemory,
  frame: Telemetry,
  heardAt: Moment,
  bounds: AdmissionBounds,
  sequences: HeardSequences,
  lost: number,
): Admission => {
  const { clock, lateness, step } = readingOf(memory, frame, heardAt, bounds);
  const retrospective = lateness > bounds.lateAfter;
  const recent = withHeard(memory.recent, frame);
  const { counts } = memory;
  return {
    tag: 'Stored',
    memory: {
      sequences,
      clock,
      heardAt,
      // After a step the times of before say nothing about the times of now.
      recent: step === undefined ? recent : recent.slice(-1),
      duplicatesInARow: 0,
      lateness,
      counts: {
        ...counts,
        frames: counts.frames + 1,
        lost: counts.lost + lost,
        retrospective: counts.retrospective + (retrospective ? 1 : 0),
      },
    },
    frame: stamped(frame, heardAt, clock.epoch, retrospective),
    lost,
    restarted: false,
    step,
  };
};

const ofLaboratory = (
  memory: SourceMemory | undefined,
  frame: Telemetry,
  heardAt: Moment,
  sequences: HeardSequences,
  { lost, restarted }: { readonly lost: number; readonly restarted: boolean },
): Admission => {
  const counts = memory?.counts ?? NOTHING_COUNTED;
  const recent = restarted ? [] : (memory?.recent ?? []);
  return {
    tag: 'Stored',
    memory: {
      ...{ sequences, clock: memory?.clock, heardAt, recent: withHeard(recent, frame), duplicatesInARow: 0 },
      lateness: memory?.lateness ?? microseconds(0),
      counts: {
        ...counts,
        frames: counts.frames + 1,
        lost: counts.lost + lost,
        restarts: counts.restarts + (restarted ? 1 : 0),
      },
    },
    frame: stamped(frame, heardAt, memory?.clock?.epoch ?? frame.clockEpoch, false),
    ...{ lost, restarted, step: undefined },
  };
};

/** A laboratory speaks of specimens of hours ago, in any order: it is never too late, and its times step no clock. */
const admitLaboratory = (memory: SourceMemory | undefined, frame: Telemetry, heardAt: Moment): Admission => {
  const first = firstHeard(frame.sequence);
  if (memory === undefined) return ofLaboratory(memory, frame, heardAt, first, { lost: 0, restarted: false });
  const hearing = hear(memory.sequences, frame.sequence);
  if (hearing.tag !== 'HeardBefore') {
    const lost = hearing.tag === 'Next' ? hearing.lost : 0;
    return ofLaboratory(memory, frame, heardAt, hearing.after, { lost, restarted: false });
  }
  return startedAnew(memory, frame)
    ? ofLaboratory(memory, frame, heardAt, first, { lost: 0, restarted: true })
    : duplicate(memory);
};

/**
 * Admits one frame: stamps it with the gateway's time and its clock epoch, notices losses and repeats, and decides
 * whether it came too late to ring. Pure: `heardAt` is the gateway's clock when the frame came in.
 */
export const admit = (
  memory: SourceMemory | undefined,
  frame: Telemetry,
  heardAt: Moment,
  bounds: AdmissionBounds,
): Admission => {
  if (isLaboratoryFrame(frame)) return admitLaboratory(memory, frame, heardAt);
  if (memory === undefined) return firstFrame(frame, heardAt, NOTHING_COUNTED);
  const hearing = hear(memory.sequences, frame.sequence);
  switch (hearing.tag) {
    case 'Next':
      return next(memory, frame, heardAt, bounds, hearing.after, hearing.lost);
    case 'Late':
      // From before everything known, yet newer by its clock: the device counts from the beginning again.
      return goesOnBelow(memory, frame) || (frame.sequence < memory.sequences.knownFrom && startedAnew(memory, frame))
        ? restart(memory, frame, heardAt, bounds)
        : late(memory, frame, heardAt, hearing.after);
    case 'HeardBefore':
      return startedAnew(memory, frame) ? restart(memory, frame, heardAt, bounds) : duplicate(memory);
  }
};
