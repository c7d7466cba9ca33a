import { inUsualUnit, MDC } from '../../schemas/codes.ts';
import { inSeconds, type Microseconds, type Moment } from '../../schemas/units.ts';
import type { Fact } from '../analysis/fact.ts';
import type { Sighting } from '../analysis/sighting.ts';
import type { Limit, LimitName, PopulationSettings } from '../presets/preset.ts';
import { type Claim, type PresentConditions, settle } from '../rhythm/present-conditions.ts';
import { judgeSide, type Round, shown, type Worst } from './judge-limit.ts';
import { type Reading, type Spread, spreadOf, withReading } from './readings.ts';
import { staleAfter } from './stale-after.ts';

/** The newest value of each code, in Vigil's units. Plain, a few entries per code of the table below. */
export interface LimitsMemory {
  readonly values: readonly Reading[];
  readonly present: PresentConditions;
  /** What was beyond a limit when it was heard last, and is not known now; absent: nothing. */
  readonly lost?: readonly LimitName[];
  /** Absent: nothing was beyond a limit yet, or remembered from before this was kept. */
  readonly worst?: Worst;
}

export const limitsStart: LimitsMemory = { values: [], present: [] };

interface Measure {
  readonly name: LimitName;
  readonly label: string;
  readonly codes: readonly number[];
  /** From which age on a value of each code counts no more. */
  readonly ages: readonly Microseconds[];
}

const measureOf = (name: LimitName, label: string, ...codes: readonly number[]): Measure => ({
  ...{ name, label, codes, ages: codes.map(staleAfter) },
});

/** What each limit is judged on: the first code of the list that has a fresh value, Vigil's own before the monitor's. */
const measures: readonly Measure[] = [
  measureOf('hr', 'HR', MDC.ecgHeartRate),
  measureOf('pulse', 'pulse', MDC.pulseRate),
  measureOf('spo2', 'SpO₂', MDC.spo2),
  measureOf('rr', 'RR', MDC.respRate, MDC.respRateCo2),
  measureOf('temp', 'temp', MDC.temperature),
  measureOf('nibp-sys', 'NIBP sys', MDC.nibpSystolic),
  measureOf('nibp-mean', 'NIBP mean', MDC.nibpMean),
  measureOf('abp-sys', 'ABP sys', MDC.abpSystolic),
  measureOf('abp-mean', 'ABP mean', MDC.abpMean),
  measureOf('cvp', 'CVP', MDC.cvpMean),
  measureOf('etco2', 'etCO₂', MDC.etco2),
];
const watched = new Set(measures.flatMap((measure) => measure.codes));
const DESATURATION_HYSTERESIS = 1;

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

const NO_CLAIMS: readonly Claim[] = [];
const NO_FACTS: readonly Fact[] = [];

/** The red limit beside the yellow one. */
const judgeDesaturation = (round: Round, bound: number, spread: Spread): void => {
  if (spread.lowest.value >= bound && round.present.length === 0) return;
  const side = { condition: 'spo2-desaturation', label: 'SpO₂', bound, isLow: true } as const;
  judgeSide(round, { ...side, hysteresis: DESATURATION_HYSTERESIS }, spread);
};

/**
 * What is measured all the time and has no alarm of its sensor, as the ECG has. A saturation of 70 % whose probe then finds no pulse has
 * not come back.
 */
const TOLD_WHEN_LOST: readonly LimitName[] = ['pulse', 'spo2', 'rr', 'abp-sys', 'abp-mean', 'cvp', 'etco2'];
const NOTHING_LOST: readonly LimitName[] = [];
const NOTHING_WORST: Worst = {};

/** `lost` changes only where it must: the same list (===) is no news. */
const lostAfter = (
  lost: readonly LimitName[],
  name: LimitName,
  present: PresentConditions,
  isKnown: boolean,
): readonly LimitName[] => {
  if (isKnown) return lost.includes(name) ? lost.filter((other) => other !== name) : lost;
  if (lost.includes(name) || !TOLD_WHEN_LOST.includes(name)) return lost;
  return present.some((condition) => conditionsOf(name).includes(condition)) ? [...lost, name] : lost;
};

const lostClaims = ({ values, present }: LimitsMemory, lost: readonly LimitName[], now: Moment): readonly Claim[] => {
  const condition = 'value-lost';
  if (lost.length === 0)
    return present.includes(condition)
      ? [{ condition, present: false, at: now, evidence: 'measured again' }]
      : NO_CLAIMS;
  const words = measures
    .filter(({ name }) => lost.includes(name))
    .map(({ label, codes }) => {
      const last = values.filter(({ code }) => codes.includes(code)).map(({ value }) => shown(value));
      return `${label} was ${last.length === 0 ? 'beyond its limit' : last.join(' and ')}, unknown now`;
    });
  return [{ condition, present: true, at: now, evidence: words.join('; ') }];
};

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

/** What is known after a sighting; the same list (===) when it brings no value for which there is a limit. */
const heard = (values: readonly Reading[], sighting: Sighting, ownRates: readonly Fact[]): readonly Reading[] => {
  let next = values;
  for (const fact of ownRates)
    if (fact.tag === 'Derived' && watched.has(fact.code))
      next = withReading(next, { code: fact.code, own: true, value: fact.value, at: fact.at });
  if (sighting.tag !== 'NumericSeen' || sighting.value === undefined || !watched.has(sighting.code)) return next;
  const { code, at, unit, source } = sighting;
  const value = inUsualUnit(code, sighting.value, unit);
  if (value === undefined || !Number.isFinite(value)) return next;
  return withReading(next, { code, own: false, value, at, source });
};

/**
 * Judges every numeric for which the preset has limits. A missing value ends nothing at once: the last one
 * stands until it is stale (`staleAfter`), then the condition ends as unknown, and says so; what is measured all the time is then
 * VALUE LOST until it is known again. HR is judged on Vigil's own
 * rate (`ownRates`, facts of the same sighting) while that is fresh, else on the monitors'. Where several devices of the bed tell a
 * value side by side, any of them rings. The delay before a yellow signal rings is the alarm machine's (`delayOf`).
 */
export const watchLimits = (
  memory: LimitsMemory,
  sighting: Sighting,
  ownRates: readonly Fact[],
  settings: PopulationSettings,
): readonly [LimitsMemory, readonly Fact[]] => {
  const values = heard(memory.values, sighting, ownRates);
  const next = values === memory.values ? memory : { ...memory, values };
  if (next === memory && sighting.tag !== 'SecondPassed') return [memory, NO_FACTS];
  const { said } = sighting;
  const before = { lost: next.lost ?? NOTHING_LOST, worst: next.worst ?? NOTHING_WORST };
  const round: Round = { present: next.present, said, claims: [], worse: [], worst: before.worst };
  let { lost } = before;
  for (const measure of measures) {
    const spread = spreadOf(values, measure.codes, measure.ages, said);
    if (lost.length + next.present.length > 0) lost = lostAfter(lost, measure.name, next.present, spread !== undefined);
    if (spread === undefined) {
      if (next.present.length > 0) round.claims.push(...staleClaims(next.present, measure, said));
      continue;
    }
    judgeBounds(round, measure, settings.limits[measure.name], spread);
    if (measure.name === 'spo2') judgeDesaturation(round, settings.desaturationBelow, spread);
  }
  if (lost.length + next.present.length > 0) round.claims.push(...lostClaims(next, lost, said));
  const [present, facts] = settle(next.present, round.claims, said);
  const { worst, worse } = round;
  const isSame = present === next.present && lost === before.lost && worst === before.worst;
  return [isSame ? next : { ...next, present, lost, worst }, worse.length === 0 ? facts : [...facts, ...worse]];
};
