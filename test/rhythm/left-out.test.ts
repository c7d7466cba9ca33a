/** A device of a bed speaks, and leaves out a value for which there is a limit: nothing would ring for that any more. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MDC, signalOf } from '../../schemas/codes.ts';
import type { Sighting } from '../../stream-models/vocabulary/sighting.ts';
import { at, chart, concluded, numeric, shift, steady } from './shift.ts';

const LENGTH = 240;
const seconds: readonly Sighting[] = Array.from({ length: LENGTH }, (_, i) => ({
  ...{ tag: 'SecondPassed', at: at(i + 1), said: at(i + 1) },
}));
const tells = (code: number, value: number | undefined, from: number, to: number, source = 'monitor', every = 1) =>
  Array.from({ length: Math.ceil((to - from) / every) }, (_, i) =>
    numeric(from + i * every + 0.4, code, value, signalOf(code)!.ucum, source),
  );
const inOrder = (...sightings: readonly Sighting[]) => [...sightings].sort((a, b) => a.said - b.said);
const told = (...numerics: readonly Sighting[]): readonly string[] =>
  chart(inOrder(...numerics, ...seconds)).filter((line) => line.includes('not-measured'));

const rest = tells(MDC.respRate, 14, 0, LENGTH);
const spo2 = (from: number, to: number) => tells(MDC.spo2, 97, from, to);
const MISSED = 'not-measured (no SpO₂ from monitor (was 97))';

describe('a value that a living device tells no more', () => {
  it('is missed a minute after its last, until it is told again', () => {
    expect(told(...rest, ...spo2(0, 90))).toEqual([`149.4s + ${MISSED}`]);
    expect(told(...rest, ...spo2(0, 90), ...spo2(200, LENGTH))).toEqual([
      `149.4s + ${MISSED}`,
      '200.4s − not-measured (measured again)',
    ]);
  });
  it('is missed where the device says that there is none', () => {
    expect(told(...rest, ...spo2(0, 90), ...tells(MDC.spo2, undefined, 90, LENGTH))).toEqual([`149.4s + ${MISSED}`]);
  });
  it('is not missed while a probe is moved, where another device tells it, or where it has no limit', () => {
    expect(told(...rest, ...spo2(0, 90), ...spo2(145, LENGTH))).toEqual([]);
    expect(told(...rest, ...spo2(0, 90), ...tells(MDC.spo2, 96, 120, LENGTH, 'transport'))).toEqual([]);
    expect(told(...rest, ...tells(MDC.fico2, 0, 0, 90))).toEqual([]);
  });
  it('is not missed where it is measured now and then, or had hardly begun', () => {
    const now = [MDC.nibpSystolic, MDC.temperature].flatMap((code) => tells(code, 110, 0, 90));
    expect(told(...rest, ...now.filter(({ at: moment }) => moment < at(3)))).toEqual([]);
    expect(told(...rest, ...spo2(0, 45))).toEqual([]);
    expect(told(...rest, ...tells(MDC.spo2, 97, 0, 200, 'monitor', 30))).toEqual([]);
  });
  it('rings anew when another goes as well, and names both', () => {
    expect(told(...rest, ...spo2(0, 90), ...tells(MDC.etco2, 40, 0, 120))).toEqual([
      `149.4s + ${MISSED}`,
      '179.4s − not-measured (another value is missed, too)',
      '179.4s + not-measured (no SpO₂ from monitor (was 97); no etCO₂ from monitor (was 40))',
    ]);
  });
  it('is left to the electrodes where it comes by them, and has its minute when they are on again', () => {
    const off = [{ from: 0 }, { from: 100, off: true }, { from: 180 }];
    const respiration = tells(MDC.respRate, 14, 0, 100);
    const lines = chart(shift(LENGTH, steady(0.5, 300, 80), off, [...respiration, ...tells(MDC.spo2, 97, 0, LENGTH)]));
    expect(lines.filter((line) => line.includes('not-measured'))).toEqual([
      expect.stringMatching(/^239\.\ds \+ not-measured \(no RR from monitor \(was 14\)\)$|^240\.\ds \+ not-measured/),
    ]);
  });
  it('is told of by VALUE LOST where its device falls silent, and from the minute on in which that speaks again', () => {
    const silent = [...tells(MDC.pulseRate, 70, 0, 90, 'oximeter'), ...tells(MDC.spo2, 97, 0, 90, 'oximeter')];
    const back = tells(MDC.spo2, undefined, 130, LENGTH, 'oximeter');
    const lines = chart(inOrder(...rest, ...silent, ...back, ...seconds)).filter((line) =>
      /not-meas|value-lost/.test(line),
    );
    expect(lines.map((line) => line.slice(0, 24))).toEqual([
      '100.0s + value-lost (not',
      '131.0s − value-lost (its',
      '190.4s + not-measured (n',
    ]);
  });
  it('of an older patient is forgotten with him, and stands on where only his age was put right', () => {
    const assigned = (second: number, patient: string, population: 'adult' | 'child'): Sighting => ({
      ...{ tag: 'AssignmentSeen', at: at(second), said: at(second), patient, population },
    });
    const story = [...rest, ...spo2(0, 90), assigned(0.1, 'a', 'adult')];
    expect(told(...story, assigned(170.1, 'b', 'adult')).at(-1)).toBe('170.1s − not-measured (another patient)');
    expect(told(...story, assigned(170.1, 'a', 'child')).slice(1)).toEqual([
      '170.1s − not-measured (judged as child)',
      `170.4s + ${MISSED}`,
    ]);
  });
  it('may have been taken off on purpose', () => {
    const facts = concluded(inOrder(...rest, ...spo2(0, 90), ...seconds));
    expect(facts.find((fact) => fact.tag === 'Condition' && fact.condition === 'not-measured')).toMatchObject({
      mayBeTakenOff: true,
    });
  });
});

it('a value with a limit that was told for a minute is never unknown for 75 s without a word, while its device speaks', () => {
  const stretch = fc.record({ told: fc.integer({ min: 1, max: 90 }), gap: fc.integer({ min: 1, max: 90 }) });
  fc.assert(
    fc.property(fc.array(stretch, { minLength: 1, maxLength: 4 }), fc.constantFrom(85, 97), (stretches, value) => {
      const values: Sighting[] = [];
      let end = 0;
      for (const { told: length, gap } of stretches) {
        values.push(...tells(MDC.spo2, value, end, end + length));
        end += length + gap;
      }
      const passed: readonly Sighting[] = Array.from({ length: end }, (_, i) => ({
        ...{ tag: 'SecondPassed', at: at(i + 1), said: at(i + 1) },
      }));
      const lines = concluded(inOrder(...tells(MDC.respRate, 14, 0, end), ...values, ...passed));
      const stands = (moment: number): boolean =>
        ['not-measured', 'value-lost', 'spo2-low'].some((name) => {
          const last = lines.findLast(
            (fact) => fact.tag === 'Condition' && fact.condition === name && fact.said <= moment,
          );
          return last?.tag === 'Condition' && last.present;
        });
      let from = 0;
      for (const { told: length, gap } of stretches) {
        if (length >= 62 && gap >= 75) expect(stands(at(from + length + 75))).toBe(true);
        if (length >= 1) expect(stands(at(from + length - 0.5)) && value === 97).toBe(false);
        from += length + gap;
      }
    }),
    { numRuns: 60 },
  );
});
