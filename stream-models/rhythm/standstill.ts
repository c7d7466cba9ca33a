import {
  after,
  inSeconds,
  type Microseconds,
  type Moment,
  microseconds,
  moment,
  seconds,
} from '../../schemas/units.ts';
import type { EcgBroken, EcgProgress } from '../ecg/sighting.ts';
import { ECG_RATE_HZ } from '../ecg/sighting.ts';
import type { RhythmDefinitions } from '../presets/preset.ts';
import type { Claim, PresentConditions } from '../vocabulary/present-conditions.ts';
import { BEAT_SAID_LATE } from './beat-history.ts';

/**
 * How long the heart has been still, counted in time of signal heard: a gap neither counts nor starts the count anew, so
 * a link that breaks off every few seconds cannot hide an asystole.
 */
export interface StandstillMemory {
  readonly quiet: Microseconds;
  readonly lastBeat: Moment | undefined;
  /** Beats since asystole began, less than BEATS_END apart. */
  readonly beatsSince: number;
  readonly pauseSeenAt: Moment | undefined;
  /** How often the ECG has changed its leads or its rate since the last beat; absent: never. */
  readonly changes?: number;
}

export const standstillStart: StandstillMemory = {
  quiet: seconds(0),
  lastBeat: undefined,
  beatsSince: 0,
  pauseSeenAt: undefined,
};

/** What looks like fibrillation may hold asystole back for so long, and no longer: one of the two red alarms comes. */
const SUSPICION_HOLD = seconds(2.5);
/** Asystole ends with two beats no farther apart than this. */
const BEATS_APART_MAX = seconds(3);
const PAUSE_HOLD = seconds(5);

/** From so many changes on without a beat between them they stand beside the alarm. One or two are a monitor that was set otherwise. */
const CHANGES_TOLD = 3;

const text = (span: Microseconds): string => inSeconds(span).toFixed(1);

/** What else is known of a stretch of ECG while it is judged whether the heart is still. */
export interface LineLook {
  /** It looks like fibrillation, which is not decided yet. */
  readonly suspected: boolean;
  readonly flat: boolean;
  readonly present: PresentConditions;
}

/** Time goes on, and nothing is claimed of it: fibrillation or ventricular waves stand. */
export const ONLY_COUNTED: LineLook = { suspected: true, flat: false, present: [] };

/** A stretch of usable ECG was heard. */
export const hearLine = (
  memory: StandstillMemory,
  progress: EcgProgress,
  definitions: RhythmDefinitions,
  { suspected, flat, present }: LineLook,
): readonly [StandstillMemory, readonly Claim[]] => {
  const { at } = progress;
  const samples = progress.leads[0]?.samplesMv.length ?? 0;
  const heard = memory.quiet + (1e6 * samples) / ECG_RATE_HZ;
  const last = moment(Math.max(memory.lastBeat ?? 0, progress.lastBeat ?? 0));
  const quiet = microseconds(last === 0 ? heard : Math.max(0, Math.min(heard, at - last)));
  const lastBeat = last === 0 ? undefined : last;
  const claims: Claim[] = [];
  const onset = (limit: Microseconds): Moment => after(at, microseconds(limit - quiet));
  const hold = suspected ? SUSPICION_HOLD : 0;
  if (quiet >= definitions.asystoleAfter + BEAT_SAID_LATE + hold) {
    const { changes = 0 } = memory;
    // A lead that changes again and again lets no beat be heard, and no standstill either: both ring, and the nurse is told.
    const why = flat
      ? ', flat line: asystole or signal lost'
      : changes >= CHANGES_TOLD
        ? ', leads or rate of the ECG keep changing: asystole or not heard'
        : '';
    const evidence = `no QRS for ${text(quiet)} s${why}`;
    claims.push({ condition: 'asystole', present: true, at: onset(definitions.asystoleAfter), evidence });
  }
  let { pauseSeenAt } = memory;
  if (lastBeat !== undefined && quiet >= definitions.pauseAfter + BEAT_SAID_LATE) {
    const evidence = `no QRS for ${text(quiet)} s`;
    pauseSeenAt = at;
    claims.push({ condition: 'pause', present: true, at: onset(definitions.pauseAfter), evidence });
  } else if (present.includes('pause') && (pauseSeenAt === undefined || at - pauseSeenAt >= PAUSE_HOLD))
    claims.push({ condition: 'pause', present: false, at, evidence: `no pause for ${inSeconds(PAUSE_HOLD)} s` });
  return [{ ...memory, quiet, lastBeat, pauseSeenAt }, claims];
};

/** A beat was seen, `rr` after the one before (undefined: none before, or the signal broke off between them). */
export const hearBeat = (
  memory: StandstillMemory,
  at: Moment,
  rr: Microseconds | undefined,
  present: PresentConditions,
  definitions: RhythmDefinitions,
): readonly [StandstillMemory, readonly Claim[]] => {
  const claims: Claim[] = [];
  let { beatsSince, pauseSeenAt } = memory;
  if (rr !== undefined && rr >= definitions.asystoleAfter)
    claims.push({
      condition: 'asystole',
      present: true,
      at: after(at, microseconds(definitions.asystoleAfter - rr)),
      evidence: `no QRS for ${text(rr)} s`,
    });
  if (rr !== undefined && rr >= definitions.pauseAfter) {
    pauseSeenAt = at;
    claims.push({
      condition: 'pause',
      present: true,
      at: after(at, microseconds(definitions.pauseAfter - rr)),
      evidence: `RR ${text(rr)} s`,
    });
  }
  if (rr !== undefined && rr >= definitions.asystoleAfter) beatsSince = 1;
  else if (present.includes('asystole')) {
    beatsSince = rr !== undefined && rr <= BEATS_APART_MAX ? beatsSince + 1 : 1;
    if (beatsSince >= 2) claims.push({ condition: 'asystole', present: false, at, evidence: 'beats again' });
  }
  return [{ quiet: memory.quiet, lastBeat: at, beatsSince, pauseSeenAt }, claims];
};

/** The ECG is heard anew. A gap is no change: what comes after it may be the same. */
export const hearBreak = (memory: StandstillMemory, why: EcgBroken['why']): StandstillMemory =>
  why === 'leads changed' || why === 'rate changed' ? { ...memory, changes: (memory.changes ?? 0) + 1 } : memory;

/** Fibrillation has ended: what comes now must be still for itself before it is called asystole. */
export const afterFibrillation = (memory: StandstillMemory): StandstillMemory => ({
  ...memory,
  quiet: microseconds(Math.min(memory.quiet, seconds(2))),
  beatsSince: 0,
});
