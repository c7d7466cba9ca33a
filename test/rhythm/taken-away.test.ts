/** A bed whose monitor was taken away: a nurse says so, NO SIGNAL ends by her name, and nothing else ever does by it. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MDC } from '../../schemas/codes.ts';
import { factAlarmInput } from '../../stream-models/analysis/say.ts';
import type { Sighting } from '../../stream-models/vocabulary/sighting.ts';
import { at, concluded, numeric, secondOf, shift, steady } from './shift.ts';

const said = (second: number, by = 'Ada'): Sighting => ({
  ...{ tag: 'SilenceSeen', at: at(second), said: at(second), since: undefined, takenAwayBy: by },
});
const assigned = (second: number, patient: string): Sighting => ({
  ...{ tag: 'AssignmentSeen', at: at(second), said: at(second), patient, population: 'adult' },
});
const away = { from: 10, silent: true } as const;
const beating = steady(0.5, 10, 60);
const told = (condition: string, sightings: readonly Sighting[]): readonly string[] =>
  concluded(sightings).flatMap((fact) =>
    fact.tag === 'Condition' && fact.condition.startsWith(condition)
      ? [`${secondOf(fact.said)}s ${fact.present ? '+' : `− ${fact.by ?? ''}: `}${fact.evidence}`]
      : [],
  );

describe('the monitor of a bed that nobody is assigned to', () => {
  it('leaves NO SIGNAL behind, which ends when a nurse says that it was taken away, and does not come back', () => {
    expect(told('no-signal', shift(400, beating, [{ from: 0 }, away], [said(100.5)]))).toEqual([
      '15s +nothing from the bed for 5 s',
      '100.5s − Ada: the monitor was taken away',
    ]);
  });

  it('is listened for as before once it speaks again', () => {
    const again = shift(
      200,
      [...beating, ...steady(120.5, 20, 60)],
      [{ from: 0 }, away, { from: 120 }, { from: 150, silent: true }],
      [said(100.5)],
    );
    expect(told('no-signal', again).slice(2)).toEqual(['155s +nothing from the bed for 5 s']);
  });

  it('is missed again once somebody is assigned to the bed', () => {
    expect(
      told('no-signal', shift(200, beating, [{ from: 0 }, away], [said(100.5), assigned(120.5, 'p1')])).at(-1),
    ).toMatch(/^120\.5s \+nothing from the bed/);
  });

  it('takes what stood of its values with it, which begins anew when it measures the same again', () => {
    const cuff = (second: number) => numeric(second, MDC.nibpSystolic, 80, 'mm[Hg]');
    expect(told('nibp-sys', shift(200, beating, [{ from: 0 }, away], [cuff(5.5), said(100.5), cuff(150.5)]))).toEqual([
      '5.5s +NIBP sys 80 < 90',
      '100.5s − Ada: the monitor was taken away',
      '150.5s +NIBP sys 80 < 90',
    ]);
  });

  it('was taken away by a person, whom the alarms are told', () => {
    const facts = concluded(shift(110, beating, [{ from: 0 }, away], [said(100.5)]));
    const inputs = facts.map((fact) => factAlarmInput('icu-04', fact, 'vigil')?.input);
    expect(inputs.at(-1)).toMatchObject({
      case: 'condition',
      value: { condition: 'no-signal', present: false, by: 'Ada', evidence: 'the monitor was taken away' },
    });
  });
});

describe('that a monitor was taken away', () => {
  /** The same silence, of which nobody says anything. */
  const without = (made: readonly Sighting[]): readonly Sighting[] =>
    made.map((seen) => {
      if (seen.tag !== 'SilenceSeen') return seen;
      const { takenAwayBy: _nobody, ...silence } = seen;
      return silence;
    });

  it.each<[string, readonly Sighting[]]>([
    ['somebody is assigned to the bed', shift(300, beating, [{ from: 0 }, away], [assigned(1.5, 'p1'), said(100.5)])],
    ['it was heard half a minute ago', shift(300, beating, [{ from: 0 }, away], [said(40.5)])],
    [
      'only its ECG is gone',
      shift(
        200,
        beating,
        [{ from: 0 }, away],
        [...Array.from({ length: 190 }, (_, i) => numeric(i + 0.5, MDC.spo2, 85, '%')), said(150.6)],
      ),
    ],
  ])('changes nothing where %s', (_, made) => {
    expect(concluded(made)).toEqual(concluded(without(made)));
  });

  it('changes nothing of a bed that was heard in the last minute, whenever it is said', () => {
    const value = fc.integer({ min: 70, max: 100 });
    fc.assert(
      fc.property(
        fc.array(fc.tuple(value, fc.integer({ min: 1, max: 58 })), { minLength: 1, maxLength: 8 }),
        fc.nat(400),
        (heard, when) => {
          let second = 0.5;
          const numerics = heard.map(([spo2, gap]) => {
            second += gap;
            return numeric(second, MDC.spo2, spo2, '%');
          });
          const moment = 1.7 + (when % Math.floor(second + 50));
          const made = shift(
            Math.ceil(second) + 55,
            [],
            [{ from: 0, silent: true }],
            [numeric(0.5, MDC.spo2, 88, '%'), ...numerics, said(moment)],
          );
          expect(concluded(made)).toEqual(concluded(without(made)));
        },
      ),
      { numRuns: 60 },
    );
  });
});
