import { inUsualUnit, MDC } from '../../schemas/codes.ts';
import { elapsed, inSeconds, type Moment } from '../../schemas/units.ts';
import type { Fact } from '../analysis/fact.ts';
import type { Sighting } from '../analysis/sighting.ts';
import type { Limit, LimitName, PopulationSettings } from '../presets/preset.ts';
import { type Claim, type PresentConditions, settle } from '../rhythm/present-conditions.ts';
import { isEcgExpected, type SignalState } from '../rhythm/signal-state.ts';
import { type Devices, hearDevices, missedDevices, noDevices } from './devices.ts';
import { DESATURATION_HYSTERESIS, judgeSide, nameOf, type Round, type Worst } from './judge-limit.ts';
import { type LostValue, lostAfter, lostClaims } from './lost-values.ts';
import { type Measure, measures, watched } from './measures.ts';
import { probeNamed } from './probes.ts';
import { type Reading, type Spread, spreadOf, withReading } from './readings.ts';
import { staleAfter } from './stale-after.ts';

/** The newest values of each code, in Vigil's units, while they count. Plain, a few entries per code of the table of measures. */
export interface LimitsMemory {
  readonly values: readonly Reading[];
  readonly present: PresentConditions;
  /** What is not known now and must be; absent: nothing. */
  readonly lost?: readonly LostValue[];
  /** Absent: none has told a number yet. */
  readonly devices?: Devices;
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

const NO_FACTS: readonly Fact[] = [];
const NO_READINGS: readonly Reading[] = [];
const NO_NAMES: readonly string[] = [];

/** The red limit beside the yellow one. */
const judgeDesaturation = (round: Round, bound: number, spread: Spread): void => {
  if (spread.lowest.value >= bound && round.present.length === 0) return;
  const side = { condition: 'spo2-desaturation', label: 'SpO₂', bound, isLow: true } as const;
  judgeSide(round, { ...side, hysteresis: DESATURATION_HYSTERESIS }, spread);
};

const NOTHING_LOST: readonly LostValue[] = [];
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

const isWatched = (sighting: Sighting): boolean => sighting.tag === 'NumericSeen' && watched.has(sighting.code);

/** What counts no more at a moment: seen once, for it is forgotten then. */
const tooOld = (values: readonly Reading[], now: Moment): readonly Reading[] => {
  const isTooOld = ({ code, at }: Reading): boolean => elapsed(at, now) >= staleAfter(code);
  return values.some(isTooOld) ? values.filter(isTooOld) : NO_READINGS;
};

/** What is known after a sighting; the same list (===) when it brings no value for which there is a limit. */
const heard = (values: readonly Reading[], sighting: Sighting, ownRates: readonly Fact[]): readonly Reading[] => {
  let next = values;
  for (const fact of ownRates)
    if (fact.tag === 'Derived' && watched.has(fact.code))
      next = withReading(next, { code: fact.code, own: true, value: fact.value, at: fact.at });
  if (sighting.tag !== 'NumericSeen' || sighting.value === undefined || !watched.has(sighting.code)) return next;
  const { code, at, unit, probe } = sighting;
  const value = inUsualUnit(code, sighting.value, unit);
  if (value === undefined || !Number.isFinite(value) || elapsed(at, sighting.said) >= staleAfter(code)) return next;
  const named = probeNamed(next, { code, at, value, source: sighting.source, probe });
  return withReading(next, { code, own: false, value, at, ...named });
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
  const isTime = sighting.tag === 'SecondPassed';
  const isJudged = isTime || (memory.present.length > 0 && isWatched(sighting));
  const gone = isJudged ? tooOld(memory.values, said) : NO_READINGS;
  const counting = gone.length === 0 ? memory.values : memory.values.filter((reading) => !gone.includes(reading));
  const values = heard(counting, sighting, ownRates);
  const hearing = hearDevices(memory.devices ?? noDevices, sighting);
  const [devices, silent] = isJudged ? missedDevices(hearing, gone, signal, said) : [hearing, []];
  const isHeard = values !== memory.values || devices !== (memory.devices ?? noDevices);
  const next = isHeard ? { ...memory, values, devices } : memory;
  if (values === memory.values && !isTime) return [next, NO_FACTS];
  const before = { lost: next.lost ?? NOTHING_LOST, worst: next.worst ?? NOTHING_WORST };
  const round: Round = { present: next.present, said, claims: [], worse: [], worst: before.worst, unknown: NO_NAMES };
  const missed = isEcgExpected(signal) ? silent.filter(({ code }) => code !== MDC.ecgHeartRate) : silent;
  const mayBeLost = before.lost.length + next.present.length + missed.length > 0;
  let { lost } = before;
  for (const measure of measures) {
    const spread = spreadOf(values, measure.codes, measure.ages, said);
    if (mayBeLost) {
      const judging = { measure, settings, present: next.present, spread, now: said };
      lost = lostAfter(lost, { gone, missed, values, devices }, judging);
    }
    if (spread === undefined) {
      if (next.present.length > 0) round.claims.push(...staleClaims(next.present, measure, said));
      continue;
    }
    round.unknown = lost.length === 0 ? NO_NAMES : lost.filter(({ name }) => name === measure.name).map(nameOf);
    judgeBounds(round, measure, settings.limits[measure.name], spread);
    if (measure.name === 'spo2') judgeDesaturation(round, settings.desaturationBelow, spread);
  }
  // What takes the place of a condition begins before that ends.
  const claims = mayBeLost ? [...lostClaims(before.lost, lost, next.present, said), ...round.claims] : round.claims;
  const [present, facts] = settle(next.present, claims, said);
  const { worst, worse } = round;
  const isSame = present === next.present && lost === before.lost && worst === before.worst;
  return [isSame ? next : { ...next, present, lost, worst }, worse.length === 0 ? facts : [...facts, ...worse]];
};
