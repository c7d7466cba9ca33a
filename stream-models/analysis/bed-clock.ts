import { type Moment, moment } from '../../schemas/units.ts';
import { type BeatInputMemory, beatInput } from '../beats/beat-input.ts';
import type { AssignmentSeen } from '../vocabulary/sighting.ts';
import type { Observed } from './observed.ts';
import { describedAnew, type Told, UNDESCRIBED } from './patient-told.ts';
import { dueAt, type Waiting } from './waiting.ts';

const UNMAPPED_MAX = 64;
const SECOND_US = 1_000_000;
/** After a hole longer than this only its last seconds pass one by one: all delays have run out by then. */
const SECONDS_PER_HOLE_MAX = 30;

/** What one frame adds to: the outputs so far and the memory that will be returned. */
export interface Progress {
  readonly out: Observed[];
  beats: BeatInputMemory;
  heard: Moment | undefined;
  waiting: readonly Waiting[];
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
export const moveClock = (progress: Progress, to: Moment): void => {
  const from = progress.heard ?? to;
  if (to < from) return;
  if (progress.waiting.length > 0) {
    const [due, later] = dueAt(progress.waiting, to);
    progress.waiting = later;
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
