/**
 * The first step of analysis: one bed's frames become sightings in the order in which they could be said, and beats that
 * wait for the network. Which frame carried a sample makes no difference: the bed's clock is the ECG's own progress
 * (a quarter-second grid), or the ends of frames while there is no ECG.
 */
import type { Telemetry } from '../../schemas/generated/vigil/v1/telemetry_pb.ts';
import { isLaboratoryFrame } from '../../schemas/telemetry.ts';
import { type Moment, moment } from '../../schemas/units.ts';
import { beatInput } from '../beats/beat-input.ts';
import { leadsOfAlone, rememberWaves, startRecentWaves } from '../corroboration/recent-waves.ts';
import { cutAt } from '../ecg/frame.ts';
import { hearEcg, startEcg } from '../ecg/hear-ecg.ts';
import type { EcgChunk, EcgProgress, EcgSighting } from '../ecg/sighting.ts';
import { ecgChunkOf } from '../vocabulary/wave-as-it-came.ts';
import { moveClock, type Progress } from './bed-clock.ts';
import { behindAfter } from './behind.ts';
import { alignClock, isRepeated } from './clock-alignment.ts';
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

/** Hears a monitor's frame, or the silence that stands for one. `clocks`: with the frame's own; `known` has those of before it. */
const observeMonitor = (
  known: ObserveMemory,
  clocks: ObserveMemory['clocks'],
  timed: TimedFrame,
): readonly [ObserveMemory, readonly Observed[]] => {
  const { frame, end, toBedTime } = timed;
  const behind = frame.silence ? known.behind : behindAfter(known.behind, heardAtUs(frame, end), known.heard);
  const before = behind === known.behind ? known : { ...known, behind };
  const isBack = goesBack(before, frame, end);
  const memory = isBack ? setBack(before, end) : before;
  const progress: Progress = {
    ...{ out: [], beats: memory.beats, heard: memory.heard, patient: memory.patient, unmapped: memory.unmapped },
    ...{ described: memory.described, population: memory.population, waiting: memory.waiting },
  };
  if (isBack) {
    progress.out.push({ tag: 'ClockSetBack', at: end, said: end, from: before.heard ?? end });
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
  const ofClocks = memory.behind === undefined ? { clocks } : { clocks, behind: memory.behind };
  const { ecgSource, usable, leadWords } = listened;
  const heardOf = { ecg, ecgHeard, ecgSource, usable, leadWords, leadsOff };
  return [{ ...reached, claims, isContested, ...heardOf, ...ofClocks, recent, alerts }, out];
};

/** Waits for the monitor, or for the silence that stands for it, to move the bed's clock. */
const observeOthers = (before: ObserveMemory, timed: TimedFrame): readonly [ObserveMemory, readonly Observed[]] => {
  const { leadsOff } = before;
  return [{ ...before, waiting: waitingWith(before, timed, { before: leadsOff, after: leadsOff }) }, []];
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
  const [before, timed] = withClaims(earlier, { frame: came, end, toBedTime });
  return isLaboratoryFrame(timed.frame) ? observeOthers(before, timed) : observeMonitor(before, clocks, timed);
};
