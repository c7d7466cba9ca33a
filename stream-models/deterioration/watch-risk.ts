import { elapsed, type Microseconds, type Moment, minutes, moment } from '../../schemas/units.ts';
import type { Population } from '../presets/preset.ts';
import type { Fact } from '../vocabulary/fact.ts';
import type { LaboratorySeen, PatientDescribed, Sighting } from '../vocabulary/sighting.ts';
import { deteriorationInput } from './deterioration-input.ts';
import { emptyHour, type GatheredHour, minuteOver, valuesOf, withNumber } from './gathered-hour.ts';
import { type HiddenInput, hiddenInputs } from './hidden-inputs.ts';
import { LAB_CODES } from './lab-sources.ts';
import { PARAMETERS, VITALS } from './parameters.ts';
import { basisOf, type RiskBasis } from './risk-basis.ts';
import type { Patient } from './stay.ts';
import { lackingOf } from './sufficient.ts';
import { labsSince, labsUntil, labTold, noLabs, type ToldLabs } from './told-labs.ts';
import { sourceOf, VITAL_SOURCES } from './vital-sources.ts';
import { startWatching, type Watched } from './watched.ts';

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
  /** The hour without each signal that is known; empty where no number is made of it. */
  readonly hidden: readonly HiddenInput[];
}

export type RiskWord = { readonly labs: readonly LabNow[] } & (
  | RiskToJudge
  /** A patient is heard, but not yet for an hour: no number. */
  | { readonly tag: 'RiskTooEarly'; readonly at: Moment; readonly said: Moment }
  /** What was said last holds. */
  | { readonly tag: 'RiskRepeated'; readonly said: Moment }
);

/** The newest value of a laboratory parameter that was told. */
export interface LabNow {
  readonly code: number;
  readonly value: number;
  /** When the specimen was taken. */
  readonly at: Moment;
}

/** What was told of the patient; NaN: not known. */
type Described = Pick<PatientDescribed, 'ageYears' | 'isMale' | 'hospitalFromUs'>;

/** What is remembered of a bed's stay. Plain data, some 8 KB. */
export interface RiskMemory {
  readonly patient: string | undefined;
  readonly described: Described;
  /** Since when the patient is here, as far as Vigil was told, else heard; undefined: nobody was heard yet. */
  readonly since: Moment | undefined;
  /** Minutes and hours of the stay that are over. */
  readonly minute: number;
  readonly hour: number;
  readonly gathered: GatheredHour;
  /** Per source: when its newest number was measured; NaN: never. A number that is only sent again is no new one. */
  readonly measured: Float64Array;
  readonly labs: ToldLabs;
  /** Per parameter: the value of the newest row that had one, then when it was last measured. */
  readonly newest: Float64Array;
  readonly watched: Watched;
  readonly saidAt: Moment | undefined;
}

export const riskStart: RiskMemory = {
  patient: undefined,
  described: { ageYears: Number.NaN, isMale: Number.NaN, hospitalFromUs: Number.NaN },
  since: undefined,
  minute: 0,
  hour: 0,
  gathered: emptyHour,
  measured: new Float64Array(VITAL_SOURCES.length).fill(Number.NaN),
  labs: noLabs,
  newest: new Float64Array(2 * PARAMETERS.length).fill(Number.NaN),
  watched: startWatching,
  saidAt: undefined,
};

const MINUTE: Microseconds = minutes(1);
const HOUR: Microseconds = minutes(60);
/** Often enough for a screen that opens: at its start it hears ten minutes of findings. */
const SAY_EVERY: Microseconds = minutes(5);
/** What the network knows of who lies there. */
const patientOf = ({ described, since }: RiskMemory): Patient => ({
  ageYears: described.ageYears,
  isMale: described.isMale,
  hoursInHospitalBefore: Math.max(0, (since! - described.hospitalFromUs) / HOUR),
});

const hear = (
  memory: RiskMemory,
  { code, value, at }: { readonly code: number; readonly value: number; readonly at: Moment },
  by: 'monitor' | 'vigil',
): RiskMemory => {
  const source = sourceOf(code, by);
  if (source === undefined || !Number.isFinite(value)) return memory;
  const since = memory.since ?? at;
  if (at < since || at <= memory.measured[source]!) return memory;
  const measured = memory.measured.slice();
  measured[source] = at;
  return { ...memory, since, measured, gathered: withNumber(memory.gathered, source, value) };
};

const rowEndsAt = ({ since, hour }: RiskMemory): Moment | undefined =>
  since === undefined ? undefined : moment(since + (hour + 1) * HOUR);

/**
 * Of a specimen from before an assigned stay nobody here knows whose it was: it may be of who lay there before. Where no patient was
 * named, the hours count from the first vital sign, and the patient may have lain there for long.
 */
const told = (memory: RiskMemory, seen: LaboratorySeen): RiskMemory => {
  if (memory.patient === '') return memory;
  const from = memory.patient === undefined ? undefined : memory.since;
  const labs = labTold(memory.labs, seen, rowEndsAt(memory), from);
  return labs === memory.labs ? memory : { ...memory, labs };
};

/** A first name is of the patient who lay there all the time; when the stay began earlier than was heard, hours count from there. */
const assigned = (memory: RiskMemory, patient: string, at: Moment, said: Moment): RiskMemory => {
  if (patient === memory.patient) return memory;
  if (patient === '') return { ...riskStart, patient };
  if (memory.patient !== undefined || memory.since === undefined) {
    const over = Math.max(0, elapsed(at, said));
    const labs = memory.patient === undefined ? labsSince(memory.labs, at) : noLabs;
    return { ...riskStart, patient, labs, since: at, minute: Math.floor(over / MINUTE), hour: Math.floor(over / HOUR) };
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
    const before = after[PARAMETERS.length + vital]!;
    if (!(measured[source]! <= before) && !Number.isNaN(measured[source]!))
      after[PARAMETERS.length + vital] = measured[source]!;
  }
  return after;
};

const HOUR_WITHOUT = 'any vital sign of the last hour';

/**
 * The hour is over: its row has the medians of its vital signs and the laboratory values that were told in it. A row with nothing in it is
 * seen by the network, too, but no number is made of it, nor of laboratory values alone.
 */
const judge = (memory: RiskMemory, hour: number, said: Moment): readonly [RiskMemory, RiskToJudge] => {
  const at = moment(memory.since! + hour * HOUR);
  const values = valuesOf(memory.gathered);
  const isHeard = values.some((value) => !Number.isNaN(value));
  const newest = newestAfter(memory, values);
  const [labs, due] = labsUntil(memory.labs, at);
  for (const { lab, value, at: measured } of due) {
    values[VITALS.length + lab] = value;
    newest[VITALS.length + lab] = value;
    newest[PARAMETERS.length + VITALS.length + lab] = measured;
  }
  const row = { hour, values, patient: patientOf(memory) };
  const [watched, inputs] = deteriorationInput.step(memory.watched, row);
  const { x } = inputs[0]!;
  const isSufficient = isHeard && inputs[0]!.isSufficient;
  const missing = [...(isHeard ? [] : [HOUR_WITHOUT]), ...lackingOf(watched)];
  const isFirst = Number.isNaN(memory.watched.hour);
  const basis = basisOf(newest, watched, at);
  const hidden = isSufficient ? hiddenInputs(watched, row, newest) : [];
  return [
    { ...memory, hour, watched, newest, labs, gathered: { ...memory.gathered, minutes: emptyHour.minutes } },
    { tag: 'RiskToJudge', at, said, x, isFirst, isSufficient, missing, basis, hidden },
  ];
};

const NO_WORDS: readonly RiskWord[] = [];

/** What had been told by then: in rows that are over, or waiting for one. */
const labsBy = ({ newest, labs }: RiskMemory, at: Moment): readonly LabNow[] =>
  LAB_CODES.flatMap((code, lab): LabNow[] => {
    const waiting = labs.waiting.findLast((each) => each.lab === lab && each.told <= at);
    if (waiting !== undefined) return [{ code, value: waiting.value, at: waiting.at }];
    const value = newest[VITALS.length + lab]!;
    return Number.isNaN(value) ? [] : [{ code, value, at: moment(newest[PARAMETERS.length + VITALS.length + lab]!) }];
  });

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
      words.push({ ...word, labs: labsBy(next, at) });
    }
    return [{ ...next, saidAt: at }, words];
  }
  if (memory.saidAt !== undefined && elapsed(memory.saidAt, at) < SAY_EVERY) return [next, NO_WORDS];
  const isHeard = next.gathered.sums.some((sum) => sum !== 0) || next.gathered.minutes.some(({ length }) => length > 0);
  const isJudged = !Number.isNaN(next.watched.hour);
  if (!isHeard && !isJudged) return [next, NO_WORDS];
  next = { ...next, saidAt: at };
  const labs = labsBy(next, at);
  return [next, [isJudged ? { tag: 'RiskRepeated', said, labs } : { tag: 'RiskTooEarly', at, said, labs }]];
};

/**
 * Gathers an adult's vital signs and laboratory values and asks for a risk at the end of every hour of the stay: what the network needs,
 * or that it is too early; in between what was said last is said again. `ownRates`: Vigil's own heart rate, found in the same sighting. The same for
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
  for (const fact of ownRates) if (fact.tag === 'Derived') next = hear(next, fact, 'vigil');
  switch (sighting.tag) {
    case 'NumericSeen':
      return [hear(next, { ...sighting, value: sighting.value ?? Number.NaN }, 'monitor'), NO_WORDS];
    case 'AssignmentSeen':
      return [assigned(next, sighting.patient, sighting.at, sighting.said), NO_WORDS];
    case 'PatientDescribed': {
      const { patient, ageYears, isMale, hospitalFromUs } = sighting;
      const isHere = patient === next.patient;
      return [isHere ? { ...next, described: { ageYears, isMale, hospitalFromUs } } : next, NO_WORDS];
    }
    // Hours that were counted by a wrong clock are no hours; who lies there is known all the same.
    case 'ClockSetBack':
      return [{ ...riskStart, patient: next.patient, described: next.described }, NO_WORDS];
    case 'LaboratorySeen':
      return [told(next, sighting), NO_WORDS];
    case 'SecondPassed':
      return secondPassed(next, sighting.at, sighting.said);
    default:
      return [next, NO_WORDS];
  }
};
