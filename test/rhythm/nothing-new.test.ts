import { describe, expect, it } from 'vitest';
import { MDC } from '../../schemas/codes.ts';
import { conclude } from '../../stream-models/analysis/conclude.ts';
import { runFold } from '../../stream-models/fold.ts';
import { presets } from '../../stream-models/presets/presets.ts';
import type { Sighting } from '../../stream-models/vocabulary/sighting.ts';
import { at, numeric, shift, steady } from './shift.ts';

const fold = conclude(presets.vigil);
const numerics = [numeric(9.9, MDC.spo2, 97, '%'), numeric(9.9, MDC.respRate, 14, '/min')];
/** A bed in sinus rhythm after ten seconds, with values inside of their limits. */
const [quiet] = runFold(fold, shift(10, steady(0.3, 12, 75), [{ from: 0 }], numerics));

describe('what is known already', () => {
  it.each<[string, Sighting]>([
    ['a value that no rule listens to', numeric(10, MDC.fico2, 1, 'mm[Hg]')],
    ['a missing value', numeric(10, MDC.spo2, undefined, '%')],
    ['a value older than the one that is known', { ...numeric(9.5, MDC.spo2, 80, '%'), said: at(10) }],
    [
      'the assignment that stands',
      { tag: 'AssignmentSeen', at: at(10), said: at(10), patient: '', population: 'adult' },
    ],
  ])('%s says nothing', (_, sighting) => {
    expect(fold.step(quiet, sighting)[1]).toEqual([]);
  });

  it.each<[string, Sighting]>([
    ['a value that no rule listens to', numeric(10, MDC.fico2, 1, 'mm[Hg]')],
    ['a missing value', numeric(10, MDC.spo2, undefined, '%')],
    ['a value older than the one that is known', { ...numeric(9.5, MDC.spo2, 80, '%'), said: at(10) }],
  ])('%s, said when the bed was last heard, leaves the very same memory', (_, sighting) => {
    expect(fold.step(quiet, sighting)[0]).toBe(quiet);
  });

  it('a second in which nothing happened leaves limits and scores as they were', () => {
    const [after] = fold.step(quiet, { tag: 'SecondPassed', at: at(10), said: at(10) });
    expect(after.limits.present).toBe(quiet.limits.present);
    expect(after.news2.heldAt).toBe(quiet.news2.heldAt);
  });
});
