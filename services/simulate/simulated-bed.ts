import { create } from '@bufbuild/protobuf';
import { MDC } from '../../schemas/codes.ts';
import {
  type Assignment,
  AssignmentSchema,
  ClockState,
  type LeadStatus,
  LeadStatusSchema,
  type Sex,
  type Telemetry,
  TelemetrySchema,
  type Waveform,
  WaveformSchema,
} from '../../schemas/generated/vigil/v1/telemetry_pb.ts';
import type { Moment } from '../../schemas/units.ts';
import type { Fold } from '../../stream-models/fold.ts';
import { BEFORE, ECG_HZ, PLETH_HZ } from './beat-shapes.ts';
import { type WardDice, wardDiceFrom } from './dice.ts';
import {
  type Ahead,
  addBeat,
  addFibrillation,
  advanced,
  digitized,
  ECG_GAIN_MV,
  nothingAhead,
  PLETH_GAIN,
  STILL,
  type Wavelet,
} from './ecg-drawing.ts';
import { type EpisodeKind, heartEpisodeAt, type Scenario, sinceEpisode } from './episodes.ts';
import { beatAfter, beatBeforeAll, type HeartBeat, type HeartSettings } from './heart.ts';
import { heartDrive, numericsAt, type VitalSettings } from './vitals.ts';

export interface SimulatedPerson {
  readonly ageYears: number;
  readonly sex: Sex;
  /** Hours in the hospital before the patient came to this bed. */
  readonly hoursBefore: number;
}

/** One simulated bed: what makes it differ from the others, and what befalls it. */
export interface SimulatedBedSettings {
  readonly bed: string;
  readonly source: string;
  readonly patient: string;
  /** What the assignment says of the patient; absent: nothing. */
  readonly person?: SimulatedPerson;
  readonly seed: number;
  /** Device time of the first sample. */
  readonly start: Moment;
  /** Length of a frame, 40 to 1000 ms. */
  readonly frameMs: number;
  /** Height of the R wave in lead II, mV. */
  readonly amplitudeMv: number;
  readonly heart: HeartSettings;
  readonly vital: VitalSettings;
  readonly scenario: Scenario;
}

/** Plain data: it survives a structured clone. */
export interface SimulatedBedMemory {
  /** Frames of time that are over. */
  readonly frames: number;
  readonly sequence: number;
  readonly dice: number;
  readonly ahead: Ahead;
  /** The newest beat that was drawn, and the one after it, which is not drawn yet. */
  readonly next: HeartBeat;
  /** R peaks of the last beats that are over, seconds. */
  readonly recent: readonly HeartBeat[];
  readonly wavelet: Wavelet;
  readonly leadWasOff: boolean;
}

/** What one frame's time brought: the frame (absent while the device is silent) and the truth about its beats. */
export interface SimulatedFrame {
  readonly telemetry: Telemetry | undefined;
  /** Beats whose R peak lies in the frame. */
  readonly beats: readonly HeartBeat[];
}

const RECENT_BEATS = 8;
const HEART_RATE_OLD_S = 4;
const QUIET_NOISE_MV = 0.008;
const NOISY_MV = 0.3;
const WANDER_MV = 0.04;
const NO_SAMPLE_HIGH_BYTE = 0x80;

/** The first sample at or after a frame's beginning: frames need not hold whole numbers of samples. */
const firstSample = (frame: number, frameMs: number, hertz: number): number =>
  Math.ceil((frame * frameMs * hertz) / 1e3);

const measuredRate = (recent: readonly HeartBeat[], atS: number): number | undefined => {
  const last = recent.at(-1);
  const first = recent[0];
  if (last === undefined || first === undefined || recent.length < 3 || atS - last.atS > HEART_RATE_OLD_S)
    return undefined;
  return Math.round((60 * (recent.length - 1)) / (last.atS - first.atS));
};

const waveform = (code: number, unit: string, gain: number, hertz: number, startUs: number, samples: Uint8Array) =>
  create(WaveformSchema, {
    code,
    startUs,
    rateNumerator: hertz,
    rateDenominator: 1,
    gain,
    offset: 0,
    unit,
    samples,
  });

/** Every sample "not there" (-32768). */
const noSamples = (count: number): Uint8Array => {
  const bytes = new Uint8Array(2 * count);
  for (let i = 1; i < bytes.length; i += 2) bytes[i] = NO_SAMPLE_HIGH_BYTE;
  return bytes;
};

const fibrillation: Partial<Record<EpisodeKind, { readonly rms: number; readonly hertz: (atS: number) => number }>> = {
  vf: { rms: 0.36, hertz: (atS) => 5.5 + 1.2 * Math.sin(2 * Math.PI * 0.13 * atS) },
  af: { rms: 0.035, hertz: () => 6.2 },
};

interface Stretch {
  readonly fromS: number;
  readonly ecgFirst: number;
  readonly ecgCount: number;
  readonly plethFirst: number;
  readonly plethCount: number;
}

const stretchOf = (frame: number, frameMs: number): Stretch => {
  const ecgFirst = firstSample(frame, frameMs, ECG_HZ);
  const plethFirst = firstSample(frame, frameMs, PLETH_HZ);
  return {
    fromS: (frame * frameMs) / 1e3,
    ecgFirst,
    ecgCount: firstSample(frame + 1, frameMs, ECG_HZ) - ecgFirst,
    plethFirst,
    plethCount: firstSample(frame + 1, frameMs, PLETH_HZ) - plethFirst,
  };
};

const wavesOf = (settings: SimulatedBedSettings, stretch: Stretch, ahead: Ahead, dice: WardDice): Waveform[] => {
  const { scenario, start, vital } = settings;
  const noisy = sinceEpisode(scenario, 'noise', stretch.fromS) !== undefined;
  const noise = noisy ? NOISY_MV : QUIET_NOISE_MV;
  const wanderMv = noisy ? 10 * WANDER_MV : WANDER_MV;
  const breath = (2 * Math.PI * vital.breathsPerMin) / 60;
  const wander = (sample: number): number =>
    wanderMv * Math.sin(breath * ((stretch.ecgFirst + sample) / ECG_HZ + 7 * vital.phase));
  const ecgStart = start + (stretch.ecgFirst * 1e6) / ECG_HZ;
  const ii = digitized(ahead.ii, stretch.ecgCount, ECG_GAIN_MV, noise, wander, dice);
  const v1 = digitized(ahead.v1, stretch.ecgCount, ECG_GAIN_MV, noise, wander, dice);
  const pleth = digitized(ahead.pleth, stretch.plethCount, PLETH_GAIN, 0.003, () => 0, dice);
  const leadOff = sinceEpisode(scenario, 'lead-off', stretch.fromS) !== undefined;
  return [
    waveform(MDC.ecgII, 'mV', ECG_GAIN_MV, ECG_HZ, ecgStart, leadOff ? noSamples(stretch.ecgCount) : ii),
    waveform(MDC.ecgII + 1, 'mV', ECG_GAIN_MV, ECG_HZ, ecgStart, v1),
    waveform(MDC.pleth, '1', PLETH_GAIN, PLETH_HZ, start + (stretch.plethFirst * 1e6) / PLETH_HZ, pleth),
  ];
};

/** Draws every beat whose shape begins before the frame ends. */
const drawBeats = (
  settings: SimulatedBedSettings,
  memory: SimulatedBedMemory,
  stretch: Stretch,
  ahead: Ahead,
  dice: WardDice,
) => {
  const drawn: HeartBeat[] = [];
  const end = stretch.ecgFirst + stretch.ecgCount;
  let next = memory.next;
  while (Math.round(next.atS * ECG_HZ) - BEFORE < end) {
    addBeat(ahead, next, stretch.ecgFirst, stretch.plethFirst, settings.amplitudeMv);
    drawn.push(next);
    next = beatAfter(next, settings.heart, settings.scenario, heartDrive(settings.scenario, next.atS), dice);
  }
  return { drawn, next };
};

const copied = (ahead: Ahead): Ahead => ({
  ii: ahead.ii.slice(),
  v1: ahead.v1.slice(),
  pleth: ahead.pleth.slice(),
});

const leadChanges = (isOff: boolean, wasOff: boolean): LeadStatus[] =>
  isOff === wasOff ? [] : [create(LeadStatusSchema, { code: MDC.ecgII, off: isOff })];

const assignmentOf = ({ patient, person, start }: SimulatedBedSettings): Assignment => {
  const assignment = create(AssignmentSchema, { patient, fromUs: start, population: 'adult' });
  if (person === undefined) return assignment;
  const { ageYears, sex, hoursBefore } = person;
  return Object.assign(assignment, { ageYears, sex, hospitalFromUs: start - hoursBefore * 3_600e6 });
};

/** One frame's time of one bed. */
const oneFrame = (
  settings: SimulatedBedSettings,
  memory: SimulatedBedMemory,
): readonly [SimulatedBedMemory, SimulatedFrame] => {
  const { frameMs, scenario, start, vital } = settings;
  const dice = wardDiceFrom(memory.dice);
  const stretch = stretchOf(memory.frames, frameMs);
  const untilS = stretch.fromS + frameMs / 1e3;
  const ahead = copied(memory.ahead);
  const { drawn, next } = drawBeats(settings, memory, stretch, ahead, dice);
  const fluttering = fibrillation[heartEpisodeAt(scenario, stretch.fromS)?.kind ?? 'pause'];
  const wavelet = fluttering
    ? addFibrillation(ahead, stretch.ecgCount, memory.wavelet, fluttering.hertz(stretch.fromS), fluttering.rms, dice)
    : STILL;
  const waveforms = wavesOf(settings, stretch, ahead, dice);
  const known = drawn.length === 0 ? memory.recent : [...memory.recent, ...drawn];
  const over = known.filter((beat) => beat.atS < untilS);
  const leadIsOff = sinceEpisode(scenario, 'lead-off', stretch.fromS) !== undefined;
  const silent = sinceEpisode(scenario, 'silent', stretch.fromS) !== undefined;
  const second = Math.floor(untilS);
  const numerics =
    !silent && second > Math.floor(stretch.fromS)
      ? numericsAt(second, start + second * 1e6, vital, scenario, measuredRate(over.slice(-RECENT_BEATS), untilS))
      : [];
  const telemetry = silent
    ? undefined
    : create(TelemetrySchema, {
        bed: settings.bed,
        source: settings.source,
        sequence: memory.sequence,
        deviceTimeUs: start + (memory.frames + 1) * frameMs * 1e3,
        clockState: ClockState.SYNCHRONISED,
        waveforms,
        numerics,
        leads: leadChanges(leadIsOff, memory.leadWasOff),
      });
  if (telemetry && memory.frames === 0) telemetry.assignment = assignmentOf(settings);
  const after: SimulatedBedMemory = {
    frames: memory.frames + 1,
    sequence: silent ? memory.sequence : (memory.sequence + 1) >>> 0,
    dice: dice.state(),
    ahead: advanced(ahead, stretch.ecgCount, stretch.plethCount),
    next,
    recent: known.slice(-RECENT_BEATS - 2),
    wavelet,
    leadWasOff: silent ? memory.leadWasOff : leadIsOff,
  };
  return [after, { telemetry, beats: over.filter((beat) => beat.atS >= stretch.fromS) }];
};

/**
 * A bed as a fold over time: each step answers the frames that are whole by then. The same settings give the same frames,
 * whatever the steps. No clock and no chance of its own.
 */
export const simulatedBed = (
  settings: SimulatedBedSettings,
  firstSequence = 1,
): Fold<SimulatedBedMemory, Moment, SimulatedFrame> => ({
  start: {
    frames: 0,
    sequence: firstSequence,
    dice: settings.seed,
    ahead: nothingAhead(),
    next: beatAfter(
      beatBeforeAll(settings.heart),
      settings.heart,
      settings.scenario,
      0,
      wardDiceFrom(settings.seed ^ 1),
    ),
    recent: [],
    wavelet: STILL,
    leadWasOff: false,
  },
  step: (before, now) => {
    const due = Math.floor((now - settings.start) / (settings.frameMs * 1e3));
    const frames: SimulatedFrame[] = [];
    let memory = before;
    while (memory.frames < due) {
      const [after, frame] = oneFrame(settings, memory);
      memory = after;
      frames.push(frame);
    }
    return [memory, frames];
  },
});
