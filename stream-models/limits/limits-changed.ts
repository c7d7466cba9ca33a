/** Limits are set while values stand beyond the old ones: what no longer is beyond the new ends now, not by the hysteresis of a limit that is gone. */
import type { Moment } from '../../schemas/units.ts';
import type { PopulationSettings } from '../presets/preset.ts';
import type { Fact } from '../vocabulary/fact.ts';
import { type Claim, settle } from '../vocabulary/present-conditions.ts';
import { shown } from './judge-limit.ts';
import type { LimitsMemory } from './limits.ts';
import { measures } from './measures.ts';
import { spreadOf } from './readings.ts';

const SIDES = ['low', 'high'] as const;

/** What still is beyond goes on as it was, acknowledged or not; what is beyond a tighter limit begins with the next value or second. */
export const limitsChanged = (
  memory: LimitsMemory,
  before: PopulationSettings,
  after: PopulationSettings,
  said: Moment,
): readonly [LimitsMemory, readonly Fact[]] => {
  const claims: Claim[] = [];
  for (const { name, label, codes, ages } of measures)
    for (const side of SIDES) {
      const condition = `${name}-${side}` as const;
      const bound = after.limits[name][side];
      if (bound === before.limits[name][side] || !memory.present.includes(condition)) continue;
      if (bound === undefined) {
        claims.push({ condition, present: false, at: said, evidence: `${label} ${side} limit is off` });
        continue;
      }
      const spread = spreadOf(memory.values, codes, ages, said);
      if (spread === undefined) continue;
      const { value } = side === 'low' ? spread.lowest : spread.highest;
      if (side === 'low' ? value < bound : value > bound) continue;
      const evidence = `${label} ${shown(value)}, limit is ${shown(bound)} now`;
      claims.push({ condition, present: false, at: said, evidence });
    }
  const [present, facts] = settle(memory.present, claims, said);
  return [present === memory.present ? memory : { ...memory, present }, facts];
};
