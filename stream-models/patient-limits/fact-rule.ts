/** By which rules a fact was concluded: what stands on it and its alarm, and how long the signal of a condition waits. */
import type { Microseconds } from '../../schemas/units.ts';
import type { BedRules } from '../presets/bed-rules.ts';
import { delayOf } from '../presets/preset.ts';
import type { Fact } from '../vocabulary/fact.ts';
import { isByOwn, type PatientLimits } from './patient-limits.ts';

export interface FactRule {
  /** The rules' own label, and that the limit is the patient's. */
  readonly label: string;
  /** Of a condition, only where no preset has that name: the alarms know the delays of presets. */
  readonly delay?: Microseconds;
}

export const factRule = (
  { label, preset, isOfSite }: BedRules,
  own: PatientLimits | undefined,
  fact: Fact,
): FactRule => {
  if (fact.tag !== 'Condition' && fact.tag !== 'Worse') return { label };
  const isOwn = own !== undefined && own.own.length > 0 && isByOwn(own, fact.condition);
  if (!isOfSite && !isOwn) return { label };
  return { label: isOwn ? `${label}+patient` : label, delay: delayOf(preset, fact.condition) };
};
