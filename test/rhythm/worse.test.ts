/** A condition that stands and becomes worse: said to the alarms with its value and time, as no new condition. */
import { describe, expect, it } from 'vitest';
import { MDC } from '../../schemas/codes.ts';
import { factAlarmInput } from '../../stream-models/analysis/say.ts';
import type { Sighting } from '../../stream-models/vocabulary/sighting.ts';
import { at, concluded, numeric, secondOf } from './shift.ts';

const told = (...numerics: readonly Sighting[]): readonly string[] => {
  const end = Math.max(...numerics.map(({ said }) => secondOf(said)));
  const ticks = Array.from(
    { length: end },
    (_, i): Sighting => ({ tag: 'SecondPassed', at: at(i + 1), said: at(i + 1) }),
  );
  return concluded([...numerics, ...ticks].sort((a, b) => a.said - b.said)).flatMap((fact) => {
    if (fact.tag === 'Worse') return [`${secondOf(fact.at)}s worse ${fact.condition} (${fact.evidence})`];
    return fact.tag === 'Condition'
      ? [`${secondOf(fact.at)}s ${fact.present ? '+' : '−'} ${fact.condition} (${fact.evidence})`]
      : [];
  });
};
const spo2 = (...values: readonly number[]): readonly Sighting[] =>
  values.map((value, i) => numeric(i + 0.5, MDC.spo2, value, '%'));
const spo2Low = (...values: readonly number[]): readonly string[] =>
  told(...spo2(...values)).filter((line) => line.includes('spo2-low'));

describe('a value that goes on beyond its limit', () => {
  it('is said each time it is worse than ever since the onset, and not when it is better again', () => {
    expect(spo2Low(88, 88, 86, 87, 86, 84, 89)).toEqual([
      '0.5s + spo2-low (SpO₂ 88 < 90)',
      '2.5s worse spo2-low (SpO₂ 86 < 90)',
      '5.5s worse spo2-low (SpO₂ 84 < 90)',
    ]);
  });
  it('is counted anew from the next onset', () => {
    expect(spo2Low(85, 95, 88, 87)).toEqual([
      '0.5s + spo2-low (SpO₂ 85 < 90)',
      '1.5s − spo2-low (SpO₂ 95 ≥ 90)',
      '2.5s + spo2-low (SpO₂ 88 < 90)',
      '3.5s worse spo2-low (SpO₂ 87 < 90)',
    ]);
  });
  it('is not worse for what nobody could read: less than a tenth', () => {
    expect(spo2Low(88, 87.98, 87.96)).toHaveLength(1);
  });
  it('has its red limit beside it, which begins to ring by itself and becomes worse by itself', () => {
    expect(told(...spo2(88, 79, 75)).filter((line) => line.includes('desaturation'))).toEqual([
      '1.5s + spo2-desaturation (SpO₂ 79 < 80)',
      '2.5s worse spo2-desaturation (SpO₂ 75 < 80)',
    ]);
  });
  it('reaches the alarms as a condition that stands, with the moment of the value', () => {
    const worse = concluded(spo2(88, 86)).filter(({ tag }) => tag === 'Worse');
    expect(worse.map((fact) => factAlarmInput('icu-04', fact, 'adult'))).toMatchObject([
      {
        atUs: at(1.5),
        input: {
          case: 'condition',
          value: { condition: 'spo2-low', present: true, worse: true, evidence: 'SpO₂ 86 < 90' },
        },
      },
    ]);
  });
});

describe('a NEWS2 that goes on rising', () => {
  it('is said each time it is higher than ever since its alarm began', () => {
    const observed = (second: number, rate: number, systolic: number): readonly Sighting[] => [
      numeric(second, MDC.respRate, rate, '/min'),
      numeric(second, MDC.spo2, 90, '%'),
      numeric(second, MDC.nibpSystolic, systolic, 'mm[Hg]'),
    ];
    const lines = told(
      ...observed(0.5, 26, 105),
      ...observed(3.5, 26, 85),
      ...observed(6.5, 26, 105),
      numeric(9, MDC.fico2, 0, 'mm[Hg]'),
    );
    expect(lines.filter((line) => line.includes('news2-high'))).toEqual([
      '1s + news2-high (NEWS2 at least 7, 4 missing)',
      '4s worse news2-high (NEWS2 at least 9, 4 missing)',
    ]);
  });
});
