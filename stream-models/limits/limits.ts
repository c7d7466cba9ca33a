import { MDC } from '../../schemas/codes.ts';
import { inSeconds, type Moment } from '../../schemas/units.ts';
import type { Limit, LimitName, PopulationSettings } from '../presets/preset.ts';
import { isEcgExpected, type SignalState } from '../rhythm/signal-state.ts';
import type { Fact } from '../vocabulary/fact.ts';
import { type Claim, type PresentConditions, settle } from '../vocabulary/present-conditions.ts';
import type { Sighting } from '../vocabulary/sighting.ts';
import { staleAfter } from '../vocabulary/stale-after.ts';
import { type Devices, hearDevices, missedDevices, noDevices } from './devices.ts';
import { crowded, hearValues, isWatched, tooOld } from './hear-values.ts';
import { DESATURATION_HYSTERESIS, judgeSide, nameOf, type Round, type Side, type Worst } from './judge-limit.ts';
import { type LeftOut, leftOutAfter, leftOutClaims } from './left-out.ts';
import { type LostValue, lostAfter, lostClaims } from './lost-values.ts';
import { type Measure, measures } from './measures.ts';
import { type Reading, type Spread, spreadOf } from './readings.ts';

/** The newest values of each code, in Vigil's units, while they count. Plain, a few entries per code of the table of measures. */
export interface LimitsMemory {
  readonly values: readonly Reading[];
  readonly present: PresentConditions;
  /** What is not known now and must be; absent: nothing. */
  readonly lost?: readonly LostValue[];
  /** What living devices tell no more; absent: nothing. */
  readonly leftOut?: readonly LeftOut[];
  /** Absent: none has told a number yet. */
  readonly devices?: Devices;
  /** Codes of which it was said that more devices tell them than are judged; absent: of none. */
  readonly crowds?: readonly number[];
  /** Absent: nothing was beyond a limit yet, or remembered from before this was kept. */
  readonly worst?: Worst;
}

export const limitsStart: LimitsMemory = { values: [], present: [] };

/** Most values are inside of their limits, as they were a second ago: then nothing is asked of either side. */
const judgeBounds = (
  round: Round,
  { name, label }: Measure,
  { low, high, hysteresis }: Limit,
  spread: Spread,
): void => {
  const isInside =
    (low === undefined || spread.lowest.value >= low) && (high === undefined || spread.highest.value <= high);
  if (isInside && round.present.length === 0) return;
  if (low !== undefined)
    judgeSide(round, { condition: `${name}-low`, label, bound: low, hysteresis, isLow: true }, spread);
  if (high !== undefined)
    judgeSide(round, { condition: `${name}-high`, label, bound: high, hysteresis, isLow: false }, spread);
};

const NO_READINGS: readonly Reading[] = [];
const NO_CODES: readonly number[] = [];
const NO_NAMES: readonly string[] = [];

/** The red limit beside the yellow one. */
const judgeDesaturation = (round: Round, bound: number, spread: Spread): void => {
  if (spread.lowest.value >= bound && round.present.length === 0) return;
  const side = { condition: 'spo2-desaturation', label: 'SpO₂', bound, isLow: true } as const;
  judgeSide(round, { ...side, hysteresis: DESATURATION_HYSTERESIS }, spread);
};

/** The rate of the heart that counts at a moment, by its name. */
interface Rate {
  readonly label: string;
  readonly spread: Spread;
}

/**
 * The same for the rate that monitors tell, where Vigil has no ECG to hear: there it judges the beats themselves. A pulse counts where nobody
 * tells a heart rate. What a monitor's word began goes on by whatever rate is known then.
 */
const judgeExtremes = (
  round: Round,
  { rhythm, limits }: PopulationSettings,
  rate: Rate | undefined,
  { use }: SignalState,
): void => {
  const { present, said } = round;
  if (rate === undefined) {
    const gone = EXTREMES.filter((condition) => present.includes(condition));
    for (const condition of gone) round.claims.push({ condition, present: false, at: said, evidence: 'rate unknown' });
    return;
  }
  const { label, spread } = rate;
  const [low, high] = [rhythm.extremeBrady.perMinute, rhythm.extremeTachy.perMinute];
  const mayBegin = use !== 'usable' && (spread.lowest.value < low || spread.highest.value > high);
  if (!mayBegin && present.length === 0) return;
  const { hysteresis } = limits.hr;
  const sides: readonly Side[] = [
    { condition: 'hr-extreme-low', label, bound: low, hysteresis, isLow: true },
    { condition: 'hr-extreme-high', label, bound: high, hysteresis, isLow: false },
  ];
  for (const side of sides) if (mayBegin || present.includes(side.condition)) judgeSide(round, side, spread);
};

const EXTREMES = ['hr-extreme-low', 'hr-extreme-high'] as const;

const NOTHING_LOST: readonly LostValue[] = [];
const NOTHING_LEFT_OUT: readonly LeftOut[] = [];
const NOTHING_WORST: Worst = {};

const conditionsOf = (name: LimitName): readonly string[] => [
  `${name}-low`,
  `${name}-high`,
  ...(name === 'spo2' ? ['spo2-desaturation'] : []),
];

const staleClaims = (present: PresentConditions, { name, label, codes }: Measure, now: Moment): readonly Claim[] => {
  const mine = conditionsOf(name);
  const evidence = `${label} unknown for ${inSeconds(staleAfter(codes[0]!))} s`;
  return present
    .filter((condition) => mine.includes(condition))
    .map((condition): Claim => ({ condition, present: false, at: now, evidence }));
};

/**
 * Judges every numeric for which the preset has limits. A missing value ends nothing at once: the last one
 * stands until it is stale (`staleAfter`), then the condition ends as unknown, and says so; what is measured all the time is then
 * VALUE LOST until it is known again. HR is judged on Vigil's own
 * rate (`ownRates`, facts of the same sighting) while that is fresh, else on the monitors'. Where several devices of the bed tell a
 * value side by side, any of them rings. `signal`: whether anybody speaks at the bed, so that a device of several may be missed. The delay before a yellow signal rings is the alarm machine's (`delayOf`).
 */
export const watchLimits = (
  memory: LimitsMemory,
  sighting: Sighting,
  ownRates: readonly Fact[],
  settings: PopulationSettings,
  signal: SignalState,
): readonly [LimitsMemory, readonly Fact[]] => {
  const { said } = sighting;
  // What stood when a clock was set back begins anew at once: a second later its value may be too old to tell.
  const isTime = sighting.tag === 'SecondPassed' || sighting.tag === 'ClockSetBack';
  const isJudged = isTime || (memory.present.length > 0 && isWatched(sighting));
  const gone = isJudged ? tooOld(memory.values, said) : NO_READINGS;
  const counting = gone.length === 0 ? memory.values : memory.values.filter((reading) => !gone.includes(reading));
  const [values, dropped] = hearValues(counting, sighting, ownRates, settings);
  const [crowds, crowdFacts] = crowded(memory.crowds ?? NO_CODES, dropped, said);
  const hearing = hearDevices(memory.devices ?? noDevices, sighting);
  const [devices, silent] = isJudged ? missedDevices(hearing, gone, signal, said) : [hearing, []];
  const isHeard = values !== memory.values || devices !== (memory.devices ?? noDevices) || crowdFacts.length > 0;
  const next = isHeard ? { ...memory, values, devices, crowds } : memory;
  if (values === memory.values && !isTime) return [next, crowdFacts];
  const before = { lost: next.lost ?? NOTHING_LOST, worst: next.worst ?? NOTHING_WORST };
  const round: Round = { present: next.present, said, claims: [], worse: [], worst: before.worst, unknown: NO_NAMES };
  const hasEcg = isEcgExpected(signal);
  const missed = hasEcg ? silent.filter(({ code }) => code !== MDC.ecgHeartRate) : silent;
  const mayBeLost = before.lost.length + next.present.length + missed.length > 0;
  let { lost } = before;
  let rate: Rate | undefined;
  for (const measure of measures) {
    const spread = spreadOf(values, measure.codes, measure.ages, said);
    if (mayBeLost) {
      const judging = { measure, settings, present: next.present, spread, isEcgExpected: hasEcg, now: said };
      lost = lostAfter(lost, { gone, missed, values, devices }, judging);
    }
    if (spread === undefined) {
      if (next.present.length > 0) round.claims.push(...staleClaims(next.present, measure, said));
      continue;
    }
    round.unknown = lost.length === 0 ? NO_NAMES : lost.filter(({ name }) => name === measure.name).map(nameOf);
    judgeBounds(round, measure, settings.limits[measure.name], spread);
    if (measure.name === 'spo2') judgeDesaturation(round, settings.desaturationBelow, spread);
    if (rate === undefined && (measure.name === 'hr' || measure.name === 'pulse'))
      rate = { label: measure.label, spread };
  }
  round.unknown = NO_NAMES;
  judgeExtremes(round, settings, rate, signal);
  const leftOutBefore = next.leftOut ?? NOTHING_LEFT_OUT;
  const isKnown = ({ codes, ages }: Measure): boolean => spreadOf(values, codes, ages, said) !== undefined;
  const leftOut = leftOutAfter(leftOutBefore, { gone, devices, signal, settings, isKnown, lost, now: said }, hasEcg);
  if (leftOutBefore.length + leftOut.length > 0)
    round.claims.push(...leftOutClaims(leftOutBefore, leftOut, next.present, isKnown, said));
  // What takes the place of a condition begins before that ends.
  const isAllKnown = (): boolean =>
    measures.every((measure) => !before.lost.some(({ name }) => name === measure.name) || isKnown(measure));
  const claims = mayBeLost
    ? [...lostClaims(before.lost, lost, next.present, isAllKnown, said), ...round.claims]
    : round.claims;
  const [present, facts] = settle(next.present, claims, said);
  const { worst, worse } = round;
  const isSame =
    present === next.present && lost === before.lost && leftOut === leftOutBefore && worst === before.worst;
  const isPlain = worse.length + crowdFacts.length === 0;
  return [
    isSame ? next : { ...next, present, lost, leftOut, worst },
    isPlain ? facts : [...crowdFacts, ...facts, ...worse],
  ];
};
