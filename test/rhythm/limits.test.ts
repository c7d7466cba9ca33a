import { describe, expect, it } from 'vitest';
import { MDC, PRIVATE } from '../../schemas/codes.ts';
import { seconds } from '../../schemas/units.ts';
import type { Sighting } from '../../stream-models/vocabulary/sighting.ts';
import { staleAfter } from '../../stream-models/vocabulary/stale-after.ts';
import { at, chart, numeric, shift, steady } from './shift.ts';

/** A bed without ECG: only seconds pass, and numerics come. */
const hearing = (length: number, ...numerics: readonly Sighting[]): readonly string[] => {
  const ticks = Array.from({ length }, (_, i): Sighting => ({ tag: 'SecondPassed', at: at(i + 1), said: at(i + 1) }));
  return chart([...numerics, ...ticks].sort((a, b) => a.said - b.said));
};
const every = (code: number, unit: string, ...values: readonly (number | undefined)[]): readonly Sighting[] =>
  values.map((value, i) => numeric(i + 0.5, code, value, unit));

describe('limits', () => {
  it('say the value and the limit', () => {
    expect(hearing(3, numeric(0.5, MDC.spo2, 88, '%'))).toContain('0.5s + spo2-low (SpO₂ 88 < 90)');
    expect(hearing(3, numeric(0.5, MDC.ecgHeartRate, 134, '/min'))).toContain('0.5s + hr-high (HR 134 > 120)');
  });

  it.each([
    ['hr', MDC.ecgHeartRate, '/min', 50, 120],
    ['pulse', MDC.pulseRate, '/min', 50, 120],
    ['rr', MDC.respRate, '/min', 8, 30],
    ['rr', MDC.respRateCo2, '/min', 8, 30],
    ['temp', MDC.temperature, 'Cel', 36, 39],
    ['nibp-sys', MDC.nibpSystolic, 'mm[Hg]', 90, 160],
    ['nibp-mean', MDC.nibpMean, 'mm[Hg]', 60, 110],
    ['abp-sys', MDC.abpSystolic, 'mm[Hg]', 90, 160],
    ['abp-mean', MDC.abpMean, 'mm[Hg]', 60, 110],
    ['cvp', MDC.cvpMean, 'mm[Hg]', 0, 12],
    ['etco2', MDC.etco2, 'mm[Hg]', 30, 50],
  ])('of %s (%i, %s) allow %d to %d and nothing beyond', (name, code, unit, low, high) => {
    const side = (value: number) =>
      hearing(2, numeric(0.5, code, value, unit))
        .filter((line) => line.includes(` ${name}-`))
        .map((line) => line.split(' ')[2]);
    expect(side(low)).toEqual([]);
    expect(side(high)).toEqual([]);
    expect(side(low - 0.1)).toEqual([`${name}-low`]);
    expect(side(high + 0.1)).toEqual([`${name}-high`]);
  });

  it('call desaturation below 80 % red, beside the yellow limit', () => {
    const lines = hearing(4, ...every(MDC.spo2, '%', 80, 79, 80.5, 81));
    expect(lines.filter((line) => line.includes('desaturation'))).toEqual([
      '1.5s + spo2-desaturation (SpO₂ 79 < 80)',
      '3.5s − spo2-desaturation (SpO₂ 81 ≥ 80)',
    ]);
  });

  it('end only when the value is back inside by the hysteresis, so that it does not flap', () => {
    const lines = hearing(8, ...every(MDC.ecgHeartRate, '/min', 121, 120, 121, 119, 121, 118, 119));
    expect(lines.filter((line) => line.includes('hr-high'))).toEqual([
      '0.5s + hr-high (HR 121 > 120)',
      '5.5s − hr-high (HR 118 ≤ 120)',
    ]);
  });

  it('outlive a missing value until the last one is stale, and end as unknown', () => {
    const lines = hearing(30, numeric(0.5, MDC.spo2, 85, '%'), numeric(1.5, MDC.spo2, undefined, '%'));
    expect(lines.filter((line) => line.includes('spo2-low'))).toEqual([
      '0.5s + spo2-low (SpO₂ 85 < 90)',
      '11.0s − spo2-low (SpO₂ unknown for 10 s)',
    ]);
  });

  it('do not fall silent where what was beyond them is no longer measured: it is lost until it is known again', () => {
    const told = (...numerics: readonly Sighting[]) =>
      hearing(40, ...numerics).filter((line) => line.includes('value-lost'));
    const [low, off] = [numeric(0.5, MDC.spo2, 70, '%'), numeric(1.5, MDC.spo2, undefined, '%')];
    const again = numeric(30.5, MDC.spo2, 97, '%');
    expect(told(low, off, again)).toEqual([
      '11.0s + value-lost (SpO₂ was 70, unknown now)',
      '30.5s − value-lost (measured again)',
    ]);
    expect(told(low, numeric(5.5, MDC.abpSystolic, 60, 'mm[Hg]'))).toEqual([
      '11.0s + value-lost (SpO₂ was 70, unknown now)',
      '16.0s − value-lost (another value was lost, too)',
      '16.0s + value-lost (SpO₂ was 70, unknown now; ABP sys was 60, unknown now)',
    ]);
    expect(told(numeric(0.5, MDC.spo2, 97, '%'))).toEqual([]);
    expect(told(low, numeric(3.5, MDC.spo2, 95, '%'))).toEqual([]);
  });

  it('do not fall silent of a heart rate either where there is no ECG to tell of its electrodes', () => {
    const slow = numeric(0.5, MDC.ecgHeartRate, 31, '/min');
    const others = Array.from({ length: 20 }, (_, i) => numeric(i + 0.7, MDC.spo2, 97, '%'));
    expect(hearing(20, slow, ...others).filter((line) => line.includes('hr-low') || line.includes('lost'))).toEqual([
      '0.5s + hr-low (HR 31 < 50)',
      '5.7s + value-lost (HR was 31, unknown now)',
      '5.7s − hr-low (HR unknown for 5 s)',
    ]);
    const withEcg = chart(shift(20, [], [{ from: 0, off: true }], [slow, ...others]));
    expect(withEcg.filter((line) => line.includes('value-lost'))).toEqual([]);
  });

  it('forget what was lost with the patient', () => {
    const assigned = (second: number, patient: string): Sighting => ({
      ...{ tag: 'AssignmentSeen', at: at(second), said: at(second), patient, population: 'adult' },
    });
    const lines = hearing(40, assigned(0.1, 'a'), numeric(0.5, MDC.spo2, 70, '%'), assigned(20.1, 'b'));
    expect(lines.filter((line) => line.includes('value-lost'))).toEqual([
      '11.0s + value-lost (SpO₂ was 70, unknown now)',
      '20.1s − value-lost (another patient)',
    ]);
  });

  it('tell of a value that comes too seldom to be judged by its limit all the time', () => {
    const seldom = [0.5, 20.5, 40.5].map((second) => numeric(second, MDC.spo2, 85, '%'));
    expect(hearing(50, ...seldom).filter((line) => line.includes('value-lost'))).toEqual([
      '11.0s + value-lost (SpO₂ was 85, unknown now)',
      '20.5s − value-lost (measured again)',
      '31.0s + value-lost (SpO₂ was 85, unknown now)',
      '40.5s − value-lost (measured again)',
    ]);
  });

  it('understand the units of their dimension, and no others', () => {
    expect(hearing(2, numeric(0.5, MDC.temperature, 104, '[degF]'))).toContain('0.5s + temp-high (temp 40 > 39)');
    expect(hearing(2, numeric(0.5, MDC.abpMean, 6, 'kPa')).some((line) => line.includes('+ abp-mean-low'))).toBe(true);
    expect(hearing(2, numeric(0.5, MDC.abpMean, 6, 'Cel'))).toEqual([]);
  });

  it('judge Vigil’s own heart rate while it is there, and the monitor’s when it is not', () => {
    const monitor = Array.from({ length: 40 }, (_, i) => numeric(i + 0.5, MDC.ecgHeartRate, 150, '/min'));
    const both = chart(shift(40, steady(0.5, 20, 60), [{ from: 0 }, { from: 20, off: true }], monitor));
    const lines = both.filter((line) => line.includes('hr-'));
    expect(lines[0]).toBe('0.5s + hr-high (HR 150 > 120)');
    expect(lines[1]).toMatch(/^4\.0s − hr-high \(HR 60 ≤ 120\)/);
    expect(lines[2]).toMatch(/^2[3-5]\.\ds \+ hr-high \(HR 150 > 120\)/);
  });

  it('of a child and a neonate are their own', () => {
    const of = (population: 'adult' | 'child' | 'neonate') =>
      hearing(
        2,
        { tag: 'AssignmentSeen', at: at(0.1), said: at(0.1), patient: 'p', population },
        numeric(0.5, MDC.ecgHeartRate, 130, '/min'),
      );
    expect(of('adult')).toContain('0.5s + hr-high (HR 130 > 120)');
    expect(of('child')).toEqual([]);
    expect(of('neonate')).toEqual([]);
  });

  it('take no late value for news', () => {
    const late = { ...numeric(0.2, MDC.spo2, 70, '%'), said: at(2) };
    expect(hearing(4, numeric(1, MDC.spo2, 97, '%'), late)).toEqual([]);
  });
});

describe('the age of a value', () => {
  it('is bounded for every code, also for one that is not known', () => {
    expect(staleAfter(MDC.ecgHeartRate)).toBe(seconds(5));
    expect(staleAfter(MDC.spo2)).toBe(seconds(10));
    expect(staleAfter(MDC.respRate)).toBe(seconds(15));
    expect(staleAfter(MDC.nibpSystolic)).toBe(seconds(1200));
    expect(staleAfter(MDC.temperature)).toBe(seconds(14_400));
    expect(staleAfter(PRIVATE.consciousness)).toBeGreaterThan(0);
    expect(staleAfter(4711)).toBe(seconds(10));
  });
});
