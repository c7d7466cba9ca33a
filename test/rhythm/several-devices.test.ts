/** Two devices of one bed that tell the same signal: each is held against the limit, and none undoes what the other says. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MDC } from '../../schemas/codes.ts';
import type { Sighting } from '../../stream-models/vocabulary/sighting.ts';
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

  it('tell that a value beyond its limit was lost, and of which device: what the other measures is no recovery of it', () => {
    const both = [...spo2('ward', 0.2, ...always(97, 40)), ...spo2('transport', 0.7, ...always(85, 3))];
    const back = spo2('transport', 30.7, 96);
    expect(told('spo2-low', 40, ...both).at(-1)).toBe('13.0s − spo2-low (SpO₂ 97 ≥ 90 (ward; transport: unknown))');
    expect(told('value-lost', 40, ...both)).toEqual([
      '13.0s + value-lost (SpO₂ of transport was 85, unknown now (ward: 97))',
    ]);
    expect(told('value-lost', 40, ...both, ...back).at(-1)).toBe('30.7s − value-lost (measured again)');
  });

  it('tell nothing of a device that was inside its limit when it fell silent, nor of one that was back', () => {
    const ward = spo2('ward', 0.2, ...always(97, 30));
    expect(told('value-lost', 30, ...ward, ...spo2('transport', 0.7, ...always(96, 3)))).toEqual([]);
    expect(told('value-lost', 30, ...ward, ...spo2('transport', 0.7, 85, 84, 92))).toEqual([]);
  });

  it('miss none any more once another has taken the place of the one that was lost', () => {
    const both = [...spo2('ward', 0.2, ...always(97, 40)), ...spo2('transport', 0.7, ...always(85, 3))];
    const another = spo2('other hand', 25.4, ...always(96, 10));
    expect(told('value-lost', 40, ...both, ...another).at(-1)).toBe('25.4s − value-lost (measured again)');
  });

  it('are missed also where they are two sensors of one rate, or tell it as seldom as it may be told', () => {
    const rates = Array.from({ length: 40 }, (_, i) => [
      ...(i < 5 ? [numeric(i + 0.7, MDC.respRate, 35, '/min', 'ward')] : []),
      numeric(i + 0.8, MDC.respRateCo2, 18, '/min', 'ventilator'),
    ]).flat();
    expect(told('value-lost', 40, ...rates)).toEqual([
      '19.8s + value-lost (RR of ward was 35, unknown now (ventilator: 18))',
    ]);
  });

  it('ring anew for each value that is lost, so that none stays behind one that was acknowledged', () => {
    const rate = Array.from({ length: 5 }, (_, i) => numeric(i + 0.1, MDC.respRate, 35, '/min', 'ward'));
    const low = Array.from({ length: 40 }, (_, i) => numeric(i + 0.2, MDC.spo2, 70, '%', 'ward'));
    expect(told('value-lost', 60, ...rate, ...low)).toEqual([
      '19.2s + value-lost (RR was 35, unknown now)',
      '50.0s − value-lost (another value was lost, too)',
      '50.0s + value-lost (SpO₂ was 70, unknown now; RR was 35, unknown now)',
    ]);
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

  it('are never so many that one which stands in alarm is forgotten: of a crowd those inside their limits are, and it is said', () => {
    const crowd = Array.from({ length: 12 }, (_, i) => spo2(`device ${i}`, 0.1 + i / 40, ...always(97, 30))).flat();
    const low = spo2('low', 0.55, ...always(85, 20));
    const one = [...crowd, ...low].sort((a, b) => a.said - b.said);
    expect(told('spo2-low', 40, ...one).map((line) => line.split(' (')[0])).toEqual([
      '0.6s + spo2-low',
      '30.0s − spo2-low',
    ]);
    expect(told('value-lost', 35, ...one)).toHaveLength(1);
    const said = concluded([...one, ...seconds(35)].sort((a, b) => a.said - b.said)).filter(
      ({ tag }) => tag === 'Reset',
    );
    expect(said).toMatchObject([
      { what: 'values of one signal', why: 'SpO₂: more than 8 devices tell it; device 8 is not judged' },
    ]);
  });

  it('ring by whichever of a crowd is beyond the limit, whatever the order in which they tell it', () => {
    const value = fc.constantFrom(84, 97);
    fc.assert(
      fc.property(fc.array(value, { minLength: 9, maxLength: 14 }), (values) => {
        const all = values.flatMap((each, i) => spo2(`device ${i}`, 0.05 + i / 20, ...always(each, 12)));
        const lines = told('spo2-low', 11, ...all.sort((a, b) => a.said - b.said));
        expect(lines).toHaveLength(values.includes(84) ? 1 : 0);
      }),
      { numRuns: 50 },
    );
  });

  it('end nothing by their coming and going: one that was lost is missed until it is back itself', () => {
    const held = (source: string, offset: number, ...told: readonly [from: number, to: number][]) =>
      told.flatMap(([from, to]) => spo2(source, from + offset, ...always(85, to - from)));
    const ward = held('ward', 0.2, [0, 18], [38, 60]);
    const transport = held('transport', 0.7, [0, 20], [50, 60]);
    expect(told('value-lost', 60, ...ward, ...transport).map((line) => line.split(' (')[0])).toEqual([
      '28.0s + value-lost',
      '30.0s − value-lost',
      '30.0s + value-lost',
      '50.7s − value-lost',
    ]);
  });

  it('never end a limit by what the other says while the one that was beyond it is missing, unless VALUE LOST stands', () => {
    const span = fc.tuple(fc.constantFrom(85, 97, undefined), fc.integer({ min: 1, max: 15 }));
    const course = fc.array(span, { minLength: 4, maxLength: 12 });
    const values = (spans: readonly (readonly [number | undefined, number])[], gap: number | undefined) =>
      spans.flatMap(([value, length]) => Array.from({ length }, () => value ?? gap)).slice(0, 60);
    fc.assert(
      fc.property(course, course, (steady, flighty) => {
        const ward = spo2('ward', 0.2, ...values(steady, 92).map((value) => value!));
        const transport = values(flighty, undefined).flatMap((value, i) =>
          value === undefined ? [] : [numeric(i + 0.7, MDC.spo2, value, '%', 'transport')],
        );
        let isLost = false;
        for (const fact of concluded([...ward, ...transport, ...seconds(60)].sort((x, y) => x.said - y.said))) {
          if (fact.tag !== 'Condition') continue;
          if (fact.condition === 'value-lost') isLost = fact.present;
          if (fact.condition !== 'spo2-low' || fact.present || isLost || secondOf(fact.said) > ward.length) continue;
          const last = transport.findLast(({ said }) => said <= fact.said);
          expect(last?.tag === 'NumericSeen' && last.value === 85).toBe(false);
        }
      }),
      { numRuns: 150 },
    );
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
