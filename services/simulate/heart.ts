import type { BeatShape } from './beat-shapes.ts';
import type { WardDice } from './dice.ts';
import { type EpisodeKind, heartEpisodeAt, isBeatless, type Scenario } from './episodes.ts';

/** One beat of the simulated heart: the truth that a detector can be compared with. */
export interface HeartBeat {
  /** Seconds since the bed began, of the R peak. */
  readonly atS: number;
  readonly shape: BeatShape;
  /** To the beat before. */
  readonly intervalS: number;
  /** The episode it belongs to. */
  readonly during: EpisodeKind | undefined;
  /** Which beat of the episode (or of the time between two) it is. */
  readonly count: number;
}

/** How a bed's heart beats when nothing happens. */
export interface HeartSettings {
  readonly restingPerMin: number;
  readonly breathsPerMin: number;
  /** Early beats among 1000. */
  readonly ventricularPerMille: number;
  readonly atrialPerMille: number;
}

const VT_INTERVAL_S = 0.39;
const RUN_INTERVAL_S = 0.46;
/** From beat to beat over a pause: longer than what is called one (3 s), shorter than asystole (4 s). */
const PAUSE_S = 3.4;
const BRADY_PER_MIN = 34;
const TACHY_PER_MIN = 152;
const AF_PER_MIN = 98;
/** Shortest interval that any of these hearts knows. */
const INTERVAL_MIN_S = 0.3;

const patterns: Partial<Record<EpisodeKind, string>> = {
  bigeminy: 'NV',
  couplet: 'NNNNNVV',
  'v-run': 'NNNNNNVVVV',
};

/** McSharry's two rhythms of the interval: Mayer waves at 0.1 Hz and breathing; `driftS` is what shifts the rate. */
const sinusInterval = (perMin: number, breathsPerMin: number, atS: number, dice: WardDice): number =>
  (60 / perMin) *
  (1 +
    0.02 * Math.sin(2 * Math.PI * 0.1 * atS) +
    0.025 * Math.sin((2 * Math.PI * breathsPerMin * atS) / 60) +
    0.008 * dice.normal());

const shapeOf = (
  settings: HeartSettings,
  during: EpisodeKind | undefined,
  count: number,
  dice: WardDice,
): BeatShape => {
  if (during === 'vt') return 'V';
  if (during === 'af') return 'A';
  const pattern = during === undefined ? undefined : patterns[during];
  if (pattern !== undefined) return pattern[count % pattern.length] as BeatShape;
  const roll = dice.unit() * 1000;
  if (during !== undefined) return 'N';
  if (roll < settings.ventricularPerMille) return 'V';
  return roll < settings.ventricularPerMille + settings.atrialPerMille ? 'S' : 'N';
};

const basicInterval = (
  settings: HeartSettings,
  during: EpisodeKind | undefined,
  atS: number,
  fasterPerMin: number,
  dice: WardDice,
): number => {
  switch (during) {
    case 'vt':
      return VT_INTERVAL_S * (1 + 0.01 * dice.normal());
    case 'af':
      return Math.max(0.4, (60 / AF_PER_MIN) * (1 + 0.24 * dice.normal()));
    case 'extreme-brady':
      return sinusInterval(BRADY_PER_MIN, settings.breathsPerMin, atS, dice);
    case 'extreme-tachy':
      return sinusInterval(TACHY_PER_MIN, settings.breathsPerMin, atS, dice);
    default:
      return sinusInterval(settings.restingPerMin + fasterPerMin, settings.breathsPerMin, atS, dice);
  }
};

/** An early beat comes early, a pause follows it, and beats of a run follow each other closely. */
const coupled = (before: BeatShape, shape: BeatShape, during: EpisodeKind | undefined, basic: number): number => {
  if (during === 'vt') return basic;
  if (shape === 'V') return before === 'V' ? RUN_INTERVAL_S : 0.62 * basic;
  if (shape === 'S') return 0.68 * basic;
  if (before === 'V') return 1.35 * basic;
  return before === 'S' ? 1.1 * basic : basic;
};

/**
 * The beat that follows. `fasterPerMin` is what the rest of the body asks for (lack of oxygen). Time without beats is
 * jumped over; fibrillation, if it is that, is drawn elsewhere.
 */
export const beatAfter = (
  before: HeartBeat,
  settings: HeartSettings,
  scenario: Scenario,
  fasterPerMin: number,
  dice: WardDice,
): HeartBeat => {
  const now = heartEpisodeAt(scenario, before.atS);
  const countNow = now?.kind === before.during ? before.count + 1 : 0;
  const shapeNow = shapeOf(settings, now?.kind, countNow, dice);
  const basic = basicInterval(settings, now?.kind, before.atS, fasterPerMin, dice);
  let atS = before.atS + Math.max(INTERVAL_MIN_S, coupled(before.shape, shapeNow, now?.kind, basic));
  let there = heartEpisodeAt(scenario, atS);
  if (isBeatless(there?.kind)) {
    const toS = there?.toS ?? atS;
    atS = there?.kind === 'pause' ? Math.max(toS, before.atS + PAUSE_S) : toS + 0.2 + 0.3 * dice.unit();
    there = heartEpisodeAt(scenario, atS);
  }
  if (there?.kind === 'vt' && now?.kind !== 'vt') atS = Math.max(before.atS + VT_INTERVAL_S, there.fromS);
  if (there?.kind === now?.kind)
    return { atS, shape: shapeNow, intervalS: atS - before.atS, during: now?.kind, count: countNow };
  const shape = shapeOf(settings, there?.kind, 0, dice);
  return { atS, shape, intervalS: atS - before.atS, during: there?.kind, count: 0 };
};

/** The beat from which the first one follows: half a second before the bed began. */
export const beatBeforeAll = (settings: HeartSettings): HeartBeat => ({
  atS: -0.5,
  shape: 'N',
  intervalS: 60 / settings.restingPerMin,
  during: undefined,
  count: 0,
});
