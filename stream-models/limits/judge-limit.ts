/** One limit held against one value: whether it is passed, whether it is back, and how far beyond it was at the farthest. */
import type { Moment } from '../../schemas/units.ts';
import type { Fact } from '../analysis/fact.ts';
import type { LimitCondition } from '../presets/preset.ts';
import type { Claim, PresentConditions } from '../rhythm/present-conditions.ts';
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
}

/** So much of a device's name stands in a text that a nurse reads. */
const NAME_MAX = 32;

/** A vital sign as people read it: at most one decimal. */
export const shown = (value: number): string => String(Math.round(value * 10) / 10);

const nameOf = ({ source = 'another device' }: Reading): string => source.slice(0, NAME_MAX);

/** Where several devices of the bed tell the value: which of them it is of, and what the other says. */
const besides = (spread: Spread, of: Reading): string => {
  if (spread.lowest === spread.highest) return '';
  const other = of === spread.lowest ? spread.highest : spread.lowest;
  return ` (${nameOf(of)}; ${nameOf(other)}: ${shown(other.value)})`;
};

/** What is known already is not claimed again. Of several devices the one farthest beyond counts: any of them rings, all must be back. */
export const judgeSide = (round: Round, side: Side, spread: Spread): void => {
  const { condition, label, bound, hysteresis, isLow } = side;
  const reading = isLow ? spread.lowest : spread.highest;
  const { value, at } = reading;
  const beyond = isLow ? bound - value : value - bound;
  const evidence = (sign: string): string =>
    `${label} ${shown(value)} ${sign} ${shown(bound)}${besides(spread, reading)}`;
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
