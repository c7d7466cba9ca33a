import type { Telemetry } from '../../schemas/generated/vigil/v1/telemetry_pb.ts';
import { type Microseconds, type Moment, moment, seconds } from '../../schemas/units.ts';
import { type ClockStep, type DeviceClock, firstReading, readClock } from './device-clock.ts';
import { firstHeard, type HeardSequences, hear } from './sequences.ts';

/** What the gateway remembers of one source at one bed. */
export interface SourceMemory {
  readonly sequences: HeardSequences;
  readonly clock: DeviceClock;
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

const RECENT_MAX = 64;
/** A sender that repeats more than this without anything new repeats nothing: it started anew with old numbers. */
const DUPLICATES_IN_A_ROW_MAX = 256;

const NOTHING_COUNTED: SourceCounts = { frames: 0, lost: 0, duplicates: 0, retrospective: 0, restarts: 0 };

/** A number that was skipped, yet newer by its clock than all that came: the high number before it was a slip, and it goes on from here. */
const goesOnBelow = (memory: SourceMemory, frame: Telemetry): boolean =>
  frame.sequence >= memory.sequences.knownFrom && frame.deviceTimeUs > memory.clock.newest;

/** A number that was heard before: the same frame again, or another frame of a device that started anew? */
const startedAnew = (memory: SourceMemory, frame: Telemetry): boolean => {
  if (memory.duplicatesInARow >= DUPLICATES_IN_A_ROW_MAX) return true;
  if (frame.deviceTimeUs > memory.clock.newest) return true;
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

const restart = (memory: SourceMemory, frame: Telemetry, heardAt: Moment, bounds: AdmissionBounds): Admission => {
  const { clock, step } = readClock(
    memory.clock,
    moment(frame.deviceTimeUs),
    heardAt,
    frame.clockEpoch,
    bounds.lateAfter,
  );
  const first = firstFrame(frame, heardAt, { ...memory.counts, restarts: memory.counts.restarts + 1 });
  return {
    ...first,
    memory: { ...first.memory, clock },
    frame: stamped(frame, heardAt, clock.epoch, false),
    restarted: true,
    step,
  };
};

/** A frame that comes after newer ones: kept, in the order of the log, for the record. */
const late = (memory: SourceMemory, frame: Telemetry, heardAt: Moment, sequences: HeardSequences): Admission => ({
  tag: 'Stored',
  memory: {
    ...memory,
    sequences,
    recent: withHeard(memory.recent, frame),
    duplicatesInARow: 0,
    counts: {
      ...memory.counts,
      frames: memory.counts.frames + 1,
      retrospective: memory.counts.retrospective + 1,
    },
  },
  frame: stamped(frame, heardAt, memory.clock.epoch, true),
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
  const device = moment(frame.deviceTimeUs);
  const { clock, lateness, step } = readClock(memory.clock, device, heardAt, frame.clockEpoch, bounds.lateAfter);
  const retrospective = lateness > bounds.lateAfter;
  const recent = withHeard(memory.recent, frame);
  const { counts } = memory;
  return {
    tag: 'Stored',
    memory: {
      sequences,
      clock,
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
    case 'HeardBefore': {
      if (startedAnew(memory, frame)) return restart(memory, frame, heardAt, bounds);
      const { counts } = memory;
      return {
        tag: 'Duplicate',
        memory: {
          ...memory,
          duplicatesInARow: memory.duplicatesInARow + 1,
          counts: { ...counts, duplicates: counts.duplicates + 1 },
        },
      };
    }
  }
};
