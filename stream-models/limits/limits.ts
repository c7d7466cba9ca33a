import { inUsualUnit, MDC } from '../../schemas/codes.ts';
import { elapsed, inSeconds, type Microseconds, type Moment } from '../../schemas/units.ts';
import type { Fact } from '../analysis/fact.ts';
import type { Sighting } from '../analysis/sighting.ts';
import type { Limit, LimitCondition, LimitName, PopulationSettings } from '../presets/preset.ts';
import { type Claim, type PresentConditions, settle } from '../rhythm/present-conditions.ts';
import { staleAfter } from './stale-after.ts';

/** The newest value of each code, in Vigil's units. Plain, one entry per code of the table below. */
export interface LimitsMemory {
  readonly values: readonly Reading[];
  readonly present: PresentConditions;
  /** What was beyond a limit when it was heard last, and is not known now; absent: nothing. */
  readonly lost?: readonly LimitName[];
}

interface Reading {
  readonly code: number;
  readonly own: boolean;
  readonly value: number;
  readonly at: Moment;
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

/** A vital sign as people read it: at most one decimal. */
const shown = (value: number): string => String(Math.round(value * 10) / 10);

/** Asked of every measure at every numeric and every second: plain loops. */
const freshest = ({ values }: LimitsMemory, { codes, ages }: Measure, now: Moment): Reading | undefined => {
  for (let c = 0; c < codes.length; c++) {
    let found: Reading | undefined;
    for (let v = 0; v < values.length; v++) {
      const reading = values[v]!;
      if (reading.code !== codes[c] || !(reading.own || found === undefined)) continue;
      if (elapsed(reading.at, now) < ages[c]!) found = reading;
    }
    if (found !== undefined) return found;
  }
  return undefined;
};

const remembered = (memory: LimitsMemory, reading: Reading): LimitsMemory => {
  const same = (other: Reading) => other.code === reading.code && other.own === reading.own;
  const before = memory.values.find(same);
  // A value that comes late is no news.
  if (before && before.at > reading.at) return memory;
  return { ...memory, values: [...memory.values.filter((other) => !same(other)), reading] };
};

/** What is known already is not claimed again. */
const judgeSide = (
  claims: Claim[],
  present: PresentConditions,
  side: 'low' | 'high',
  { name, label }: Measure,
  bound: number,
  hysteresis: number,
  { value, at }: Reading,
): void => {
  const beyond = side === 'low' ? bound - value : value - bound;
  const condition: LimitCondition = `${name}-${side}`;
  const known = present.includes(condition);
  if (beyond > 0 && !known) {
    const evidence = `${label} ${shown(value)} ${side === 'low' ? '<' : '>'} ${shown(bound)}`;
    claims.push({ condition, present: true, at, evidence });
  } else if (known && beyond <= 0 && beyond <= -hysteresis) {
    const evidence = `${label} ${shown(value)} ${side === 'low' ? '≥' : '≤'} ${shown(bound)}`;
    claims.push({ condition, present: false, at, evidence });
  }
};

/** Most values are inside of their limits, as they were a second ago: then nothing is asked of either side. */
const judgeBounds = (
  claims: Claim[],
  present: PresentConditions,
  measure: Measure,
  { low, high, hysteresis }: Limit,
  reading: Reading,
): void => {
  const isInside = (low === undefined || reading.value >= low) && (high === undefined || reading.value <= high);
  if (isInside && present.length === 0) return;
  if (low !== undefined) judgeSide(claims, present, 'low', measure, low, hysteresis, reading);
  if (high !== undefined) judgeSide(claims, present, 'high', measure, high, hysteresis, reading);
};

const NO_CLAIMS: readonly Claim[] = [];
const NO_FACTS: readonly Fact[] = [];

const desaturationClaims = (present: PresentConditions, below: number, { value, at }: Reading): readonly Claim[] => {
  const condition = 'spo2-desaturation';
  const known = present.includes(condition);
  if (value < below)
    return known ? NO_CLAIMS : [{ condition, present: true, at, evidence: `SpO₂ ${shown(value)} < ${below}` }];
  return known && value >= below + DESATURATION_HYSTERESIS
    ? [{ condition, present: false, at, evidence: `SpO₂ ${shown(value)} ≥ ${below}` }]
    : NO_CLAIMS;
};

/**
 * What is measured all the time and has no alarm of its sensor, as the ECG has. A saturation of 70 % whose probe then finds no pulse has
 * not come back.
 */
const TOLD_WHEN_LOST: readonly LimitName[] = ['pulse', 'spo2', 'rr', 'abp-sys', 'abp-mean', 'cvp', 'etco2'];
const NOTHING_LOST: readonly LimitName[] = [];

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
      const last = values.find(({ code }) => codes.includes(code));
      return `${label} was ${last === undefined ? 'beyond its limit' : shown(last.value)}, unknown now`;
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

/**
 * Judges every numeric for which the preset has limits. A missing value ends nothing at once: the last one
 * stands until it is stale (`staleAfter`), then the condition ends as unknown, and says so; what is measured all the time is then
 * VALUE LOST until it is known again. HR is judged on Vigil's own
 * rate (`ownRates`, facts of the same sighting) while that is fresh, else on the monitor's. The delay before a yellow
 * signal rings is the alarm machine's (`delayOf`).
 */
export const watchLimits = (
  memory: LimitsMemory,
  sighting: Sighting,
  ownRates: readonly Fact[],
  settings: PopulationSettings,
): readonly [LimitsMemory, readonly Fact[]] => {
  let next = memory;
  for (const fact of ownRates)
    if (fact.tag === 'Derived' && watched.has(fact.code))
      next = remembered(next, { code: fact.code, own: true, value: fact.value, at: fact.at });
  if (sighting.tag === 'NumericSeen' && sighting.value !== undefined && watched.has(sighting.code)) {
    const value = inUsualUnit(sighting.code, sighting.value, sighting.unit);
    if (value !== undefined && Number.isFinite(value))
      next = remembered(next, { code: sighting.code, own: false, value, at: sighting.at });
  }
  if (next === memory && sighting.tag !== 'SecondPassed') return [memory, NO_FACTS];
  const claims: Claim[] = [];
  let lost = next.lost ?? NOTHING_LOST;
  for (const measure of measures) {
    const reading = freshest(next, measure, sighting.said);
    if (lost.length + next.present.length > 0)
      lost = lostAfter(lost, measure.name, next.present, reading !== undefined);
    if (reading === undefined) {
      if (next.present.length > 0) claims.push(...staleClaims(next.present, measure, sighting.said));
      continue;
    }
    judgeBounds(claims, next.present, measure, settings.limits[measure.name], reading);
    if (measure.name === 'spo2')
      for (const claim of desaturationClaims(next.present, settings.desaturationBelow, reading)) claims.push(claim);
  }
  if (lost.length + next.present.length > 0) claims.push(...lostClaims(next, lost, sighting.said));
  const [present, facts] = settle(next.present, claims, sighting.said);
  const isSame = present === next.present && lost === (next.lost ?? NOTHING_LOST);
  return [isSame ? next : { ...next, present, lost }, facts];
};
