/** Two devices of one bed that tell the same signal: each is held against the limit, and none undoes what the other says. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MDC } from '../../schemas/codes.ts';
import type { Sighting } from '../../stream-models/analysis/sighting.ts';
import { at, chart, concluded, numeric, secondOf } from './shift.ts';

const seconds = (length: number): readonly Sighting[] =>
  Array.from({ length }, (_, i): Sighting => ({ tag: 'SecondPassed', at: at(i + 1), said: at(i + 1) }));
/** What is said of conditions that begin so, from values once a second of some devices. */
const told = (begin: string, length: number, ...numerics: readonly Sighting[]): readonly string[] =>
  chart([...numerics, ...seconds(length)].sort((a, b) => a.said - b.said)).filter((line) => line.includes(` ${begin}`));

const spo2 = (source: string, offset: number, ...values: readonly number[]): readonly Sighting[] =>
  values.map((value, i) => numeric(i + offset, MDC.spo2, value, '%', source));
const always = (value: number, length: number): readonly number[] => Array.from({ length }, () => value);

describe('two devices that tell one signal', () => {
  it('make no limit flap: the value beyond it stands, and says which device and what the other says', () => {
    const both = [...spo2('ward', 0.2, ...always(97, 20)), ...spo2('transport', 0.7, ...always(85, 20))];
    expect(told('spo2-low', 20, ...both)).toEqual(['0.7s + spo2-low (SpO₂ 85 < 90 (transport; ward: 97))']);
  });

  it('end a condition only when all that measure are back', () => {
    const both = [
      ...spo2('ward', 0.2, ...always(97, 20)),
      ...spo2('transport', 0.7, ...always(85, 5), ...always(95, 15)),
    ];
    expect(told('spo2-low', 20, ...both).at(-1)).toBe('5.7s − spo2-low (SpO₂ 95 ≥ 90 (transport; ward: 97))');
  });

  it('go by the one that still measures once the other has fallen silent', () => {
    const both = [...spo2('ward', 0.2, ...always(97, 30)), ...spo2('transport', 0.7, ...always(85, 3))];
    expect(told('spo2-low', 30, ...both).at(-1)).toBe('13.0s − spo2-low (SpO₂ 97 ≥ 90)');
    expect(told('value-lost', 30, ...both)).toEqual([]);
  });

  it('may each be beyond the limit of another side', () => {
    const rates = Array.from({ length: 5 }, (_, i) => [
      numeric(i + 0.2, MDC.ecgHeartRate, 40, '/min', 'ward'),
      numeric(i + 0.7, MDC.ecgHeartRate, 150, '/min', 'transport'),
    ]).flat();
    expect(told('hr-', 5, ...rates)).toEqual([
      '0.2s + hr-low (HR 40 < 50)',
      '0.7s + hr-high (HR 150 > 120 (transport; ward: 40))',
    ]);
  });

  it('take turns with what they measure now and then: the newest cuff counts', () => {
    const cuffs = [
      numeric(0.5, MDC.nibpSystolic, 85, 'mm[Hg]', 'ward'),
      numeric(300.5, MDC.nibpSystolic, 120, 'mm[Hg]', 'transport'),
    ];
    expect(told('nibp', 310, ...cuffs)).toEqual([
      '0.5s + nibp-sys-low (NIBP sys 85 < 90)',
      '300.5s − nibp-sys-low (NIBP sys 120 ≥ 90)',
    ]);
  });

  it('make one NEWS2, of the one whose name comes first, until it falls silent', () => {
    const scores = (...numerics: readonly Sighting[]) =>
      concluded([...numerics, ...seconds(40)].sort((a, b) => a.said - b.said)).flatMap((fact) =>
        fact.tag === 'Score' ? [`${secondOf(fact.at)}s ${fact.points['spo2']}`] : [],
      );
    const ward = spo2('ward', 0.2, ...always(97, 40));
    expect(scores(...ward, ...spo2('transport', 0.7, ...always(85, 40)))).toEqual(['1s 3']);
    expect(scores(...ward, ...spo2('transport', 0.7, ...always(85, 10)))).toEqual(['1s 3', '21s 0']);
  });

  it('ring whenever one of them alone would', () => {
    const value = fc.integer({ min: 80, max: 100 });
    const course = fc.array(value, { minLength: 12, maxLength: 12 });
    fc.assert(
      fc.property(course, course, (a, b) => {
        const [ward, transport] = [spo2('ward', 0.2, ...a), spo2('transport', 0.7, ...b)];
        const lowAt = (...numerics: readonly Sighting[]) => {
          let low = false;
          const facts = concluded([...numerics, ...seconds(12)].sort((x, y) => x.said - y.said));
          return Array.from({ length: 12 }, (_, i) => {
            for (const fact of facts)
              if (fact.tag === 'Condition' && fact.condition === 'spo2-low' && Math.ceil(secondOf(fact.said)) === i + 1)
                low = fact.present;
            return low;
          });
        };
        const [one, other, both] = [lowAt(...ward), lowAt(...transport), lowAt(...ward, ...transport)];
        for (let i = 0; i < 12; i++) if (one[i] || other[i]) expect(both[i]).toBe(true);
      }),
      { numRuns: 100 },
    );
  });
});
