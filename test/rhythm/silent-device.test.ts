/** One of several devices of a bed falls silent while the others go on: what only it measured is missed, once. */
import { describe, expect, it } from 'vitest';
import { MDC, PRIVATE, signalOf } from '../../schemas/codes.ts';
import type { Sighting } from '../../stream-models/vocabulary/sighting.ts';
import { at, chart, concluded, numeric, shift, steady } from './shift.ts';

const LENGTH = 180;
const seconds: readonly Sighting[] = Array.from({ length: LENGTH }, (_, i) => ({
  ...{ tag: 'SecondPassed', at: at(i + 1), said: at(i + 1) },
}));
/** A value every so many seconds, from one second to another. */
const tells = (source: string, code: number, value: number | undefined, from: number, to: number, every = 1) =>
  Array.from({ length: Math.ceil((to - from) / every) }, (_, i) =>
    numeric(from + i * every + 0.4, code, value, signalOf(code)!.ucum, source),
  );
const inOrder = (...sightings: readonly Sighting[]) => [...sightings].sort((a, b) => a.said - b.said);
const lost = (sightings: readonly Sighting[]): readonly string[] =>
  chart(sightings).filter((line) => line.includes('value-lost'));
const told = (...numerics: readonly Sighting[]): readonly string[] => lost(inOrder(...numerics, ...seconds));

const monitor = tells('monitor', MDC.respRate, 14, 0, LENGTH);
const oximeter = (to: number, every = 1) => tells('oximeter', MDC.spo2, 97, 0, to, every);
const ALARM = 'value-lost (nothing from oximeter (SpO₂ was 97))';

describe('a device that falls silent while others of its bed go on', () => {
  it('is missed once, by name, and until it speaks again', () => {
    expect(told(...monitor, ...oximeter(90))).toEqual([`100.0s + ${ALARM}`]);
    expect(told(...monitor, ...oximeter(90), ...tells('oximeter', MDC.spo2, 96, 140, LENGTH))).toEqual([
      `100.0s + ${ALARM}`,
      '140.4s − value-lost (measured again)',
    ]);
    // It lives, and says itself why there is no value.
    expect(told(...monitor, ...oximeter(90), ...tells('oximeter', MDC.spo2, undefined, 140, LENGTH)).at(-1)).toBe(
      '141.0s − value-lost (its device speaks again)',
    );
  });

  it('is missed beside an ECG as well', () => {
    expect(lost(shift(120, steady(0.5, 160, 80), [{ from: 0 }], oximeter(90)))).toEqual([`100.0s + ${ALARM}`]);
  });

  it('is not missed where another tells the same, before or after', () => {
    expect(told(...monitor, ...oximeter(90), ...tells('ward', MDC.spo2, 97, 0, LENGTH))).toEqual([]);
    expect(told(...monitor, ...oximeter(90), ...tells('ward', MDC.spo2, 97, 120, LENGTH))).toEqual([
      `100.0s + ${ALARM}`,
      '120.4s − value-lost (measured again)',
    ]);
  });

  it('is not missed any more once one of several that fell silent together tells the same', () => {
    const both = [...oximeter(90), ...tells('second', MDC.spo2, 96, 0, 90)];
    expect(told(...monitor, ...both, ...tells('second', MDC.spo2, 96, 140, LENGTH))).toEqual([
      '100.0s + value-lost (nothing from oximeter (SpO₂ was 97); nothing from second (SpO₂ was 96))',
      '140.4s − value-lost (measured again)',
    ]);
  });

  it('may have been taken off on purpose, but for one whose value was beyond its limit', () => {
    const flags = (value: number) =>
      concluded(inOrder(...monitor, ...tells('oximeter', MDC.spo2, value, 0, 90), ...seconds)).flatMap((fact) =>
        fact.tag === 'Condition' && fact.condition === 'value-lost' ? [fact.mayBeTakenOff ?? false] : [],
      );
    expect([flags(97), flags(85)]).toEqual([[true], [false]]);
  });

  it('is one loss, however many of its values were beyond their limits', () => {
    const both = [...tells('oximeter', MDC.spo2, 85, 0, 90), ...tells('oximeter', MDC.pulseRate, 70, 0, 90)];
    const ended = told(...monitor, ...both, ...tells('oximeter', MDC.respRateCo2, 15, 0, 90));
    expect(ended).toEqual(['99.4s + value-lost (SpO₂ was 85, unknown now; nothing from oximeter (pulse was 70))']);
  });

  it('is not missed when it goes on speaking and leaves a value out, or says that there is none', () => {
    const rest = tells('oximeter', MDC.pulseRate, 70, 0, LENGTH);
    expect(told(...monitor, ...oximeter(90), ...rest)).toEqual([]);
    expect(told(...monitor, ...oximeter(90), ...tells('oximeter', MDC.spo2, undefined, 90, LENGTH))).toEqual([]);
  });

  it('is not missed for what is charted, measured now and then, or had hardly begun', () => {
    const charted = tells('tablet', PRIVATE.consciousness, 0, 0, 90);
    const cuff = [MDC.nibpSystolic, MDC.temperature].flatMap((code) => tells('cuff', code, 37, 0, 90));
    const limits = told(...monitor, ...charted, ...cuff);
    expect(limits).toEqual([]);
    expect(told(...monitor, ...oximeter(90, 12))).toEqual([]);
    expect(told(...monitor, ...oximeter(30))).toEqual([]);
  });

  it('has the time of the others to come back when all had been silent', () => {
    const all = [...tells('monitor', MDC.respRate, 14, 0, 90), ...oximeter(90)];
    const back = tells('monitor', MDC.respRate, 14, 130, LENGTH);
    expect(told(...all)).toEqual([]);
    expect(told(...all, ...back, ...tells('oximeter', MDC.spo2, 97, 137, LENGTH))).toEqual([]);
    expect(told(...all, ...back)).toEqual([`141.0s + ${ALARM}`]);
  });

  it('has that time as well after a hole of which nobody told', () => {
    const before = inOrder(...tells('monitor', MDC.respRate, 14, 0, 90), ...oximeter(90), ...seconds.slice(0, 90));
    const [first, ...rest] = tells('monitor', MDC.respRate, 14, 130, LENGTH);
    // Analysis lets the last seconds of a hole pass when the first word after it has come.
    const hole = seconds.slice(100, 130).map((second) => ({ ...second, said: first!.said }));
    const andThen = (...numerics: readonly Sighting[]) => inOrder(...rest, ...numerics, ...seconds.slice(130));
    const back = tells('oximeter', MDC.spo2, 97, 132, LENGTH);
    expect(lost([...before, first!, ...hole, ...andThen(...back)])).toEqual([]);
    expect(lost([...before, first!, ...hole, ...andThen()])).toEqual([`141.0s + ${ALARM}`]);
  });

  it('is forgotten with the patient, and expected to go from a free bed', () => {
    const assigned = (second: number, patient: string): Sighting => ({
      ...{ tag: 'AssignmentSeen', at: at(second), said: at(second), patient, population: 'adult' },
    });
    expect(told(...monitor, ...oximeter(90), assigned(0.1, 'a'), assigned(120.1, 'b'))).toEqual([
      `100.0s + ${ALARM}`,
      '120.1s − value-lost (another patient)',
    ]);
    const ecg = [{ from: 0, off: true }];
    expect(lost(shift(180, [], ecg, [...oximeter(150), assigned(0.1, 'a'), assigned(20.1, '')]))).toEqual([]);
  });
});
