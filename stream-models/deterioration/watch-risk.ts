import { elapsed, type Microseconds, type Moment, minutes, moment } from '../../schemas/units.ts';
import type { Fact } from '../analysis/fact.ts';
import type { Sighting } from '../analysis/sighting.ts';
import type { Population } from '../presets/preset.ts';
import { deteriorationInput } from './deterioration-input.ts';
import { emptyHour, type GatheredHour, minuteOver, valuesOf, withNumber } from './gathered-hour.ts';
import { standardised, VITALS } from './parameters.ts';
import type { Patient } from './stay.ts';
import { lackingOf } from './sufficient.ts';
import { sourceOf, VITAL_SOURCES } from './vital-sources.ts';
import { KEPT, startWatching, type Watched } from './watched.ts';

/** One vital sign that a risk is made of. */
export interface RiskBasis {
  /** Place in VITALS. */
  readonly vital: number;
  /** Median of the minutes of the newest hour that had any, in VITALS' unit. */
  readonly value: number;
  /** When it was last measured. */
  readonly at: Moment;
}

/** What the network needs of one hour, and what the answer is made of. */
export interface RiskToJudge {
  readonly tag: 'RiskToJudge';
  /** The end of the hour. */
  readonly at: Moment;
  readonly said: Moment;
  readonly x: Float32Array;
  /** The first hour of a stay: the network's state begins anew. */
  readonly isFirst: boolean;
  readonly isSufficient: boolean;
  readonly missing: readonly string[];
  /** Farthest from what is usual first. */
  readonly basis: readonly RiskBasis[];
}

export type RiskWord =
  | RiskToJudge
  /** A patient is heard, but not yet for an hour: no number. */
  | { readonly tag: 'RiskTooEarly'; readonly at: Moment; readonly said: Moment }
  /** What was said last holds. */
  | { readonly tag: 'RiskRepeated'; readonly said: Moment };

/** What is remembered of a bed's stay. Plain data, some 6 KB. */
export interface RiskMemory {
  readonly patient: string | undefined;
  /** Since when the patient is here, as far as Vigil was told, else heard; undefined: nobody was heard yet. */
  readonly since: Moment | undefined;
  /** Minutes and hours of the stay that are over. */
  readonly minute: number;
  readonly hour: number;
  readonly gathered: GatheredHour;
  /** Per source: when its newest number was measured; NaN: never. A number that is only sent again is no new one. */
  readonly measured: Float64Array;
  /** Per vital sign: the newest hour's value, and when it was last measured. */
  readonly newest: Float64Array;
  readonly watched: Watched;
  readonly saidAt: Moment | undefined;
}

export const riskStart: RiskMemory = {
  patient: undefined,
  since: undefined,
  minute: 0,
  hour: 0,
  gathered: emptyHour,
  measured: new Float64Array(VITAL_SOURCES.length).fill(Number.NaN),
  newest: new Float64Array(2 * VITALS.length).fill(Number.NaN),
  watched: startWatching,
  saidAt: undefined,
};

const MINUTE: Microseconds = minutes(1);
const HOUR: Microseconds = minutes(60);
/** Often enough for a screen that opens: at its start it hears ten minutes of findings. */
const SAY_EVERY: Microseconds = minutes(5);
/** An input older than this is not named: the network hardly sees it any more. */
const BASIS_AGE_MAX: Microseconds = minutes(24 * 60);

/** Telemetry does not say how old a patient is, of which sex, or how long in hospital. */
const UNKNOWN_PATIENT: Patient = {
  ageYears: Number.NaN,
  isMale: Number.NaN,
  hoursInHospitalBefore: Number.NaN,
};

const hear = (memory: RiskMemory, code: number, own: boolean, value: number, at: Moment): RiskMemory => {
  const source = sourceOf(code, own);
  if (source === undefined || !Number.isFinite(value)) return memory;
  const since = memory.since ?? at;
  if (at < since || at <= memory.measured[source]!) return memory;
  const measured = memory.measured.slice();
  measured[source] = at;
  return { ...memory, since, measured, gathered: withNumber(memory.gathered, source, value) };
};

/** A first name is of the patient who lay there all the time; when the stay began earlier than was heard, hours count from there. */
const assigned = (memory: RiskMemory, patient: string, at: Moment, said: Moment): RiskMemory => {
  if (patient === memory.patient) return memory;
  if (patient === '') return { ...riskStart, patient };
  if (memory.patient !== undefined || memory.since === undefined) {
    const over = Math.max(0, elapsed(at, said));
    return { ...riskStart, patient, since: at, minute: Math.floor(over / MINUTE), hour: Math.floor(over / HOUR) };
  }
  if (at >= memory.since) return { ...memory, patient };
  // Hours already judged were counted from a wrong beginning.
  const kept = Number.isNaN(memory.watched.hour) ? memory : riskStart;
  const over = elapsed(at, said);
  return { ...kept, patient, since: at, minute: Math.floor(over / MINUTE), hour: Math.floor(over / HOUR) };
};

const newestAfter = ({ newest, measured }: RiskMemory, values: Float64Array): Float64Array => {
  const after = newest.slice();
  for (const [source, { vital }] of VITAL_SOURCES.entries()) {
    if (Number.isNaN(values[vital]!)) continue;
    after[vital] = values[vital]!;
    const before = after[VITALS.length + vital]!;
    if (!(measured[source]! <= before) && !Number.isNaN(measured[source]!))
      after[VITALS.length + vital] = measured[source]!;
  }
  return after;
};

const basisOf = (newest: Float64Array, { numbers }: Watched, at: Moment): readonly RiskBasis[] => {
  const farness = ({ vital, value }: RiskBasis): number => Math.abs(standardised(VITALS[vital]!, value));
  return VITALS.flatMap((_, vital): RiskBasis[] => {
    const measured = moment(newest[VITALS.length + vital]!);
    // What is not plausible was no value for the network.
    const isTaken = numbers[KEPT.last + vital] === newest[vital];
    return isTaken && elapsed(measured, at) <= BASIS_AGE_MAX ? [{ vital, value: newest[vital]!, at: measured }] : [];
  }).sort((a, b) => farness(b) - farness(a));
};

const HOUR_WITHOUT = 'any vital sign of the last hour';

/** The hour is over. A row with nothing in it is seen by the network, too, but no number is made of it. */
const judge = (memory: RiskMemory, hour: number, said: Moment): readonly [RiskMemory, RiskToJudge] => {
  const at = moment(memory.since! + hour * HOUR);
  const values = valuesOf(memory.gathered);
  const isHeard = values.some((value) => !Number.isNaN(value));
  const [watched, inputs] = deteriorationInput.step(memory.watched, { hour, values, patient: UNKNOWN_PATIENT });
  const { x, isSufficient } = inputs[0]!;
  const newest = newestAfter(memory, values);
  const missing = [...(isHeard ? [] : [HOUR_WITHOUT]), ...lackingOf(watched)];
  const isFirst = Number.isNaN(memory.watched.hour);
  const basis = basisOf(newest, watched, at);
  return [
    { ...memory, hour, watched, newest, gathered: { ...memory.gathered, minutes: emptyHour.minutes } },
    { tag: 'RiskToJudge', at, said, x, isFirst, isSufficient: isSufficient && isHeard, missing, basis },
  ];
};

const NO_WORDS: readonly RiskWord[] = [];

/**
 * A second of bed time is over. Of hours that Vigil missed only the first, with what had been gathered for it, and the newest are
 * judged: rows may be at any distance.
 */
const secondPassed = (memory: RiskMemory, at: Moment, said: Moment): readonly [RiskMemory, readonly RiskWord[]] => {
  if (memory.since === undefined) return [memory, NO_WORDS];
  const over = elapsed(memory.since, at);
  const minute = Math.floor(over / MINUTE);
  const hour = Math.floor(over / HOUR);
  let next = minute > memory.minute ? { ...memory, minute, gathered: minuteOver(memory.gathered) } : memory;
  if (hour > memory.hour) {
    const words: RiskWord[] = [];
    for (const each of hour > memory.hour + 1 ? [memory.hour + 1, hour] : [hour]) {
      const [after, word] = judge(next, each, said);
      next = after;
      words.push(word);
    }
    return [{ ...next, saidAt: at }, words];
  }
  if (memory.saidAt !== undefined && elapsed(memory.saidAt, at) < SAY_EVERY) return [next, NO_WORDS];
  const isHeard = next.gathered.sums.some((sum) => sum !== 0) || next.gathered.minutes.some(({ length }) => length > 0);
  const isJudged = !Number.isNaN(next.watched.hour);
  if (!isHeard && !isJudged) return [next, NO_WORDS];
  next = { ...next, saidAt: at };
  return [next, [isJudged ? { tag: 'RiskRepeated', said } : { tag: 'RiskTooEarly', at, said }]];
};

/**
 * Gathers an adult's vital signs and asks for a risk at the end of every hour of the stay: what the network needs, or that it is too
 * early; in between what was said last is said again. `ownRates`: Vigil's own heart rate, found in the same sighting. The same for
 * every cutting into frames, because it follows the bed's own seconds.
 */
export const watchRisk = (
  memory: RiskMemory,
  sighting: Sighting,
  ownRates: readonly Fact[],
  population: Population,
): readonly [RiskMemory, readonly RiskWord[]] => {
  let next = memory;
  if (population !== 'adult') {
    const none = memory.since === undefined ? memory : { ...riskStart, patient: memory.patient };
    return [sighting.tag === 'AssignmentSeen' ? { ...riskStart, patient: sighting.patient } : none, NO_WORDS];
  }
  for (const fact of ownRates) if (fact.tag === 'Derived') next = hear(next, fact.code, true, fact.value, fact.at);
  switch (sighting.tag) {
    case 'NumericSeen':
      return [
        sighting.value === undefined ? next : hear(next, sighting.code, false, sighting.value, sighting.at),
        NO_WORDS,
      ];
    case 'AssignmentSeen':
      return [assigned(next, sighting.patient, sighting.at, sighting.said), NO_WORDS];
    case 'SecondPassed':
      return secondPassed(next, sighting.at, sighting.said);
    default:
      return [next, NO_WORDS];
  }
};
