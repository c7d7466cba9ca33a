import { inMilliseconds, type Microseconds } from '../../schemas/units.ts';
import type { BeatClassName, ClassifiedBeat } from '../analysis/sighting.ts';
import type { Claim } from './present-conditions.ts';

/** The newest RR intervals (ms) between beats that are not ventricular, oldest first; at most WINDOW. */
export interface IrregularMemory {
  readonly intervals: readonly number[];
  readonly classBefore: BeatClassName | undefined;
  /** Intervals heard since the last look. */
  readonly unseen: number;
  /** Looks in a row that said irregular (above 0) or regular (below 0). */
  readonly row: number;
}

export const irregularStart: IrregularMemory = { intervals: [], classBefore: undefined, unseen: 0, row: 0 };

/** Dash, Chon, Lu and Raeder 2009 (Ann Biomed Eng 37:1701): 128 beats, three statistics, the same thresholds. */
const WINDOW = 128;
const OUTLIERS = 8;
const BINS = 16;
const RMSSD_MIN = 0.1;
/** Half of all steps are at least this large: ectopic beats, however early, are few among the steps. Of our own. */
const MEDIAN_STEP_MIN = 0.1;
const ENTROPY_MIN = 0.7;
/** Expected 2/3 − 4/n… for random intervals; alternation (bigeminy) lies above, drifting below. */
const TURNS_MIN = 0.54;
const TURNS_MAX = 0.77;
/** A look every 16 beats, and three looks that agree: fibrillation of the atria is said after some two minutes. */
const LOOK_EVERY = 16;
const LOOKS = 3;
const RR_MIN_MS = 200;
const RR_MAX_MS = 3000;

/** Statistics of a window of intervals, each dimensionless. */
export const irregularity = (
  intervals: readonly number[],
): { readonly rmssd: number; readonly median: number; readonly entropy: number; readonly turns: number } => {
  const count = intervals.length;
  const mean = intervals.reduce((sum, rr) => sum + rr, 0) / count;
  const steps: number[] = [];
  let squares = 0;
  let turns = 0;
  for (let i = 1; i < count; i++) {
    const step = intervals[i]! - intervals[i - 1]!;
    squares += step * step;
    steps.push(Math.abs(step));
    if (i + 1 < count && step * (intervals[i + 1]! - intervals[i]!) < 0) turns++;
  }
  const kept = [...intervals].sort((a, b) => a - b).slice(OUTLIERS, count - OUTLIERS);
  const low = kept[0] ?? 0;
  const width = ((kept.at(-1) ?? 0) - low) / BINS;
  const bins = new Array<number>(BINS).fill(0);
  for (const rr of kept) bins[width === 0 ? 0 : Math.min(BINS - 1, Math.floor((rr - low) / width))]!++;
  let entropy = 0;
  for (const n of bins) if (n > 0) entropy -= (n / kept.length) * Math.log(n / kept.length);
  return {
    rmssd: Math.sqrt(squares / (count - 1)) / mean,
    median: (steps.sort((a, b) => a - b)[steps.length >> 1] ?? 0) / mean,
    entropy: entropy / Math.log(BINS),
    turns: turns / (count - 2),
  };
};

/** A beat of unknown class may be ventricular, so without a network nothing is said of the atria. */
const isSupraventricular = (name: BeatClassName | undefined): boolean => name === 'N' || name === 'S';

/**
 * Atrial fibrillation as an irregularity that nothing else explains, over 128 RR intervals without ventricular beats. It
 * knows no P waves; the condition is yellow and says what it saw. On mitdb-ds1 with the reference's classes it was said in the
 * two records with atrial fibrillation (201, 203) and in none of the other twenty; in 201 it outlasts its episodes.
 */
export const judgeIrregular = (
  memory: IrregularMemory,
  beat: ClassifiedBeat,
  rr: Microseconds | undefined,
): readonly [IrregularMemory, readonly Claim[]] => {
  const ms = rr === undefined ? 0 : inMilliseconds(rr);
  const counts =
    ms >= RR_MIN_MS && ms <= RR_MAX_MS && isSupraventricular(beat.class) && isSupraventricular(memory.classBefore);
  if (!counts) return [{ ...memory, classBefore: beat.class }, []];
  const intervals = [...memory.intervals.slice(1 - WINDOW), ms];
  const unseen = memory.unseen + 1;
  if (intervals.length < WINDOW || unseen < LOOK_EVERY)
    return [{ ...memory, intervals, unseen, classBefore: beat.class }, []];
  const { rmssd, median, entropy, turns } = irregularity(intervals);
  const irregular =
    rmssd > RMSSD_MIN && median > MEDIAN_STEP_MIN && entropy > ENTROPY_MIN && turns > TURNS_MIN && turns < TURNS_MAX;
  const row = irregular ? Math.max(1, memory.row + 1) : Math.min(-1, memory.row - 1);
  const evidence = `RR irregular over ${WINDOW} beats: steps ${Math.round(100 * rmssd)} % of RR`;
  const claims: Claim[] = [];
  if (row >= LOOKS) claims.push({ condition: 'af', present: true, at: beat.at, evidence });
  if (row <= -LOOKS) claims.push({ condition: 'af', present: false, at: beat.at, evidence: 'RR regular again' });
  return [{ intervals, unseen: 0, row, classBefore: beat.class }, claims];
};
