/**
 * The first step of analysis: one bed's frames become sightings in the order in which they could be said, and beats that
 * wait for the network. Which frame carried a sample makes no difference: the bed's clock is the ECG's own progress
 * (a quarter-second grid), or the ends of frames while there is no ECG.
 */
import { inUsualUnit, signalOf } from '../../schemas/codes.ts';
import type { Telemetry } from '../../schemas/generated/vigil/v1/telemetry_pb.ts';
import { isLaboratory } from '../../schemas/laboratory.ts';
import { isLaboratoryFrame } from '../../schemas/telemetry.ts';
import { type Moment, moment } from '../../schemas/units.ts';
import { type BeatInputMemory, beatInput } from '../beats/beat-input.ts';
import { type RecentWaves, rememberWaves, startRecentWaves } from '../corroboration/recent-waves.ts';
import { type EcgMemory, hearEcg, startEcg } from '../ecg/hear-ecg.ts';
import type { BeatSeen, EcgProgress, EcgSighting } from '../ecg/sighting.ts';
import { alignClock, type ClockAlignment, isRepeated, startClocks } from './clock-alignment.ts';
import { type AlertSeen, alertsAfter, type PresentAlert } from './device-alerts.ts';
import { ecgChunkOf, wavesAsTheyCame, wavesInTime } from './frame-waves.ts';
import { leadsOffAfter } from './leads-off.ts';
import { contestNews, hearClaims, noClaims, type PatientClaims, type PatientContested } from './patient-claims.ts';
import { assignmentOf, describedAnew, type Told, UNDESCRIBED } from './patient-told.ts';
import { goesBack, setBack } from './set-back.ts';
import type {
  AssignmentSeen,
  LaboratorySeen,
  LeadSeen,
  NumericSeen,
  PatientDescribed,
  Sighting,
  UnmappedSeen,
} from './sighting.ts';

/** What comes out of observing: sightings, and in between what only the network or the record needs. */
export type Observed =
  | Exclude<Sighting, { readonly tag: 'ClassifiedBeat' | 'RhythmJudged' }>
  | AlertSeen
  | PatientContested
  | WavesHeard
  /** A beat and the input that the network shall judge it by. */
  | { readonly tag: 'BeatToClassify'; readonly beat: BeatSeen; readonly x: Float32Array }
  /** The network's state of this bed begins anew before the next beat. */
  | { readonly tag: 'StateReset'; readonly at: Moment; readonly said: Moment; readonly why: string }
  | UnmappedSeen;

/** A frame brought waves; comes before all that is seen in them. What an alarm of Vigil's own is judged by. */
export interface WavesHeard {
  readonly tag: 'WavesHeard';
  readonly recent: RecentWaves;
  readonly leadsOff: readonly number[];
}

export type Waiting = NumericSeen | LaboratorySeen | LeadSeen | AssignmentSeen | PatientDescribed | UnmappedSeen;

export interface ObserveMemory {
  readonly clocks: ClockAlignment;
  readonly ecg: EcgMemory;
  readonly beats: BeatInputMemory;
  /** How far the bed has been heard; undefined before its first frame. */
  readonly heard: Moment | undefined;
  /** Newest moment at which ECG was heard: while it is recent, it alone moves the clock. */
  readonly ecgHeard: Moment | undefined;
  /** The source whose ECG is listened to. Two devices' leads are never mixed. */
  readonly ecgSource: string | undefined;
  readonly leadsOff: readonly number[];
  readonly patient: string | undefined;
  readonly claims: PatientClaims;
  /** It was said that two patients are named. */
  readonly isContested: boolean;
  /** What was told of the patient. */
  readonly described: Told;
  /** As it was said last of the patient; undefined: not yet. */
  readonly population?: AssignmentSeen['population'] | undefined;
  /** Said of the frames, but after how far the ECG has been heard. Bounded by WAITING_MAX. */
  readonly waiting: readonly Waiting[];
  readonly unmapped: readonly number[];
  /** What an alarm of the monitor would be judged by, and the alarms that it says are present. */
  readonly recent: RecentWaves;
  readonly alerts: readonly PresentAlert[];
}

export const startObserving: ObserveMemory = {
  clocks: startClocks,
  ecg: startEcg,
  beats: beatInput.start,
  heard: undefined,
  ecgHeard: undefined,
  ecgSource: undefined,
  leadsOff: [],
  patient: undefined,
  claims: noClaims,
  isContested: false,
  described: UNDESCRIBED,
  waiting: [],
  unmapped: [],
  recent: startRecentWaves,
  alerts: [],
};

const WAITING_MAX = 1_024;
const UNMAPPED_MAX = 64;
/** ECG that has not been heard for so long no longer moves the bed's clock, and another source may take over. */
const ECG_QUIET_US = 2_000_000;
const SECOND_US = 1_000_000;
/** After a hole longer than this only its last seconds pass one by one: all delays have run out by then. */
const SECONDS_PER_HOLE_MAX = 30;

/** When Vigil was told what a frame says. */
const toldAt = ({ gatewayTimeUs, deviceTimeUs }: Telemetry, toBedTime: (us: number) => Moment): Moment =>
  gatewayTimeUs > 0 ? moment(gatewayTimeUs) : toBedTime(deviceTimeUs);

const numericsOf = (frame: Telemetry, toBedTime: (us: number) => Moment): Waiting[] =>
  frame.numerics.flatMap((numeric): Waiting[] => {
    const at = toBedTime(numeric.atUs);
    const { code, unit, reading } = numeric;
    const signal = signalOf(code);
    if (signal === undefined) return [{ tag: 'UnmappedSeen', at, said: at, code, unit }];
    const value = reading.case === 'value' ? inUsualUnit(code, reading.value, unit) : undefined;
    const missing = reading.case === 'missing' ? reading.value : undefined;
    const { source } = frame;
    if (!isLaboratory(code))
      return [{ tag: 'NumericSeen', at, said: at, code, unit: signal.ucum, value, missing, source }];
    const told = toldAt(frame, toBedTime);
    if (value === undefined) return [];
    // No specimen is of later than what was told of it.
    const taken = moment(Math.min(at, told));
    return [{ tag: 'LaboratorySeen', at: taken, said: taken, told, code, value }];
  });

const leadsOf = (frame: Telemetry, at: Moment): Waiting[] =>
  frame.leads.map(({ code, off }) => ({ tag: 'LeadSeen', at, said: at, code, off }));

/** Order of things said at the same moment: what is known first comes first; the second passes last. */
const RANKS: Partial<Record<Waiting['tag'], number>> = { AssignmentSeen: 0, PatientDescribed: 1, LeadSeen: 2 };
const rank = ({ tag }: Waiting): number => RANKS[tag] ?? 3;
const inOrder = (a: Waiting, b: Waiting): number =>
  a.at - b.at || rank(a) - rank(b) || ('code' in a && 'code' in b ? a.code - b.code : 0);

/** A laboratory value is known from when it was told on, however old its specimen. */
const knownFrom = (seen: Waiting): Moment => (seen.tag === 'LaboratorySeen' ? seen.told : seen.at);

/** What one frame adds to: the outputs so far and the memory that will be returned. */
interface Progress {
  readonly out: Observed[];
  beats: BeatInputMemory;
  heard: Moment | undefined;
  waiting: Waiting[];
  patient: string | undefined;
  described: Told;
  population: AssignmentSeen['population'] | undefined;
  unmapped: readonly number[];
}

const release = (progress: Progress, seen: Waiting, said: Moment): void => {
  if (seen.tag === 'UnmappedSeen') {
    if (progress.unmapped.includes(seen.code) || progress.unmapped.length >= UNMAPPED_MAX) return;
    progress.unmapped = [...progress.unmapped, seen.code];
  }
  if (seen.tag === 'AssignmentSeen') {
    // The age of a patient may be told or put right later: limits go by it.
    if (progress.patient === seen.patient && progress.population === seen.population) return;
    progress.population = seen.population;
    if (progress.patient !== seen.patient) {
      progress.patient = seen.patient;
      progress.described = UNDESCRIBED;
      progress.beats = beatInput.start;
      progress.out.push({ tag: 'StateReset', at: seen.at, said, why: 'another patient' });
    }
  }
  if (seen.tag === 'PatientDescribed') {
    const described = describedAnew(progress.described, seen);
    if (seen.patient !== progress.patient || described === progress.described) return;
    progress.described = described;
    progress.out.push({ ...seen, ...described, said });
    return;
  }
  progress.out.push({ ...seen, said });
};

/** Moves the bed's clock: what waited comes out, then each whole second that is over. */
const moveClock = (progress: Progress, to: Moment): void => {
  const from = progress.heard ?? to;
  if (to < from) return;
  if (progress.waiting.length > 0) {
    const due = progress.waiting.filter((seen) => knownFrom(seen) <= to).sort(inOrder);
    progress.waiting = progress.waiting.filter((seen) => knownFrom(seen) > to);
    for (const seen of due) release(progress, seen, to);
  }
  const last = Math.floor(to / SECOND_US);
  const first = Math.max(Math.floor(from / SECOND_US) + 1, last - SECONDS_PER_HOLE_MAX + 1);
  for (let second = first; second <= last; second++) {
    const at = moment(second * SECOND_US);
    progress.out.push({ tag: 'SecondPassed', at, said: to });
  }
  progress.heard = to;
};

const takeSighting = (progress: Progress, seen: EcgSighting): void => {
  if (seen.tag === 'EcgProgress') {
    progress.out.push(seen);
    moveClock(progress, seen.said);
    return;
  }
  const [beats, inputs] = beatInput.step(progress.beats, seen);
  progress.beats = beats;
  for (const { beat, x } of inputs) progress.out.push({ tag: 'BeatToClassify', beat, x });
  if (seen.tag === 'EcgBroken') {
    progress.out.push({ tag: 'StateReset', at: seen.at, said: seen.said, why: seen.why });
    progress.out.push(seen);
  }
};

const NO_LEADS_OFF: ReadonlySet<number> = new Set();

const noEcg = (at: Moment): EcgProgress => ({
  ...{ tag: 'EcgProgress', at, said: at, endsSecond: false, leads: [], lastBeat: undefined },
});

const ecgIsQuiet = (memory: ObserveMemory, at: Moment): boolean =>
  memory.ecgHeard === undefined || at - memory.ecgHeard >= ECG_QUIET_US;

const waitingOf = (
  memory: ObserveMemory,
  frame: Telemetry,
  end: Moment,
  toBedTime: (us: number) => Moment,
): Waiting[] => {
  const waiting = [...memory.waiting, ...leadsOf(frame, end), ...numericsOf(frame, toBedTime)];
  // Who does not say the age of a patient takes nothing back that was said of it.
  const known = frame.assignment?.patient === memory.patient ? memory.population : undefined;
  if (frame.assignment) waiting.push(...assignmentOf(frame.assignment, end, toBedTime, known));
  return waiting.slice(-WAITING_MAX);
};

/**
 * One frame of one bed, in the order of the log. A retrospective frame is for the record alone and is passed over, and so is
 * one that the log holds twice.
 */
export const observe = (earlier: ObserveMemory, came: Telemetry): readonly [ObserveMemory, readonly Observed[]] => {
  if (came.retrospective || isRepeated(earlier.clocks, came)) return [earlier, []];
  const [clocks, toBedTime] = alignClock(earlier.clocks, came);
  const end = toBedTime(came.deviceTimeUs);
  const [claims, frame] = hearClaims(earlier.claims, came, end);
  const before = claims === earlier.claims ? earlier : { ...earlier, claims };
  // Waits for the monitor, or for the silence that stands for it, to move the bed's clock.
  if (isLaboratoryFrame(frame)) return [{ ...before, waiting: waitingOf(before, frame, end, toBedTime) }, []];
  const isBack = goesBack(before, frame, end);
  const memory = isBack ? setBack(before, end) : before;
  const progress: Progress = {
    ...{ out: [], beats: memory.beats, heard: memory.heard, patient: memory.patient, unmapped: memory.unmapped },
    ...{ described: memory.described, population: memory.population },
    waiting: waitingOf(memory, frame, end, toBedTime),
  };
  if (isBack) {
    progress.out.push({ tag: 'ClockSetBack', at: end, said: end });
    takeSighting(progress, { tag: 'EcgBroken', at: end, said: end, why: 'new epoch' });
  }
  const leadsOff = leadsOffAfter(memory.leadsOff, frame);
  const wavesCome = wavesAsTheyCame(frame, toBedTime);
  const waves = wavesInTime(wavesCome, end);
  const chunks = waves.flatMap((wave) => ecgChunkOf(wave) ?? []);
  const remembered = rememberWaves(memory.recent, frame.source, waves, end);
  if (waves.length > 0) progress.out.push({ tag: 'WavesHeard', recent: remembered, leadsOff });
  const mayListen = memory.ecgSource === undefined || memory.ecgSource === frame.source || ecgIsQuiet(memory, end);
  let { ecg, ecgHeard, ecgSource } = memory;
  if (chunks.length > 0 && mayListen) {
    const [heardEcg, sightings] = hearEcg(ecg, chunks, leadsOff.length === 0 ? NO_LEADS_OFF : new Set(leadsOff));
    ecg = heardEcg;
    ecgSource = frame.source;
    for (const seen of sightings) {
      takeSighting(progress, seen);
      ecgHeard = seen.said;
    }
  } else if (ecgIsQuiet(memory, end)) {
    const at = memory.heard !== undefined && end < memory.heard ? memory.heard : end;
    if (frame.silence) {
      const since = frame.silence.sinceUs > 0 ? moment(frame.silence.sinceUs) : undefined;
      const { takenAwayBy } = frame.silence;
      progress.out.push({ tag: 'SilenceSeen', at, said: at, since, ...(takenAwayBy === '' ? {} : { takenAwayBy }) });
    }
    // ECG of another time is none, and expected none the less: 'no ECG' is said of the bed.
    if (waves.length < wavesCome.length) progress.out.push(noEcg(at));
    moveClock(progress, at);
  }
  const { beats, heard, waiting, patient, population, described, unmapped } = progress;
  const isSame = patient === memory.patient;
  const recent = isSame ? remembered : rememberWaves(startRecentWaves, frame.source, waves, end);
  const [alerts, begun] = alertsAfter(memory.alerts, frame, end);
  for (const { atUs, ...alert } of begun) {
    const at = atUs > 0 ? toBedTime(atUs) : end;
    progress.out.push({ tag: 'AlertSeen', at, said: heard ?? end, ...alert, recent, leadsOff });
  }
  const contest = contestNews(memory.claims, memory.isContested, heard ?? end);
  if (contest !== undefined) progress.out.push(contest);
  const isContested = contest?.present ?? memory.isContested;
  const who = { claims: memory.claims, isContested, patient, population, described };
  const bed = { ...who, ecg, beats, heard, ecgHeard, ecgSource, leadsOff };
  return [{ ...bed, clocks, waiting, unmapped, recent, alerts }, progress.out];
};
