import { encodeTelemetry } from '../../schemas/telemetry.ts';
import { type Moment, moment } from '../../schemas/units.ts';
import { type FrameSender, makeFrameSender, type SenderCounts, type SenderNotice } from '../sender/frame-sender.ts';
import { seedFor } from './dice.ts';
import { type FaultMemory, type Faults, faultyLine, NO_FAULTS } from './faults.ts';
import { type SimulatedLaboratoryMemory, simulatedLaboratory } from './laboratory.ts';
import { type SimulatedBedMemory, type SimulatedBedSettings, simulatedBed } from './simulated-bed.ts';
import { laboratoryOf, simulatedWard } from './ward.ts';

export interface PlayWardOptions {
  readonly beds: number;
  /** Of the Vigil, for example "ws://127.0.0.1:8420". */
  readonly url: string;
  readonly token?: string;
  readonly seed?: number;
  readonly frameMs?: number;
  /** Bed seconds per second of life. Other than 1 the devices' clocks run fast or slow, and Vigil sees steps in them. */
  readonly speed?: number;
  readonly faults?: Faults;
  readonly bedPrefix?: string;
  /** False: nothing befalls anybody. */
  readonly episodes?: boolean;
  readonly now?: () => Moment;
  readonly onNotice?: (notice: SenderNotice) => void;
}

export interface PlayingWard {
  readonly beds: readonly string[];
  readonly counts: () => SenderCounts;
  /** Stops playing, waits until what was played is acknowledged (at most `waitMs`), and hangs up. */
  readonly stop: (waitMs?: number) => Promise<void>;
}

const FRAME_MS_USUAL = 250;
const SEED_USUAL = 1;
const TICK_MS = 25;
/** Beds that share one line to Vigil. */
const BEDS_PER_LINE = 100;
/** The machine slept: what was missed is not made up, the ward begins anew. */
const ASLEEP_US = 10e6;
const STOP_WAIT_MS = 3_000;

interface PlayedBed {
  readonly settings: SimulatedBedSettings;
  readonly step: ReturnType<typeof simulatedBed>['step'];
  readonly line: ReturnType<typeof faultyLine>['step'];
  readonly sender: FrameSender;
  readonly laboratory: ReturnType<typeof simulatedLaboratory>['step'];
  memory: SimulatedBedMemory;
  faults: FaultMemory;
  results: SimulatedLaboratoryMemory;
}

const total = (counts: readonly SenderCounts[]): SenderCounts =>
  counts.reduce((sum, each) => ({
    sent: sum.sent + each.sent,
    acknowledged: sum.acknowledged + each.acknowledged,
    refused: sum.refused + each.refused,
    lost: sum.lost + each.lost,
    connections: sum.connections + each.connections,
    waiting: sum.waiting + each.waiting,
  }));

/** Numbers go on growing when a simulator is started again: they count frames since 1970. */
const firstSequence = (start: Moment, frameMs: number): number => Math.floor(start / (frameMs * 1e3)) >>> 0;

/** So do those of the laboratory, which tells less than one report a second. */
const firstReport = (start: Moment): number => Math.floor(start / 1e6) >>> 0;

const openWard = (options: PlayWardOptions, senders: readonly FrameSender[], start: Moment): PlayedBed[] => {
  const seed = options.seed ?? SEED_USUAL;
  const frameMs = options.frameMs ?? FRAME_MS_USUAL;
  const { beds, bedPrefix, episodes } = options;
  const ward = simulatedWard({
    ...{ beds, seed, start, frameMs },
    ...(bedPrefix === undefined ? {} : { bedPrefix }),
    ...(episodes === undefined ? {} : { episodes }),
  });
  return ward.map((settings, n) => {
    const bed = simulatedBed(settings, firstSequence(start, frameMs));
    const laboratory = simulatedLaboratory(laboratoryOf(settings), firstReport(start));
    const line = faultyLine(options.faults ?? NO_FAULTS, seedFor(seed, 100_000 + n));
    return {
      settings,
      step: bed.step,
      line: line.step,
      sender: senders[n % senders.length]!,
      laboratory: laboratory.step,
      memory: bed.start,
      faults: line.start,
      results: laboratory.start,
    };
  });
};

const playBed = (bed: PlayedBed, now: Moment): void => {
  const dueUs = bed.settings.start + (bed.memory.frames + 1) * bed.settings.frameMs * 1e3;
  if (now < dueUs) return;
  const [memory, frames] = bed.step(bed.memory, now);
  bed.memory = memory;
  for (const { telemetry } of frames) {
    if (telemetry === undefined) continue;
    const [faults, told] = bed.line(bed.faults, telemetry);
    bed.faults = faults;
    for (const frame of told) bed.sender.send(encodeTelemetry(frame));
  }
};

/** A line of its own: what goes wrong between monitors and Vigil is none of the laboratory's. */
const playLaboratory = (bed: PlayedBed, now: Moment): void => {
  const [results, reports] = bed.laboratory(bed.results, now);
  bed.results = results;
  for (const report of reports) bed.sender.send(encodeTelemetry(report));
};

/** Plays a synthetic ward into a running Vigil through its public gateway, frame by frame as they fall due. */
export const playWard = (options: PlayWardOptions): PlayingWard => {
  const now = options.now ?? ((): Moment => moment(Math.round((performance.timeOrigin + performance.now()) * 1e3)));
  const speed = options.speed ?? 1;
  const lines = Math.max(1, Math.ceil(options.beds / BEDS_PER_LINE));
  const senders = Array.from({ length: lines }, () => makeFrameSender(options));
  let began = now();
  let ticked = began;
  let beds = openWard(options, senders, began);
  const tick = (): void => {
    const at = now();
    if (at - ticked > ASLEEP_US) {
      began = at;
      beds = openWard(options, senders, began);
    }
    ticked = at;
    const deviceTime = moment(began + (at - began) * speed);
    for (const bed of beds) {
      playBed(bed, deviceTime);
      playLaboratory(bed, deviceTime);
    }
  };
  const timer = setInterval(tick, TICK_MS);
  return {
    beds: beds.map(({ settings }) => settings.bed),
    counts: () => total(senders.map((sender) => sender.counts())),
    stop: async (waitMs = STOP_WAIT_MS) => {
      clearInterval(timer);
      const { promise: waited, resolve } = Promise.withResolvers<void>();
      const patience = setTimeout(resolve, waitMs);
      await Promise.race([Promise.all(senders.map((sender) => sender.settled())), waited]);
      clearTimeout(patience);
      for (const sender of senders) sender.close();
    },
  };
};
