/** A clock is set back by an hour: what is beyond a limit, or was when it was lost, is not forgotten by it. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MDC, signalOf } from '../../schemas/codes.ts';
import type { Sighting } from '../../stream-models/vocabulary/sighting.ts';
import { at, concluded, numeric } from './shift.ts';

const HOUR_S = 3_600;
const tells = (code: number, value: number, from: number, to: number, source = 'monitor') =>
  Array.from({ length: Math.max(0, to - from) }, (_, i) =>
    numeric(from + i + 0.4, code, value, signalOf(code)!.ucum, source),
  );
const passed = (from: number, to: number): readonly Sighting[] =>
  Array.from({ length: Math.max(0, to - from) }, (_, i) => ({
    ...{ tag: 'SecondPassed', at: at(from + i + 1), said: at(from + i + 1) },
  }));
const inOrder = (...sightings: readonly Sighting[]) => [...sightings].sort((a, b) => a.said - b.said);

const standsAfter = (sightings: readonly Sighting[]): readonly string[] => {
  const present = new Set<string>();
  for (const fact of concluded(sightings))
    if (fact.tag === 'Condition' && !fact.condition.startsWith('news2'))
      present[fact.present ? 'add' : 'delete'](fact.condition);
  return [...present].sort();
};

/** A story of so many seconds whose clock is set back by an hour at one of them; what stands of limits at its end. */
const standing = (length: number, back: number | undefined, ...told: readonly Sighting[]): readonly string[] => {
  const moved = (seen: Sighting): Sighting => {
    const by = <Time extends number>(time: Time): Time => (time - HOUR_S * 1e6) as Time;
    return { ...seen, at: by(seen.at), said: by(seen.said) } as Sighting;
  };
  const all = inOrder(...told, ...passed(0, length));
  if (back === undefined) return standsAfter(all);
  const setBack: Sighting = { tag: 'ClockSetBack', at: at(back - HOUR_S), said: at(back - HOUR_S), from: at(back) };
  const after = all.filter(({ said }) => said > at(back)).map(moved);
  return standsAfter([...all.filter(({ said }) => said <= at(back)), setBack, ...after]);
};

describe('a clock that is set back', () => {
  const alive = (length: number) => tells(MDC.respRate, 14, 0, length);
  it('does not end VALUE LOST of a saturation that nobody knows', () => {
    expect(standing(120, 80, ...alive(120), ...tells(MDC.spo2, 85, 0, 60))).toEqual(['value-lost']);
  });
  it('does not hide that a saturation is lost in its moment', () => {
    expect(standing(120, 64, ...alive(120), ...tells(MDC.spo2, 85, 0, 60))).toEqual(['value-lost']);
  });
  it('does not end what is said of a device that has fallen silent, or is silent then', () => {
    const oximeter = tells(MDC.spo2, 97, 0, 90, 'oximeter');
    for (const back of [92, 95, 99, 110])
      expect(standing(150, back, ...alive(150), ...oximeter)).toEqual(['value-lost']);
  });
  it('does not end what is said of a value that is left out', () => {
    for (const back of [95, 120, 170])
      expect(standing(260, back, ...alive(260), ...tells(MDC.spo2, 97, 0, 90))).toEqual(['not-measured']);
  });
  it('ends what has come back since, as ever', () => {
    const back = [...tells(MDC.spo2, 85, 0, 60), ...tells(MDC.spo2, 97, 100, 120)];
    expect(standing(120, 80, ...alive(120), ...back)).toEqual([]);
  });
  it('changes nothing of what stands half a minute later, whenever it is', () => {
    const story = fc.record({
      ...{
        value: fc.constantFrom(75, 85, 97),
        from: fc.integer({ min: 0, max: 30 }),
        told: fc.integer({ min: 5, max: 90 }),
      },
      ...{
        other: fc.constantFrom('monitor', 'oximeter'),
        again: fc.integer({ min: 1, max: 60 }),
        back: fc.integer({ min: 2, max: 160 }),
      },
    });
    fc.assert(
      fc.property(story, ({ value, from, told, other, again, back }) => {
        const ofOther = [
          ...tells(MDC.spo2, value, from, from + told, other),
          ...tells(MDC.spo2, 97, 250 - again, 250, other),
        ];
        const numerics = [...alive(250), ...ofOther.filter(({ said }) => said <= at(190) || again > 30)];
        const undisturbed = standing(250, undefined, ...numerics);
        // A minute for a value that is left out begins anew.
        expect(standing(250, back, ...numerics)).toEqual(undisturbed);
      }),
      { numRuns: 150 },
    );
  });
});
