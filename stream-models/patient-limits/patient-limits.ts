/** Limits that a nurse has set for who lies in the bed: over the unit's, within the site's bounds, and for a while. */
import type { ConditionName } from '../../schemas/conditions.ts';
import type { Moment } from '../../schemas/units.ts';
import { sidesOf } from '../presets/bed-rules.ts';
import type { Limit, LimitName, PopulationSettings } from '../presets/preset.ts';

/** One side: a number in the measure's unit, or turned off. Absent: the unit's. */
export type OwnSide = number | 'off';

export interface OwnLimit {
  readonly name: LimitName;
  readonly low?: OwnSide;
  readonly high?: OwnSide;
  readonly by: string;
  readonly reason: string;
  readonly at: Moment;
  readonly until: Moment;
}

/** What is remembered of them. Plain data, at most one of each measure. */
export interface PatientLimits {
  readonly own: readonly OwnLimit[];
  /** Ids of acts that were heard, newest last: one that is sent twice is done once. */
  readonly acts: readonly string[];
  /** When it was last said which apply; absent: not since they did. */
  readonly toldAt?: Moment;
  /** Since when LIMITS BACK is present; absent: it is not. */
  readonly backAt?: Moment;
}

export const noPatientLimits: PatientLimits = { own: [], acts: [] };

export const ownOf = ({ own }: PatientLimits, name: LimitName): OwnLimit | undefined =>
  own.find((one) => one.name === name);

const boundOf = (own: OwnSide | undefined, unit: number | undefined): number | undefined =>
  own === undefined ? unit : own === 'off' ? undefined : own;

/** A limit with the patient's own sides in it. */
export const limitWith = (unit: Limit, own: Pick<OwnLimit, 'low' | 'high'> | undefined): Limit =>
  own === undefined ? unit : { ...unit, low: boundOf(own.low, unit.low), high: boundOf(own.high, unit.high) };

/** What the bed is judged by; the unit's (===) where the patient has no limits of its own. */
export const settingsWith = (unit: PopulationSettings, own: readonly OwnLimit[]): PopulationSettings => {
  if (own.length === 0) return unit;
  const limits = { ...unit.limits };
  for (const one of own) limits[one.name] = limitWith(unit.limits[one.name], one);
  return { ...unit, limits };
};

/** Whether a condition is judged by a limit of the patient's own. */
export const isByOwn = ({ own }: PatientLimits, condition: ConditionName): boolean =>
  own.some(({ name }) => sidesOf(name).some((side) => side === condition));
