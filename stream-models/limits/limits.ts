import { inUsualUnit, MDC } from '../../schemas/codes.ts';
import { elapsed, inSeconds, type Moment } from '../../schemas/units.ts';
import type { Fact } from '../analysis/fact.ts';
import type { Sighting } from '../analysis/sighting.ts';
import type { Limit, LimitCondition, LimitName, PopulationSettings } from '../presets/preset.ts';
import { type Claim, type PresentConditions, settle } from '../rhythm/present-conditions.ts';
import { staleAfter } from './stale-after.ts';

/** The newest value of each code, in Vigil's units. Plain, one entry per code of the table below. */
export interface LimitsMemory {
  readonly values: readonly Reading[];
  readonly present: PresentConditions;
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
}

/** What each limit is judged on: the first code of the list that has a fresh value, Vigil's own before the monitor's. */
const measures: readonly Measure[] = [
  { name: 'hr', label: 'HR', codes: [MDC.ecgHeartRate] },
  { name: 'pulse', label: 'pulse', codes: [MDC.pulseRate] },
  { name: 'spo2', label: 'SpO₂', codes: [MDC.spo2] },
  { name: 'rr', label: 'RR', codes: [MDC.respRate, MDC.respRateCo2] },
  { name: 'temp', label: 'temp', codes: [MDC.temperature] },
  { name: 'nibp-sys', label: 'NIBP sys', codes: [MDC.nibpSystolic] },
  { name: 'nibp-mean', label: 'NIBP mean', codes: [MDC.nibpMean] },
  { name: 'abp-sys', label: 'ABP sys', codes: [MDC.abpSystolic] },
  { name: 'abp-mean', label: 'ABP mean', codes: [MDC.abpMean] },
  { name: 'cvp', label: 'CVP', codes: [MDC.cvpMean] },
  { name: 'etco2', label: 'etCO₂', codes: [MDC.etco2] },
];
const watched = new Set(measures.flatMap((measure) => measure.codes));
const DESATURATION_HYSTERESIS = 1;

/** A vital sign as people read it: at most one decimal. */
const shown = (value: number): string => String(Math.round(value * 10) / 10);

const freshest = (memory: LimitsMemory, codes: readonly number[], now: Moment): Reading | undefined => {
  for (const code of codes) {
    let found: Reading | undefined;
    for (const reading of memory.values)
      if (reading.code === code && (reading.own || found === undefined) && elapsed(reading.at, now) < staleAfter(code))
        found = reading;
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

/** What is known already is not claimed again: most values are inside of their limits, as they were a second ago. */
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
  if (beyond <= 0 && present.length === 0) return;
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

const judgeBounds = (
  claims: Claim[],
  present: PresentConditions,
  measure: Measure,
  { low, high, hysteresis }: Limit,
  reading: Reading,
): void => {
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

const staleClaims = (present: PresentConditions, { name, label, codes }: Measure, now: Moment): readonly Claim[] => {
  if (present.length === 0) return NO_CLAIMS;
  const mine = [`${name}-low`, `${name}-high`, ...(name === 'spo2' ? ['spo2-desaturation'] : [])];
  const evidence = `${label} unknown for ${inSeconds(staleAfter(codes[0]!))} s`;
  return present
    .filter((condition) => mine.includes(condition))
    .map((condition): Claim => ({ condition, present: false, at: now, evidence }));
};

/**
 * Judges every numeric of features.md 2.7 against the preset's limits. A missing value ends nothing at once: the last one
 * stands until it is stale (`staleAfter`), then the condition ends as unknown, and says so. HR is judged on Vigil's own
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
  for (const measure of measures) {
    const reading = freshest(next, measure.codes, sighting.said);
    if (reading === undefined) {
      claims.push(...staleClaims(next.present, measure, sighting.said));
      continue;
    }
    judgeBounds(claims, next.present, measure, settings.limits[measure.name], reading);
    if (measure.name === 'spo2') claims.push(...desaturationClaims(next.present, settings.desaturationBelow, reading));
  }
  const [present, facts] = settle(next.present, claims, sighting.said);
  return [present === next.present ? next : { ...next, present }, facts];
};
