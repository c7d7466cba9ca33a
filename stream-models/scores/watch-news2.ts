import { inUsualUnit, MDC, PRIVATE } from '../../schemas/codes.ts';
import { elapsed, type Microseconds, type Moment, seconds } from '../../schemas/units.ts';
import type { Fact } from '../vocabulary/fact.ts';
import { type Claim, type PresentConditions, settle } from '../vocabulary/present-conditions.ts';
import type { Sighting } from '../vocabulary/sighting.ts';
import { isMeasuredAllTheTime, staleAfter } from '../vocabulary/stale-after.ts';
import { type Consciousness, type News2, type News2Parameter, news2 } from './news2.ts';

interface Source {
  readonly codes: readonly number[];
  /** From this age on the input counts as missing. */
  readonly ageMax: Microseconds;
}

const minutes = (count: number): Microseconds => seconds(60 * count);

/**
 * Age limits of Vigil's own: what a monitor measures all the time must be fresh; what a nurse measures or enters may be
 * as old as the usual round. Of several codes the newest value counts.
 */
const news2Sources: Readonly<Record<News2Parameter, Source>> = {
  respirationRate: { codes: [MDC.respRate, MDC.respRateCo2], ageMax: minutes(5) },
  spo2: { codes: [MDC.spo2], ageMax: minutes(5) },
  onOxygen: { codes: [PRIVATE.oxygenTherapy], ageMax: minutes(240) },
  systolic: { codes: [MDC.nibpSystolic, MDC.abpSystolic], ageMax: minutes(60) },
  pulse: { codes: [MDC.ecgHeartRate, MDC.pulseRate], ageMax: minutes(5) },
  consciousness: { codes: [PRIVATE.consciousness], ageMax: minutes(240) },
  temperature: { codes: [MDC.temperature], ageMax: minutes(240) },
};

interface Reading {
  readonly code: number;
  readonly value: number;
  readonly at: Moment;
  /** The device that told it; absent: Vigil, or remembered from before this was kept. */
  readonly source?: string | undefined;
}

export interface News2Memory {
  readonly readings: readonly Reading[];
  /** Vigil's own heart rates of the last half minute: their median counts, because a score is no beat-to-beat thing. */
  readonly ownRates: readonly number[];
  /** When the newest of them was; absent: none yet, or remembered from before this was kept. */
  readonly ownRateAt?: Moment;
  readonly scaleTwo: boolean;
  /** When the scale was said; absent: it was not, or remembered from before this was kept. */
  readonly scaleAt?: Moment;
  /** What was said last, as one line, and when; undefined: nothing yet. */
  readonly saidLast: { readonly line: string; readonly at: Moment } | undefined;
  readonly present: PresentConditions;
  /** When each condition was last seen to hold: it ends only after a while, so that 130 ↔ 131 does not flap. */
  readonly heldAt: Readonly<Record<string, Moment>>;
  /** How grave each condition was at its gravest since the onset; absent: remembered from before this was kept. */
  readonly worst?: Readonly<Record<string, number>>;
}

export const news2Start: News2Memory = {
  readings: [],
  ownRates: [],
  scaleTwo: false,
  saidLast: undefined,
  present: [],
  heldAt: {},
};

/** Vigil's own heart rate comes once a second: the middle one of the last half minute counts, from ten of them on. */
const OWN_RATES_KEPT = 30;
const OWN_RATES_MIN = 10;
const OWN_RATES_SPAN = seconds(30);
const middleOf = (rates: readonly number[]): number => Float64Array.from(rates).sort()[rates.length >> 1] ?? 0;
/** A score that does not change is said again. */
const SAY_EVERY = seconds(60);
/** A condition of the score ends so long after it last held. */
const HOLD = seconds(60);
const wanted = new Set(Object.values(news2Sources).flatMap((source) => source.codes));
const levels: readonly Consciousness[] = ['alert', 'confusion', 'voice', 'pain', 'unresponsive'];

/** Levels have no dimension to convert; every other value comes into Vigil's unit. */
const inVigilsUnit = (code: number, value: number, unit: string): number | undefined =>
  code === PRIVATE.consciousness || code === PRIVATE.oxygenTherapy ? value : inUsualUnit(code, value, unit);

/**
 * Two devices that tell one code in turns would be two scores in turns: the one whose name comes first counts while it goes on, as on the
 * tile. Of what is measured now and then the newest counts, whoever measured it.
 */
const goesOnBefore = (one: Reading, other: Reading): boolean =>
  one.source !== undefined &&
  other.source !== undefined &&
  one.source < other.source &&
  isMeasuredAllTheTime(one.code) &&
  elapsed(one.at, other.at) < staleAfter(one.code);

const remember = (memory: News2Memory, reading: Reading): News2Memory => {
  const before = memory.readings.find(({ code }) => code === reading.code);
  // The clocks of two devices may be some seconds apart.
  const isOld = before !== undefined && before.at > reading.at && !goesOnBefore(reading, before);
  if (isOld || (before !== undefined && goesOnBefore(before, reading))) return memory;
  return { ...memory, readings: [...memory.readings.filter(({ code }) => code !== reading.code), reading] };
};

const hear = (memory: News2Memory, sighting: Sighting, ownRates: readonly Fact[]): News2Memory => {
  let next = memory;
  for (const fact of ownRates) {
    if (fact.tag !== 'Derived' || fact.code !== MDC.ecgHeartRate) continue;
    // Rates of before a hole, as with the electrodes off, are not of now.
    const isAfterHole = next.ownRateAt !== undefined && elapsed(next.ownRateAt, fact.at) >= OWN_RATES_SPAN;
    const kept = isAfterHole ? [fact.value] : [...next.ownRates.slice(1 - OWN_RATES_KEPT), fact.value];
    next = { ...next, ownRates: kept, ownRateAt: fact.at };
    if (kept.length < OWN_RATES_MIN) continue;
    next = remember(next, { code: fact.code, value: middleOf(kept), at: fact.at });
  }
  if (sighting.tag !== 'NumericSeen' || sighting.value === undefined) return next;
  if (sighting.code === PRIVATE.spo2Scale)
    return next.scaleAt !== undefined && next.scaleAt > sighting.at
      ? next
      : { ...next, scaleTwo: sighting.value === 2, scaleAt: sighting.at };
  if (!wanted.has(sighting.code)) return next;
  const value = inVigilsUnit(sighting.code, sighting.value, sighting.unit);
  return value === undefined || !Number.isFinite(value)
    ? next
    : remember(next, { code: sighting.code, value, at: sighting.at, source: sighting.source });
};

const scoreNow = (memory: News2Memory, now: Moment): News2 => {
  const newest = (parameter: News2Parameter): number | undefined => {
    const { codes, ageMax } = news2Sources[parameter];
    let found: Reading | undefined;
    for (let i = 0; i < memory.readings.length; i++) {
      const reading = memory.readings[i]!;
      if (!codes.includes(reading.code) || elapsed(reading.at, now) >= ageMax) continue;
      if (found === undefined || reading.at > found.at) found = reading;
    }
    return found?.value;
  };
  const oxygen = newest('onOxygen');
  const level = newest('consciousness');
  return news2({
    respirationRate: newest('respirationRate'),
    spo2: newest('spo2'),
    onOxygen: oxygen === 0 || oxygen === 1 ? oxygen === 1 : undefined,
    systolic: newest('systolic'),
    pulse: newest('pulse'),
    consciousness: level === undefined ? undefined : levels[level],
    temperature: newest('temperature'),
    spo2Scale: memory.scaleTwo ? 2 : 1,
  });
};

/** What a condition is made of at this moment, and how grave that is: points, or how many parameters have three. */
interface Held {
  readonly evidence: string;
  readonly gravity: number;
}
type Worse = Pick<Claim, 'condition' | 'evidence'>;

/** The conditions that hold of a score. What is known alone may reach a threshold: more inputs can only add points. */
const holding = (score: News2, scale: 1 | 2): ReadonlyMap<Claim['condition'], Held> => {
  const sum = score.value === undefined ? `at least ${score.atLeast}, ${score.missing.length} missing` : score.value;
  // The second scale was prescribed, and is not what everybody expects.
  const by = scale === 2 ? ' (SpO₂ scale 2)' : '';
  const held = new Map<Claim['condition'], Held>();
  const whole = { evidence: `NEWS2 ${sum}${by}`, gravity: score.atLeast };
  if (score.atLeast >= 7) held.set('news2-high', whole);
  else if (score.atLeast >= 5) held.set('news2-urgent', whole);
  const { threeInOne } = score;
  if (threeInOne.length > 0)
    held.set('news2-single-3', { evidence: `3 points for ${threeInOne.join(', ')}${by}`, gravity: threeInOne.length });
  return held;
};

/** Those that stand already and have become graver than they ever were. */
const worseOf = ({ present, worst = {} }: News2Memory, held: ReadonlyMap<Claim['condition'], Held>): readonly Worse[] =>
  [...held].flatMap(([condition, { evidence, gravity }]) =>
    present.includes(condition) && gravity > (worst[condition] ?? gravity) ? [{ condition, evidence }] : [],
  );

const worstAfter = ({ present, worst = {} }: News2Memory, held: ReadonlyMap<string, Held>): News2Memory['worst'] => {
  const after: Record<string, number> = { ...worst };
  for (const [condition, { gravity }] of held)
    if (gravity > (after[condition] ?? 0) || !present.some((name) => name === condition)) after[condition] = gravity;
  return after;
};

const heldNow = (held: ReadonlyMap<string, Held>, now: Moment): Readonly<Record<string, Moment>> =>
  Object.fromEntries([...held.keys()].map((condition) => [condition, now]));

const NO_FACTS: readonly Fact[] = [];

/**
 * NEWS2 for adults, judged at every second of bed time. The score is said when it, its points or what is missing change,
 * and at least once a minute; before the first input of any kind nothing is said. Conditions end after 60 s without
 * them. `ownRates`: Vigil's own heart rate, found in the same sighting.
 */
export const watchNews2 = (
  memory: News2Memory,
  sighting: Sighting,
  ownRates: readonly Fact[],
): readonly [News2Memory, readonly Fact[]] => {
  const heard = hear(memory, sighting, ownRates);
  if (sighting.tag !== 'SecondPassed' || heard.readings.length === 0) return [heard, NO_FACTS];
  const now = sighting.at;
  const { said } = sighting;
  const score = scoreNow(heard, now);
  const scale = heard.scaleTwo ? 2 : 1;
  const held = holding(score, scale);
  const heldAt = held.size === 0 ? heard.heldAt : { ...heard.heldAt, ...heldNow(held, now) };
  const claims: Claim[] = [];
  for (const [condition, { evidence }] of held) claims.push({ condition, present: true, at: now, evidence });
  for (const condition of heard.present)
    if (!held.has(condition) && elapsed(heldAt[condition] ?? now, now) >= HOLD)
      claims.push({ condition, present: false, at: now, evidence: `NEWS2 ${score.value ?? 'incomplete'}` });
  const [present, facts] = settle(heard.present, claims, said);
  const worse = worseOf(heard, held).map((one): Fact => ({ tag: 'Worse', at: now, said, ...one }));
  const worst = held.size === 0 ? heard.worst : worstAfter(heard, held);
  const line = JSON.stringify([score.value, score.points, score.missing, scale]);
  const due = heard.saidLast === undefined || elapsed(heard.saidLast.at, now) >= SAY_EVERY;
  const isSame = present === heard.present && heldAt === heard.heldAt && worst === heard.worst;
  const kept = isSame ? heard : { ...heard, present, heldAt, ...(worst === undefined ? {} : { worst }) };
  const all = worse.length === 0 ? facts : [...facts, ...worse];
  if (!due && line === heard.saidLast?.line) return [kept, all];
  const fact: Fact = {
    tag: 'Score',
    at: now,
    said,
    name: 'NEWS2',
    value: score.value,
    missing: score.missing,
    points: score.points as Readonly<Record<string, number>>,
    response: score.response,
    spo2Scale: scale,
  };
  return [{ ...kept, saidLast: { line, at: now } }, [fact, ...all]];
};
