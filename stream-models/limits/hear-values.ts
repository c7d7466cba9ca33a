/** What is known of the vital signs of a bed after one more sighting. */
import { inUsualUnit } from '../../schemas/codes.ts';
import { elapsed, type Moment } from '../../schemas/units.ts';
import type { PopulationSettings } from '../presets/preset.ts';
import type { Fact } from '../vocabulary/fact.ts';
import type { Sighting } from '../vocabulary/sighting.ts';
import { staleAfter } from '../vocabulary/stale-after.ts';
import { heldUp, nameOf } from './judge-limit.ts';
import { watched } from './measures.ts';
import { probeNamed } from './probes.ts';
import { type Reading, SOURCES_MAX, type Taken, withReading } from './readings.ts';

const NO_READINGS: readonly Reading[] = [];

/** Whether a sighting tells something of a value for which there may be a limit. */
export const isWatched = (sighting: Sighting): boolean => sighting.tag === 'NumericSeen' && watched.has(sighting.code);

/** What counts no more at a moment: seen once, for it is forgotten then. */
export const tooOld = (values: readonly Reading[], now: Moment): readonly Reading[] => {
  const isTooOld = ({ code, at }: Reading): boolean => elapsed(at, now) >= staleAfter(code);
  return values.some(isTooOld) ? values.filter(isTooOld) : NO_READINGS;
};

/** The same list (===) when the sighting brings no value for which there is a limit. `ownRates`: Vigil's own, found in it. */
export const hearValues = (
  values: readonly Reading[],
  sighting: Sighting,
  ownRates: readonly Fact[],
  settings: PopulationSettings,
): Taken => {
  const isHeld = ({ code, value }: Reading): boolean => heldUp(watched.get(code)!, settings, value).length > 0;
  let next = values;
  for (const fact of ownRates)
    if (fact.tag === 'Derived' && watched.has(fact.code))
      [next] = withReading(next, { code: fact.code, own: true, value: fact.value, at: fact.at }, isHeld);
  if (sighting.tag !== 'NumericSeen' || sighting.value === undefined || !isWatched(sighting)) return [next, undefined];
  const { code, at, unit, probe, said, source } = sighting;
  const value = inUsualUnit(code, sighting.value, unit);
  if (value === undefined || !Number.isFinite(value) || elapsed(at, said) >= staleAfter(code)) return [next, undefined];
  const named = probeNamed(next, { code, at, value, source, probe });
  return withReading(next, { code, own: false, value, at, ...named }, isHeld);
};

/** What is said to have been forgotten where more devices tell a signal than are judged. */
export const ONE_SIGNAL = 'values of one signal';

/** That a value is not judged: said once of each signal, until another patient comes. `told`: of which codes it was said. */
export const crowded = (
  told: readonly number[],
  dropped: Reading | undefined,
  said: Moment,
): readonly [told: readonly number[], facts: readonly Fact[]] => {
  if (dropped === undefined || told.includes(dropped.code)) return [told, []];
  const { label } = watched.get(dropped.code)!;
  const why = `${label}: more than ${SOURCES_MAX} devices tell it; ${nameOf(dropped)} is not judged`;
  return [[...told, dropped.code], [{ tag: 'Reset', at: said, said, what: ONE_SIGNAL, why }]];
};
