/** One limit held against one value: whether it is passed, whether it is back, and how far beyond it was at the farthest. */
import type { Moment } from '../../schemas/units.ts';
import type { LimitCondition, PopulationSettings } from '../presets/preset.ts';
import type { Fact } from '../vocabulary/fact.ts';
import type { Claim, PresentConditions } from '../vocabulary/present-conditions.ts';
import type { Measure } from './measures.ts';
import type { Reading, Spread } from './readings.ts';

export type JudgedCondition = LimitCondition | 'spo2-desaturation';

/** One side of one limit. */
export interface Side {
  readonly condition: JudgedCondition;
  readonly label: string;
  readonly bound: number;
  /** How far inside a value must lie to be back. */
  readonly hysteresis: number;
  readonly isLow: boolean;
}

/** The value farthest beyond its limit since the onset, of each condition that is present; what is not says nothing. */
export type Worst = Readonly<Partial<Record<JudgedCondition, number>>>;

/** One round over all limits: gathers what is claimed of conditions, and what has become worse. Lives within one step only. */
export interface Round {
  readonly present: PresentConditions;
  readonly said: Moment;
  readonly claims: Claim[];
  readonly worse: Fact[];
  worst: Worst;
  /** Names of devices whose value of what is judged was lost, as it stands beside those that go on. */
  unknown: readonly string[];
}

/** How far above the red limit a saturation is back. */
export const DESATURATION_HYSTERESIS = 1;

/** The conditions that a value would begin, or keep from ending. */
export const heldUp = (
  { name }: Pick<Measure, 'name'>,
  { limits, desaturationBelow }: PopulationSettings,
  value: number,
): readonly JudgedCondition[] => {
  const { low, high, hysteresis } = limits[name];
  const held: JudgedCondition[] = [];
  if (low !== undefined && value < low + hysteresis) held.push(`${name}-low`);
  if (high !== undefined && value > high - hysteresis) held.push(`${name}-high`);
  if (name === 'spo2' && value < desaturationBelow + DESATURATION_HYSTERESIS) held.push('spo2-desaturation');
  return held;
};

/** So much of a device's name stands in a text that a nurse reads. */
const NAME_MAX = 32;

/** A vital sign as people read it: at most one decimal. */
export const shown = (value: number): string => String(Math.round(value * 10) / 10);

/** The device of a value, as it is called in such a text. */
export const nameOf = ({ source = 'another device' }: Pick<Reading, 'source'>): string => source.slice(0, NAME_MAX);

/** Where several devices of the bed tell the value, or one of them was lost: which of them it is of, and what is known of the other. */
const besides = (spread: Spread, of: Reading, unknown: readonly string[]): string => {
  const other = of === spread.lowest ? spread.highest : spread.lowest;
  const told = other === of ? [] : [`${nameOf(other)}: ${shown(other.value)}`];
  const all = [...told, ...unknown.map((name) => `${name}: unknown`)];
  return all.length === 0 ? '' : ` (${[nameOf(of), ...all].join('; ')})`;
};

/** What is known already is not claimed again. Of several devices the one farthest beyond counts: any of them rings, all must be back. */
export const judgeSide = (round: Round, side: Side, spread: Spread): void => {
  const { condition, label, bound, hysteresis, isLow } = side;
  const reading = isLow ? spread.lowest : spread.highest;
  const { value, at } = reading;
  const beyond = isLow ? bound - value : value - bound;
  const evidence = (sign: string): string =>
    `${label} ${shown(value)} ${sign} ${shown(bound)}${besides(spread, reading, round.unknown)}`;
  if (!round.present.includes(condition)) {
    if (beyond <= 0) return;
    round.claims.push({ condition, present: true, at, evidence: evidence(isLow ? '<' : '>') });
  } else if (beyond > 0) {
    const worst = round.worst[condition];
    if (worst !== undefined && (shown(worst) === shown(value) || (isLow ? value > worst : value < worst))) return;
    const { said } = round;
    const moment = Math.min(at, said) as Moment;
    round.worse.push({ tag: 'Worse', at: moment, said, condition, evidence: evidence(isLow ? '<' : '>') });
  } else {
    if (beyond > -hysteresis) return;
    round.claims.push({ condition, present: false, at, evidence: evidence(isLow ? '≥' : '≤') });
    return;
  }
  round.worst = { ...round.worst, [condition]: value };
};
