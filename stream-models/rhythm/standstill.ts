import { after, inSeconds, type Microseconds, type Moment, microseconds, seconds } from '../../schemas/units.ts';
import type { EcgProgress } from '../ecg/sighting.ts';
import { ECG_RATE_HZ } from '../ecg/sighting.ts';
import type { RhythmDefinitions } from '../presets/preset.ts';
import { BEAT_SAID_LATE } from './beat-history.ts';
import type { Claim, PresentConditions } from './present-conditions.ts';

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

const text = (span: Microseconds): string => inSeconds(span).toFixed(1);

/** A stretch of usable ECG was heard. `suspected`: it looks like fibrillation, which is not decided yet. */
export const hearLine = (
  memory: StandstillMemory,
  progress: EcgProgress,
  suspected: boolean,
  flat: boolean,
  present: PresentConditions,
  definitions: RhythmDefinitions,
): readonly [StandstillMemory, readonly Claim[]] => {
  const { at } = progress;
  const samples = progress.leads[0]?.samplesMv.length ?? 0;
  const heard = memory.quiet + (1e6 * samples) / ECG_RATE_HZ;
  const last = Math.max(memory.lastBeat ?? 0, progress.lastBeat ?? 0) as Moment;
  const quiet = microseconds(last === 0 ? heard : Math.max(0, Math.min(heard, at - last)));
  const lastBeat = last === 0 ? undefined : last;
  const claims: Claim[] = [];
  const onset = (limit: Microseconds): Moment => after(at, microseconds(limit - quiet));
  const hold = suspected ? SUSPICION_HOLD : 0;
  if (quiet >= definitions.asystoleAfter + BEAT_SAID_LATE + hold) {
    const why = flat ? ', flat line: asystole or signal lost' : '';
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
  return [{ quiet, lastBeat, beatsSince: memory.beatsSince, pauseSeenAt }, claims];
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

/** Fibrillation has ended: what comes now must be still for itself before it is called asystole. */
export const afterFibrillation = (memory: StandstillMemory): StandstillMemory => ({
  ...memory,
  quiet: Math.min(memory.quiet, seconds(2)) as Microseconds,
  beatsSince: 0,
});
