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

/** What each limit is judged on: the first code of the list that has a fresh value, Vigil's own before the monitor's. */
const measures: readonly { readonly name: LimitName; readonly label: string; readonly codes: readonly number[] }[] = [
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
  for (const code of codes)
    for (const own of [true, false]) {
      const found = memory.values.find((reading) => reading.code === code && reading.own === own);
      if (found && elapsed(found.at, now) < staleAfter(code)) return found;
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

const boundClaims = (
  present: PresentConditions,
  name: LimitName,
  label: string,
  limit: Limit,
  reading: Reading,
): readonly Claim[] => {
  const { value, at } = reading;
  const claims: Claim[] = [];
  const judge = (side: 'low' | 'high', bound: number, beyond: number) => {
    const condition: LimitCondition = `${name}-${side}`;
    const sign = side === 'low' ? '<' : '>';
    const inside = side === 'low' ? '≥' : '≤';
    if (beyond > 0)
      claims.push({ condition, present: true, at, evidence: `${label} ${shown(value)} ${sign} ${shown(bound)}` });
    else if (present.includes(condition) && beyond <= -limit.hysteresis)
      claims.push({ condition, present: false, at, evidence: `${label} ${shown(value)} ${inside} ${shown(bound)}` });
  };
  if (limit.low !== undefined) judge('low', limit.low, limit.low - value);
  if (limit.high !== undefined) judge('high', limit.high, value - limit.high);
  return claims;
};

const desaturationClaims = (present: PresentConditions, below: number, { value, at }: Reading): readonly Claim[] => {
  const condition = 'spo2-desaturation';
  if (value < below) return [{ condition, present: true, at, evidence: `SpO₂ ${shown(value)} < ${below}` }];
  if (present.includes(condition) && value >= below + DESATURATION_HYSTERESIS)
    return [{ condition, present: false, at, evidence: `SpO₂ ${shown(value)} ≥ ${below}` }];
  return [];
};

const staleClaims = (present: PresentConditions, name: LimitName, label: string, code: number, now: Moment) => {
  const mine = [`${name}-low`, `${name}-high`, ...(name === 'spo2' ? ['spo2-desaturation'] : [])];
  return present
    .filter((condition) => mine.includes(condition))
    .map(
      (condition): Claim => ({
        condition,
        present: false,
        at: now,
        evidence: `${label} unknown for ${inSeconds(staleAfter(code))} s`,
      }),
    );
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
  if (next === memory && sighting.tag !== 'SecondPassed') return [memory, []];
  const claims: Claim[] = [];
  for (const { name, label, codes } of measures) {
    const reading = freshest(next, codes, sighting.said);
    if (reading === undefined) {
      claims.push(...staleClaims(next.present, name, label, codes[0]!, sighting.said));
      continue;
    }
    claims.push(...boundClaims(next.present, name, label, settings.limits[name], reading));
    if (name === 'spo2') claims.push(...desaturationClaims(next.present, settings.desaturationBelow, reading));
  }
  const [present, facts] = settle(next.present, claims, sighting.said);
  return [{ ...next, present }, facts];
};
