import { elapsed, type Microseconds, type Moment, milliseconds, seconds } from '../../schemas/units.ts';
import type { BeatClassName } from '../../schemas/words.ts';
import { isArtefact, isDoubtful } from '../artefacts/artefact-classes.ts';
import type { ClassifiedBeat } from '../vocabulary/sighting.ts';

/** The newest beats since the signal last broke off, oldest first. Plain arrays, at most BEATS_KEPT long. */
export interface BeatHistory {
  readonly times: readonly Moment[];
  readonly classes: readonly (BeatClassName | undefined)[];
}

export const BEATS_KEPT = 24;
export const noBeats: BeatHistory = { times: [], classes: [] };

/** After a beat; one that is not newer than the newest changes nothing. */
export const withBeat = (history: BeatHistory, beat: ClassifiedBeat): BeatHistory => {
  const newest = history.times.at(-1);
  if (newest !== undefined && beat.at <= newest) return history;
  return {
    times: [...history.times.slice(1 - BEATS_KEPT), beat.at],
    classes: [...history.classes.slice(1 - BEATS_KEPT), beat.class],
  };
};

/**
 * What was found since the signal last broke off: all peaks, so that no doubt hides a red rhythm, and those that are no artefacts, of
 * which doubtful ones have no class.
 */
export interface BeatHistories {
  readonly peaks: BeatHistory;
  readonly believed: BeatHistory;
  /** Peaks since the newest artefact, at most BEATS_KEPT. */
  readonly sinceArtefact: number;
}

export const noHistories: BeatHistories = { peaks: noBeats, believed: noBeats, sinceArtefact: BEATS_KEPT };

/** After a peak that the detector found, newer than those before. */
export const withPeak = (histories: BeatHistories, peak: ClassifiedBeat): BeatHistories => {
  const { peaks, believed, sinceArtefact } = histories;
  const known = isDoubtful(peak.artefact) ? { ...peak, class: undefined } : peak;
  const isNone = isArtefact(peak.artefact);
  return {
    peaks: withBeat(peaks, peak),
    believed: isNone ? believed : withBeat(believed, known),
    sinceArtefact: isNone ? 0 : Math.min(BEATS_KEPT, sinceArtefact + 1),
  };
};

/** The patient moves: one of the newest BEATS_KEPT peaks is an artefact. */
export const isInMotion = ({ sinceArtefact }: BeatHistories): boolean => sinceArtefact < BEATS_KEPT;

/** The rate over the newest `beats` beats in beats per minute; undefined when there are not so many. */
export const rateOver = (history: BeatHistory, beats: number): number | undefined => {
  const first = history.times.at(-beats);
  const last = history.times.at(-1);
  if (first === undefined || last === undefined || beats < 2 || history.times.length < beats) return undefined;
  return (60e6 * (beats - 1)) / elapsed(first, last);
};

/** The middle RR interval of the newest `beats` beats as a rate: one pause among them does not move it. */
export const middleRateOver = (history: BeatHistory, beats: number): number | undefined => {
  const newest = history.times.slice(-beats);
  if (newest.length < beats || beats < 2) return undefined;
  const intervals = new Float64Array(newest.length - 1);
  for (let i = 0; i < intervals.length; i++) intervals[i] = newest[i + 1]! - newest[i]!;
  intervals.sort();
  const half = intervals.length >> 1;
  const middle = intervals.length % 2 === 1 ? intervals[half]! : (intervals[half - 1]! + intervals[half]!) / 2;
  return 60e6 / middle;
};

/** How many of the newest beats in a row are of class V. */
export const ventricularRow = (history: BeatHistory): number => {
  let row = 0;
  for (let i = history.classes.length - 1; i >= 0 && history.classes[i] === 'V'; i--) row++;
  return row;
};

/** The rate is the mean over the RR intervals that ended within this time … */
export const METER_SPAN = seconds(8);
/** … and over at least so many of them. */
const METER_INTERVALS_MIN = 3;
/** A rate is not shown from beats older than this. */
const METER_SILENCE_MAX = seconds(5);
/** A beat is said at most this long after its R peak; so long the line may look still though it is not. */
export const BEAT_SAID_LATE: Microseconds = milliseconds(300);
/** The next beat is overdue after this many of the longest intervals. */
const OVERDUE = 1.25;

/**
 * The heart rate meter of IEC 60601-2-27: the mean of the RR intervals of the last 8 s (at least three), so that
 * bigeminy counts every beat, and 80 → 120 and 80 → 40 are shown in less than 11 s. While the next beat is overdue the
 * waiting time counts as an interval, so the rate falls before the beat has come. undefined: no rate can be given, either
 * too few beats or none for 5 s. Beats per minute, whole.
 */
export const heartRate = (history: BeatHistory, now: Moment): number | undefined => {
  const { times } = history;
  const last = times.at(-1);
  if (last === undefined || times.length < METER_INTERVALS_MIN + 1) return undefined;
  const waiting = elapsed(last, now);
  if (waiting >= METER_SILENCE_MAX) return undefined;
  let first = times.length - 1;
  let longest = 0;
  while (first > 0) {
    const old = elapsed(times[first]!, now) > METER_SPAN;
    if (old && times.length - 1 - first >= METER_INTERVALS_MIN) break;
    first--;
    longest = Math.max(longest, elapsed(times[first]!, times[first + 1]!));
  }
  const intervals = times.length - 1 - first;
  const overdue = waiting - BEAT_SAID_LATE > OVERDUE * longest;
  const span = elapsed(times[first]!, overdue ? now : last);
  return Math.round((60e6 * (intervals + (overdue ? 1 : 0))) / span);
};
