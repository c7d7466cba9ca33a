import type { Telemetry } from '../../schemas/generated/vigil/v1/telemetry_pb.ts';
import { type Rejection, rejection } from '../../schemas/rejection.ts';
import { isLaboratoryFrame } from '../../schemas/telemetry.ts';
import { type Microseconds, type Moment, microseconds, moment, seconds } from '../../schemas/units.ts';
import { type ClockReading, type ClockStep, type DeviceClock, firstReading, readClock } from './device-clock.ts';
import { firstHeard, type HeardSequences, type Hearing, hear } from './sequences.ts';

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

/** A frame, and the gateway's clock when it came in. */
interface Arrival {
  readonly frame: Telemetry;
  readonly heardAt: Moment;
}

type Stored = Extract<Admission, { readonly tag: 'Stored' }>;

/** What is new of a stored frame beside its being there. */
type Noticed = Partial<Pick<Stored, 'lost' | 'restarted' | 'step'>> & { readonly retrospective?: boolean };

/** Stamps a frame with the gateway's time and the epoch of its source's clock, and counts it. `memory`: after it, but for the counts. */
const stored = (frame: Telemetry, memory: SourceMemory, noticed: Noticed): Stored => {
  const { lost = 0, restarted = false, step, retrospective = false } = noticed;
  const { clock, heardAt, counts } = memory;
  return {
    tag: 'Stored',
    memory: {
      ...memory,
      duplicatesInARow: 0,
      counts: {
        frames: counts.frames + 1,
        lost: counts.lost + lost,
        duplicates: counts.duplicates,
        retrospective: counts.retrospective + (retrospective ? 1 : 0),
        restarts: counts.restarts + (restarted ? 1 : 0),
      },
    },
    frame: { ...frame, gatewayTimeUs: heardAt, clockEpoch: clock?.epoch ?? frame.clockEpoch, retrospective },
    ...{ lost, restarted, step },
  };
};

/** What is remembered of a source whose first number this is. */
const firstMemory = ({ frame, heardAt }: Arrival, clock: DeviceClock | undefined): SourceMemory => ({
  sequences: firstHeard(frame.sequence),
  clock,
  heardAt,
  recent: withHeard([], frame),
  duplicatesInARow: 0,
  lateness: microseconds(0),
  counts: NOTHING_COUNTED,
});

const firstClock = ({ frame, heardAt }: Arrival): DeviceClock =>
  firstReading(moment(frame.deviceTimeUs), heardAt, frame.clockEpoch);

const readingOf = ({ clock }: SourceMemory, arrival: Arrival, { lateAfter }: AdmissionBounds): ClockReading => {
  if (clock === undefined)
    return { clock: firstClock(arrival), lateness: microseconds(0), isLate: false, step: undefined };
  const { frame, heardAt } = arrival;
  return readClock(clock, moment(frame.deviceTimeUs), heardAt, frame.clockEpoch, lateAfter);
};

const restart = (memory: SourceMemory, arrival: Arrival, bounds: AdmissionBounds): Admission => {
  // What it kept while its line was down it may number anew: it is as late as before.
  const { clock, lateness, isLate: retrospective, step } = readingOf(memory, arrival, bounds);
  const { counts } = memory;
  const anew = { ...firstMemory(arrival, clock), counts, lateness };
  return stored(arrival.frame, anew, { restarted: true, step, retrospective });
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
const late = (memory: SourceMemory, { frame, heardAt }: Arrival, sequences: HeardSequences): Admission => {
  const recent = withHeard(memory.recent, frame);
  return stored(frame, { ...memory, sequences, heardAt, recent }, { retrospective: true });
};

const next = (
  memory: SourceMemory,
  arrival: Arrival,
  bounds: AdmissionBounds,
  { after: sequences, lost }: Extract<Hearing, { readonly tag: 'Next' }>,
): Admission => {
  const { frame, heardAt } = arrival;
  const { clock, lateness, isLate: retrospective, step } = readingOf(memory, arrival, bounds);
  const heard = withHeard(memory.recent, frame);
  // After a step the times of before say nothing about the times of now.
  const recent = step === undefined ? heard : heard.slice(-1);
  return stored(frame, { ...memory, sequences, clock, heardAt, recent, lateness }, { retrospective, lost, step });
};

/** A laboratory speaks of specimens of hours ago, in any order: it is never too late, and its times step no clock. */
const admitLaboratory = (memory: SourceMemory | undefined, arrival: Arrival): Admission => {
  const { frame, heardAt } = arrival;
  if (memory === undefined) return stored(frame, firstMemory(arrival, undefined), {});
  const hearing = hear(memory.sequences, frame.sequence);
  if (hearing.tag !== 'HeardBefore') {
    const recent = withHeard(memory.recent, frame);
    const lost = hearing.tag === 'Next' ? hearing.lost : 0;
    return stored(frame, { ...memory, sequences: hearing.after, heardAt, recent }, { lost });
  }
  if (!startedAnew(memory, frame)) return duplicate(memory);
  const { clock, lateness, counts } = memory;
  return stored(frame, { ...firstMemory(arrival, clock), lateness, counts }, { restarted: true });
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
  const arrival = { frame, heardAt };
  if (isLaboratoryFrame(frame)) return admitLaboratory(memory, arrival);
  if (memory === undefined) return stored(frame, firstMemory(arrival, firstClock(arrival)), {});
  const hearing = hear(memory.sequences, frame.sequence);
  switch (hearing.tag) {
    case 'Next':
      return next(memory, arrival, bounds, hearing);
    case 'Late':
      // From before everything known, yet newer by its clock: the device counts from the beginning again.
      return goesOnBelow(memory, frame) || (frame.sequence < memory.sequences.knownFrom && startedAnew(memory, frame))
        ? restart(memory, arrival, bounds)
        : late(memory, arrival, hearing.after);
    case 'HeardBefore':
      return startedAnew(memory, frame) ? restart(memory, arrival, bounds) : duplicate(memory);
  }
};
