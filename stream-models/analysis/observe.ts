/**
 * The first step of analysis: one bed's frames become sightings in the order in which they could be said, and beats that
 * wait for the network. Which frame carried a sample makes no difference: the bed's clock is the ECG's own progress
 * (a quarter-second grid), or the ends of frames while there is no ECG.
 */
import type { Telemetry } from '../../schemas/generated/vigil/v1/telemetry_pb.ts';
import { isLaboratoryFrame, isOfDevice } from '../../schemas/telemetry.ts';
import { type Moment, moment } from '../../schemas/units.ts';
import { beatInput } from '../beats/beat-input.ts';
import { leadsOfAlone, rememberWaves, startRecentWaves } from '../corroboration/recent-waves.ts';
import { cutAt } from '../ecg/frame.ts';
import { hearEcg, startEcg } from '../ecg/hear-ecg.ts';
import type { EcgChunk, EcgProgress, EcgSighting } from '../ecg/sighting.ts';
import { ecgChunkOf } from '../vocabulary/wave-as-it-came.ts';
import { apartAfter, laidFurther, NONE_APART } from './apart.ts';
import { moveClock, type Progress } from './bed-clock.ts';
import { behindAfter } from './behind.ts';
import { alignClock, clockOf, isRepeated } from './clock-alignment.ts';
import { alertsAfter } from './device-alerts.ts';
import { wavesAsTheyCame, wavesInTime } from './frame-waves.ts';
import { lateWord } from './late-word.ts';
import { hearLimitsAct, limitsActOf } from './limits-asked.ts';
import { type Listening, listeningAfter } from './listening.ts';
import type { ObserveMemory } from './observe-memory.ts';
import type { Observed } from './observed.ts';
import { contestNews, hearClaims } from './patient-claims.ts';
import { goesBack, heardAtUs, isOfThen, setBack } from './set-back.ts';
import { ECG_QUIET } from './usable-ecg.ts';
import { type LeadsOff, type TimedFrame, type Waiting, waitingAfter } from './waiting.ts';

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

/** ECG that is quiet no longer moves the bed's clock. */
const ecgIsQuiet = (memory: ObserveMemory, at: Moment): boolean =>
  memory.ecgHeard === undefined || at - memory.ecgHeard >= ECG_QUIET;

const waitingWith = (
  { waiting, patient, population }: ObserveMemory,
  timed: TimedFrame,
  leadsOff: LeadsOff,
): readonly Waiting[] =>
  // Who does not say the age of a patient takes nothing back that was said of it.
  waitingAfter(waiting, timed, timed.frame.assignment?.patient === patient ? population : undefined, leadsOff);

/**
 * Another device is heard while the first goes on: only what is new of it, and nothing of the first counts for its beats. Answers the
 * memory of the ECG and the chunks to be heard.
 */
const handedOver = (
  progress: Progress,
  chunks: readonly EcgChunk[],
  end: Moment,
): readonly [ObserveMemory['ecg'], readonly EcgChunk[]] => {
  const at = progress.heard ?? end;
  takeSighting(progress, { tag: 'EcgBroken', at, said: at, why: 'leads changed' });
  return [startEcg, chunks.map((chunk) => cutAt(chunk, at)[1])];
};

/** ECG of the source that is listened to moves the bed's clock. Answers what is remembered of it, and up to when it was heard. */
const hearLeads = (
  progress: Progress,
  memory: ObserveMemory,
  chunks: readonly EcgChunk[],
  { leadsOff, takesOver }: Listening,
  end: Moment,
): readonly [ObserveMemory['ecg'], ObserveMemory['ecgHeard']] => {
  const [before, news] = takesOver ? handedOver(progress, chunks, end) : [memory.ecg, chunks];
  const [ecg, sightings] = hearEcg(before, news, leadsOff.length === 0 ? NO_LEADS_OFF : new Set(leadsOff));
  for (const seen of sightings) takeSighting(progress, seen);
  return [ecg, sightings.at(-1)?.said ?? memory.ecgHeard];
};

/** A frame without ECG moves the bed's clock itself. */
const hearNoLeads = (
  progress: Progress,
  heard: Moment | undefined,
  { frame, end }: TimedFrame,
  { isOfAnotherTime }: { readonly isOfAnotherTime: boolean },
): void => {
  const at = heard !== undefined && end < heard ? heard : end;
  if (frame.silence) {
    const since = frame.silence.sinceUs > 0 ? moment(frame.silence.sinceUs) : undefined;
    const { takenAwayBy } = frame.silence;
    progress.out.push({ tag: 'SilenceSeen', at, said: at, since, ...(takenAwayBy === '' ? {} : { takenAwayBy }) });
  }
  // ECG of another time is none, and expected none the less: 'no ECG' is said of the bed.
  if (isOfAnotherTime) progress.out.push(noEcg(at));
  moveClock(progress, at);
};

/** What is remembered of a bed when a monitor's frame is heard. */
interface Ready {
  readonly memory: ObserveMemory;
  /** With the frame's own; `memory` has those of before it. */
  readonly clocks: ObserveMemory['clocks'];
  /** A clock was set back; up to when the bed had been heard. */
  readonly backFrom: Moment | undefined;
}

/** Hears a monitor's frame, or the silence that stands for one. */
const observeMonitor = (
  { memory, clocks, backFrom }: Ready,
  timed: TimedFrame,
): readonly [ObserveMemory, readonly Observed[]] => {
  const { frame, end, toBedTime } = timed;
  const progress: Progress = {
    ...{ out: [], beats: memory.beats, heard: memory.heard, patient: memory.patient, unmapped: memory.unmapped },
    ...{ described: memory.described, population: memory.population, waiting: memory.waiting },
  };
  if (backFrom !== undefined) {
    progress.out.push({ tag: 'ClockSetBack', at: end, said: end, from: backFrom });
    takeSighting(progress, { tag: 'EcgBroken', at: end, said: end, why: 'new epoch' });
  }

  const wavesCome = wavesAsTheyCame(frame, toBedTime);
  const waves = wavesInTime(wavesCome, end);
  const chunks = waves.flatMap((wave) => ecgChunkOf(wave) ?? []);
  const isQuiet = ecgIsQuiet(memory, end);
  const listening = listeningAfter(memory, timed, { hasEcg: chunks.length > 0, isQuiet });
  const { leadsOff, ...listened } = listening;
  progress.waiting = waitingWith(memory, timed, { before: memory.leadsOff, after: leadsOff });
  const isHandedOver = memory.ecgSource !== undefined && listening.ecgSource !== memory.ecgSource;
  const kept = isHandedOver ? leadsOfAlone(memory.recent, frame.source) : memory.recent;
  const remembered = rememberWaves(kept, frame.source, waves, end);
  if (waves.length > 0) progress.out.push({ tag: 'WavesHeard', recent: remembered, leadsOff });

  let { ecg, ecgHeard } = memory;
  if (chunks.length > 0 && listening.ecgSource === frame.source)
    [ecg, ecgHeard] = hearLeads(progress, memory, chunks, listening, end);
  else if (isQuiet) hearNoLeads(progress, memory.heard, timed, { isOfAnotherTime: waves.length < wavesCome.length });

  const { out, ...reached } = progress;
  const { heard = end } = reached;
  const isSame = reached.patient === memory.patient;
  const recent = isSame ? remembered : rememberWaves(startRecentWaves, frame.source, waves, end);
  const [alerts, begun] = alertsAfter(memory.alerts, frame, end);
  for (const { atUs, ...alert } of begun) {
    const at = atUs > 0 ? toBedTime(atUs) : end;
    out.push({ tag: 'AlertSeen', at, said: heard, ...alert, recent, leadsOff });
  }
  const contest = contestNews(memory.claims, memory.isContested, heard);
  if (contest !== undefined) out.push(contest);
  const isContested = contest?.present ?? memory.isContested;
  const { claims } = memory;
  const { behind, apart } = memory;
  const ofClocks = { clocks, ...(behind && { behind }), ...(apart && { apart }) };
  const { ecgSource, usable, leadWords } = listened;
  const heardOf = { ecg, ecgHeard, ecgSource, usable, leadWords, leadsOff };
  return [{ ...reached, claims, isContested, ...heardOf, ...ofClocks, recent, alerts }, out];
};

/** Waits for the monitor, or for the silence that stands for it, to move the bed's clock. */
const observeOthers = (before: ObserveMemory, timed: TimedFrame): readonly [ObserveMemory, readonly Observed[]] => {
  const { leadsOff } = before;
  return [{ ...before, waiting: waitingWith(before, timed, { before: leadsOff, after: leadsOff }) }, []];
};

/** The bed's clock begins anew where a frame that ends at `end` tells that one was set back; up to when it had been heard then. */
const backIfSet = (
  known: ObserveMemory,
  frame: Telemetry,
  end: Moment,
): readonly [ObserveMemory, Moment | undefined] => {
  const behind = frame.silence
    ? known.behind
    : behindAfter(known.behind, { atUs: heardAtUs(frame, end), endUs: end }, known.heard);
  const before = behind === known.behind ? known : { ...known, behind };
  return goesBack(before, frame, end) ? [setBack(before, end), before.heard] : [before, undefined];
};

/** By how much a device's times are laid further, because the bed is heard by a clock that is ahead of its own, µs. `clocks`: with the frame's own. */
const laidOnBed = (
  before: ObserveMemory,
  clocks: ObserveMemory['clocks'],
  frame: Telemetry,
  end: Moment,
): readonly [ObserveMemory, number] => {
  if (!isOfDevice(frame) || before.heard === undefined) return [before, 0];
  const { source } = frame;
  const { shiftUs = 0 } = clockOf(clocks, source) ?? {};
  const known = before.apart ?? NONE_APART;
  const heard = { source, shiftUs, endUs: end, atUs: heardAtUs(frame, end), reachedUs: before.heard };
  const apart = apartAfter(known, heard);
  return [apart === known ? before : { ...before, apart }, laidFurther(apart, source)];
};

const withClaims = (
  before: ObserveMemory,
  { frame: came, end, toBedTime }: TimedFrame,
): readonly [ObserveMemory, TimedFrame] => {
  const [claims, frame] = hearClaims(before.claims, came, end);
  return [claims === before.claims ? before : { ...before, claims }, { frame, end, toBedTime }];
};

/**
 * One frame of one bed, in the order of the log. A retrospective frame is for the record alone, but for who lies in the bed; one that
 * the log holds twice is passed over. What a nurse says of limits is of no clock and proves nothing of the monitor.
 */
export const observe = (earlier: ObserveMemory, came: Telemetry): readonly [ObserveMemory, readonly Observed[]] => {
  const act = limitsActOf(came);
  if (act !== undefined) return [hearLimitsAct(earlier, act, came), []];
  if (came.retrospective) {
    const word = lateWord(came, earlier.clocks, earlier.claims);
    return word === undefined ? [earlier, []] : observeOthers(...withClaims(earlier, word));
  }
  if (isRepeated(earlier.clocks, came)) return [earlier, []];
  const [clocks, toBedTime] = alignClock(earlier.clocks, came);
  const end = toBedTime(came.deviceTimeUs);
  if (isOfThen(earlier, came, end)) return [{ ...earlier, silenceOfThen: end }, []];
  if (isLaboratoryFrame(came)) return observeOthers(...withClaims(earlier, { frame: came, end, toBedTime }));
  const [kept, backFrom] = backIfSet(earlier, came, end);
  const [known, laidUs] = laidOnBed(kept, clocks, came, end);
  const toTime = laidUs === 0 ? toBedTime : (us: number): Moment => moment(toBedTime(us) + laidUs);
  const [memory, timed] = withClaims(known, { frame: came, end: toTime(came.deviceTimeUs), toBedTime: toTime });
  return observeMonitor({ memory, clocks, backFrom }, timed);
};
