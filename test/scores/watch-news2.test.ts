import { describe, expect, it } from 'vitest';
import { MDC, PRIVATE } from '../../schemas/codes.ts';
import { news2Start, watchNews2 } from '../../stream-models/scores/watch-news2.ts';
import type { Fact } from '../../stream-models/vocabulary/fact.ts';
import type { Sighting } from '../../stream-models/vocabulary/sighting.ts';
import { at, concluded, numeric, secondOf } from '../rhythm/shift.ts';

const ticks = (from: number, to: number): readonly Sighting[] =>
  Array.from({ length: to - from }, (_, i) => ({ tag: 'SecondPassed', at: at(from + i + 1), said: at(from + i + 1) }));

const observations = (second: number, change: Readonly<Record<number, number>> = {}): readonly Sighting[] =>
  Object.entries({
    ...{ [MDC.respRate]: 16, [MDC.spo2]: 97, [MDC.nibpSystolic]: 120, [MDC.ecgHeartRate]: 70, [MDC.temperature]: 37 },
    ...{ [PRIVATE.consciousness]: 0, [PRIVATE.oxygenTherapy]: 0 },
    ...change,
  }).map(([code, value]) => {
    const units: Readonly<Record<number, string>> = {
      [MDC.spo2]: '%',
      [MDC.nibpSystolic]: 'mm[Hg]',
      [MDC.temperature]: 'Cel',
    };
    const unit = units[Number(code)] ?? (Number(code) >= 0xf000_0000 ? '1' : '/min');
    return numeric(second, Number(code), value, unit);
  });

const bySaid = (...parts: readonly (readonly Sighting[])[]): readonly Sighting[] =>
  parts.flat().sort((a, b) => a.said - b.said);

const scores = (sightings: readonly Sighting[]): readonly string[] =>
  concluded(sightings).flatMap((fact) =>
    fact.tag === 'Score' ? [`${secondOf(fact.said)}s ${fact.value ?? `– (${fact.missing.join(', ')})`}`] : [],
  );
const conditionsOf = (sightings: readonly Sighting[]): readonly string[] =>
  concluded(sightings).flatMap((fact) =>
    fact.tag === 'Condition' && fact.condition.startsWith('news2')
      ? [`${secondOf(fact.said)}s ${fact.present ? '+' : '−'} ${fact.condition} (${fact.evidence})`]
      : [],
  );

describe('the NEWS2 of a bed', () => {
  it('is said when it is whole, on change, and once a minute', () => {
    const made = bySaid(observations(0.5), observations(30.5, { [MDC.ecgHeartRate]: 95 }), ticks(0, 100));
    expect(scores(made)).toEqual(['1s 0', '31s 1', '91s 1']);
  });

  it('is not a number without consciousness and oxygen, and says so', () => {
    const made = bySaid(
      observations(0.5).filter((seen) => 'code' in seen && seen.code < 0xf000_0000),
      ticks(0, 5),
    );
    expect(scores(made)).toEqual(['1s – (onOxygen, consciousness)']);
  });

  it('is not said at all of a bed that has measured nothing', () => {
    expect(scores(ticks(0, 100))).toEqual([]);
  });

  it('takes nothing for newer than it is because a clock was set back', () => {
    const setBack: Sighting = { tag: 'ClockSetBack', at: at(100), said: at(100), from: at(3_700) };
    const made = [
      ...bySaid(observations(0.5), ticks(0, 3_700)),
      ...[setBack, ...bySaid(observations(100.5).filter((seen) => 'code' in seen && seen.code !== MDC.nibpSystolic))],
      ...ticks(100, 110),
    ];
    expect(scores(made).at(-1)).toBe('101s – (systolic)');
    // What was measured a minute before counts as it did.
    const soon = [...bySaid(observations(3_640.5), ticks(3_640, 3_700)), ...[setBack, ...ticks(100, 110)]];
    expect(scores(soon).at(-1)).toMatch(/^101s 0$/);
  });

  it('becomes incomplete when a measurement is too old for it', () => {
    const made = bySaid(observations(0.5), ticks(0, 310));
    expect(scores(made).at(-1)).toBe('301s – (respirationRate, spo2, pulse)');
  });

  it('takes the newest of NIBP and ABP', () => {
    const made = bySaid(observations(0.5), [numeric(5.5, MDC.abpSystolic, 85, 'mm[Hg]')], ticks(0, 10));
    expect(scores(made)).toEqual(['1s 0', '6s 3']);
  });

  it('is that of the device whose name comes first, also where the clock of the other is some seconds ahead', () => {
    const of = (source: string, told: readonly Sighting[]): readonly Sighting[] =>
      told.map((seen) => (seen.tag === 'NumericSeen' ? { ...seen, source } : seen));
    const made = bySaid(
      ...Array.from({ length: 10 }, (_, i) => of('monitor', observations(i + 0.5, { [MDC.spo2]: 90 }))),
      ...Array.from({ length: 10 }, (_, i) => of('transport', observations(i + 0.5 + 3))),
      ticks(0, 10),
    );
    // What is told at a second is heard at it, and the monitor's is of three seconds before.
    const told = made.map(
      (seen): Sighting =>
        seen.tag === 'NumericSeen' && seen.source === 'monitor' ? { ...seen, said: at(secondOf(seen.at) + 3) } : seen,
    );
    expect(scores(bySaid(told)).at(-1)).toBe('4s 3');
  });

  it('uses scale 2 only after it was prescribed, and forgets it with the patient', () => {
    const spo2 = { [MDC.spo2]: 89 };
    const prescribed = [numeric(3.5, PRIVATE.spo2Scale, 2, '1')];
    const assigned = (second: number, patient: string): Sighting => ({
      ...{ tag: 'AssignmentSeen', at: at(second), said: at(second), patient, population: 'adult' },
    });
    const made = bySaid(
      [assigned(0.1, 'a'), assigned(10.1, 'b')],
      observations(0.5, spo2),
      prescribed,
      observations(10.5, spo2),
      ticks(0, 15),
    );
    expect(scores(made)).toEqual(['1s 3', '4s 0', '11s 3']);
  });

  it('says by which scale it was made, in the finding and, where it is the second, in the alarm', () => {
    const made = (...more: readonly Sighting[]) =>
      concluded(bySaid(observations(0.5, { [MDC.spo2]: 83 }), more, ticks(0, 3)));
    const scales = (facts: readonly Fact[]) => facts.flatMap((fact) => (fact.tag === 'Score' ? [fact.spo2Scale] : []));
    const evidences = (facts: readonly Fact[]) =>
      facts.flatMap((fact) => (fact.tag === 'Condition' && fact.condition === 'news2-single-3' ? [fact.evidence] : []));
    expect(scales(made())).toEqual([1]);
    expect(evidences(made())).toEqual(['3 points for spo2']);
    const prescribed = made(numeric(0.4, PRIVATE.spo2Scale, 2, '1'));
    expect(scales(prescribed)).toEqual([2]);
    expect(evidences(prescribed)).toEqual(['3 points for spo2 (SpO₂ scale 2)']);
    // Also where no point changes by it.
    expect(scales(made(numeric(1.5, PRIVATE.spo2Scale, 2, '1')))).toEqual([1, 2]);
  });

  it('goes by the scale that was prescribed last, also when an older word comes later', () => {
    const spo2 = { [MDC.spo2]: 89 };
    const [prescribed, withdrawn] = [numeric(3.5, PRIVATE.spo2Scale, 2, '1'), numeric(2.5, PRIVATE.spo2Scale, 1, '1')];
    const late = { ...withdrawn, said: at(5.5) };
    expect(scores(bySaid(observations(0.5, spo2), [prescribed, late], ticks(0, 10)))).toEqual(['1s 3', '4s 0']);
    expect(scores(bySaid(observations(0.5, spo2), [withdrawn, prescribed], ticks(0, 10)))).toEqual(['1s 3', '4s 0']);
  });

  it('takes no heart rate of before a hole for one of now', () => {
    /** Vigil's own rate, once a second, from and up to these seconds. */
    const rates = (from: number, to: number, value: number) =>
      Array.from({ length: to - from }, (_, i): Fact => {
        const times = { at: at(from + i), said: at(from + i) };
        return { tag: 'Derived', ...times, code: MDC.ecgHeartRate, unit: '/min', value };
      });
    const secondsOf = [...rates(0, 30, 70), ...rates(100, 112, 140)];
    let memory = news2Start;
    const pulses = secondsOf.map((rate) => {
      const second: Sighting = { tag: 'SecondPassed', at: rate.at, said: rate.said };
      [memory] = watchNews2(memory, second, [rate]);
      return memory.readings.find(({ code }) => code === MDC.ecgHeartRate);
    });
    expect(pulses[29]).toMatchObject({ value: 70, at: at(29) });
    // Until there are enough new ones the old one counts, as old as it is.
    expect(pulses[38]).toMatchObject({ value: 70, at: at(29) });
    expect(pulses.slice(39).map((pulse) => pulse?.value)).toEqual([140, 140, 140]);
  });

  it('is for adults', () => {
    const child: Sighting = { tag: 'AssignmentSeen', at: at(0.1), said: at(0.1), patient: 'a', population: 'child' };
    expect(scores(bySaid([child], observations(0.5), ticks(0, 5)))).toEqual([]);
  });

  it('rings at 7, at 5 and at 3 in one parameter', () => {
    expect(conditionsOf(bySaid(observations(0.5, { [MDC.nibpSystolic]: 88 }), ticks(0, 3)))).toEqual([
      '1s + news2-single-3 (3 points for systolic)',
    ]);
    const five = { [MDC.nibpSystolic]: 95, [PRIVATE.oxygenTherapy]: 1, [MDC.ecgHeartRate]: 95 };
    expect(conditionsOf(bySaid(observations(0.5, five), ticks(0, 3)))).toEqual(['1s + news2-urgent (NEWS2 5)']);
    const seven = { ...five, [MDC.respRate]: 22 };
    expect(conditionsOf(bySaid(observations(0.5, seven), ticks(0, 3)))).toEqual(['1s + news2-high (NEWS2 7)']);
  });

  it('does not flap with a pulse of 130 and 131', () => {
    const pulses = Array.from({ length: 120 }, (_, i) => numeric(i + 0.6, MDC.ecgHeartRate, 130 + (i % 2), '/min'));
    const lines = conditionsOf(bySaid(observations(0.5), pulses, ticks(0, 120)));
    expect(lines).toEqual(['2s + news2-single-3 (3 points for pulse)']);
  });

  it('rings from what is known when that alone reaches the threshold, and does not call it the score', () => {
    const known = { [MDC.nibpSystolic]: 88, [MDC.respRate]: 26, [MDC.ecgHeartRate]: 95 };
    const made = bySaid(
      observations(0.5, known).filter((seen) => 'code' in seen && seen.code < 0xf000_0000),
      ticks(0, 3),
    );
    expect(conditionsOf(made)).toContain('1s + news2-high (NEWS2 at least 7, 2 missing)');
    expect(scores(made)).toEqual(['1s – (onOxygen, consciousness)']);
  });
});
