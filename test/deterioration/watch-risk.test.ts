import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MDC } from '../../schemas/codes.ts';
import { type Moment, moment } from '../../schemas/units.ts';
import { deteriorationInput } from '../../stream-models/deterioration/deterioration-input.ts';
import { placeOf, VITALS } from '../../stream-models/deterioration/parameters.ts';
import { answerTo } from '../../stream-models/deterioration/say-risk.ts';
import { nothingMeasured } from '../../stream-models/deterioration/stay.ts';
import { type RiskMemory, type RiskWord, riskStart, watchRisk } from '../../stream-models/deterioration/watch-risk.ts';
import type { Sighting } from '../../stream-models/vocabulary/sighting.ts';

const T = 1_700_000_000_000_000;
const at = (s: number): Moment => moment(T + Math.round(s * 1e6));
const second = (s: number): Sighting => ({ tag: 'SecondPassed', at: at(s), said: at(s) });
const numeric = (s: number, code: number, value: number, measuredS = s): Sighting => ({
  ...{ tag: 'NumericSeen', at: at(measuredS), said: at(s), code, unit: '', value, missing: undefined },
});
const assigned = (s: number, patient: string, fromS = s): Sighting => ({
  ...{ tag: 'AssignmentSeen', at: at(fromS), said: at(s), patient, population: 'adult' },
});
const play = (
  sightings: readonly Sighting[],
  from: RiskMemory = riskStart,
): readonly [RiskMemory, readonly RiskWord[]] => {
  let memory = from;
  const said: RiskWord[] = [];
  for (const sighting of sightings) {
    const [next, words] = watchRisk(structuredClone(memory), sighting, [], 'adult');
    memory = next;
    said.push(...words);
  }
  return [memory, said];
};
const judged = (words: readonly RiskWord[]) => words.flatMap((word) => (word.tag === 'RiskToJudge' ? [word] : []));

/** A number every ten seconds and every second passing, coarsely: what follows looks at minutes. */
const shift = (fromS: number, toS: number, value: (s: number) => Partial<Record<number, number>>): Sighting[] => {
  const sightings: Sighting[] = [];
  for (let s = fromS; s <= toS; s += 10) {
    for (const [code, number] of Object.entries(value(s))) sightings.push(numeric(s, Number(code), number!));
    sightings.push(second(s));
  }
  return sightings;
};
const steady = () => ({ [MDC.ecgHeartRate]: 90, [MDC.spo2]: 96, [MDC.respRate]: 18, [MDC.abpSystolic]: 120 });

describe('the watch for sepsis', () => {
  it('says that it is too early, then asks at the end of each hour, and in between says again what it said', () => {
    const [, words] = play(shift(0, 7_300, steady));
    expect(words.map(({ tag, said }) => [tag.slice(4), (said - T) / 60e6])).toEqual([
      ...Array.from({ length: 12 }, (_, i) => ['TooEarly', 5 * i]),
      ['ToJudge', 60],
      ...Array.from({ length: 11 }, (_, i) => ['Repeated', 65 + 5 * i]),
      ['ToJudge', 120],
    ]);
  });

  it('begins to count the hours anew when a clock was set back, and still knows who lies there', () => {
    const described: Sighting = {
      ...{ tag: 'PatientDescribed', at: at(0), said: at(0), patient: 'p-1', ageYears: 71, isMale: 1 },
      hospitalFromUs: T - 5 * 3_600e6,
    };
    const before = [assigned(0, 'p-1'), described, ...shift(20_000, 24_000, steady)];
    const setBack: Sighting = { tag: 'ClockSetBack', at: at(0), said: at(0), from: at(1) };
    const [memory] = play([...before, setBack]);
    const [, words] = play(shift(10, 3_700, steady), memory);
    expect(words.map(({ tag }) => tag).filter((tag) => tag === 'RiskToJudge')).toHaveLength(1);
    expect([memory.patient, memory.described.ageYears]).toEqual(['p-1', 71]);
    expect(
      judged(words)[0]!
        .basis.map(({ at: measured }) => measured)
        .every((moment) => moment <= at(3_700)),
    ).toBe(true);
  });

  it("asks with the medians of the hour's minutes, so that a minute of artefacts moves nothing", () => {
    const artefact = (s: number) => (s >= 600 && s < 660 ? { ...steady(), [MDC.ecgHeartRate]: 220 } : steady());
    const [asked] = judged(play(shift(0, 3_600, artefact))[1]);
    const values = nothingMeasured();
    for (const [name, value] of [
      ['HR', 90],
      ['O2Sat', 96],
      ['Resp', 18],
      ['SBP', 120],
    ] as const)
      values[placeOf(name)] = value;
    const patient = { ageYears: Number.NaN, isMale: Number.NaN, hoursInHospitalBefore: Number.NaN };
    const [, [row]] = deteriorationInput.step(deteriorationInput.start, { hour: 1, values, patient });
    expect(asked!.x).toEqual(row!.x);
    expect(asked!.isSufficient).toBe(true);
    expect(asked!.missing).toEqual([]);
  });

  it('takes the arterial line before the cuff, and a number that is only sent again for no new one', () => {
    const both = (s: number) => ({ ...steady(), [MDC.nibpSystolic]: 60 + s });
    const [asked] = judged(play(shift(0, 3_600, both))[1]);
    const systolic = asked!.basis.find(({ place }) => VITALS[place]!.name === 'SBP');
    expect(systolic!.value).toBe(120);
    const old = shift(0, 3_610, () => ({})).flatMap((each) => [
      numeric((each.at - T) / 1e6, MDC.temperature, 38, 5),
      each,
    ]);
    const [again] = judged(play(old)[1]);
    const temperature = again!.basis.find(({ place }) => VITALS[place]!.name === 'Temp');
    expect(temperature).toMatchObject({ value: 38, at: at(5) });
  });

  it('has insufficient data with one vital sign, and after an hour without any; what is missing is named', () => {
    const alone = judged(play(shift(0, 3_600, () => ({ [MDC.spo2]: 96 })))[1])[0]!;
    expect(alone).toMatchObject({ isSufficient: false, missing: ['heart rate', 'respiration rate', 'blood pressure'] });
    expect(answerTo(alone, 0.4)).toMatchObject({ state: 'insufficient', probability: undefined });
    const then = judged(play([...shift(0, 3_600, steady), ...shift(3_610, 7_200, () => ({}))])[1]);
    expect(then.map(({ isSufficient }) => isSufficient)).toEqual([true, false]);
    expect(then[1]!.missing).toEqual(['any vital sign of the last hour']);
  });

  it('is a failed model where the network does not answer, and never a number', () => {
    const [asked] = judged(play(shift(0, 3_600, steady))[1]);
    expect(answerTo(asked!, undefined)).toMatchObject({ state: 'failed', probability: undefined });
    expect(answerTo(asked!, 0.031)).toMatchObject({ state: 'value', probability: 0.031 });
  });

  it('counts the hours of the stay from when the patient came, and begins anew with another', () => {
    const came = [assigned(0, 'p-1', -9_000), ...shift(0, 3_600, steady)];
    const [memory, words] = play(came);
    expect(judged(words).map((word) => [(word.at - T) / 1e6, word.isFirst])).toEqual([[1_800, true]]);
    expect(memory.watched.hour).toBe(3);
    const [, next] = play([assigned(3_601, 'p-2'), ...shift(3_610, 7_210, steady)], memory);
    expect(judged(next).map((word) => [(word.at - T) / 1e6, word.isFirst])).toEqual([[7_201, true]]);
    const [free] = play([assigned(3_601, '')], memory);
    expect(free.since).toBeUndefined();
  });

  it('after a hole asks for the hour that had begun and for the newest, not for all that were missed', () => {
    const [, words] = play([...shift(0, 1_800, steady), ...shift(5 * 3_600 + 10, 5 * 3_600 + 20, steady)]);
    expect(judged(words).map((word) => (word.at - T) / 3_600e6)).toEqual([1, 5]);
    expect(judged(words)[0]!.isSufficient).toBe(true);
  });

  it('says nothing of children', () => {
    let memory = riskStart;
    for (const sighting of shift(0, 3_700, steady)) {
      const [next, words] = watchRisk(memory, sighting, [], 'child');
      expect(words).toEqual([]);
      memory = next;
    }
  });

  it('makes a number of two vital signs of the last 24 hours and one of the last, and of nothing less, whatever came when', () => {
    const needed: readonly number[] = [MDC.ecgHeartRate, MDC.spo2, MDC.respRate, MDC.abpSystolic];
    const some = fc.oneof({ weight: 3, arbitrary: fc.constant([]) }, fc.subarray([...needed, MDC.temperature]));
    fc.assert(
      fc.property(fc.array(some, { minLength: 2, maxLength: 60 }), (hours) => {
        const sightings = hours.flatMap((came, h) => [
          ...came.map((code) => numeric(h * 3_600 + 10, code, code === MDC.temperature ? 38 : 60)),
          second((h + 1) * 3_600),
        ]);
        const answers = judged(play([assigned(0, 'p'), ...sightings])[1]).map((word) => answerTo(word, 0.5).state);
        const expected = hours.map((came, h) => {
          const recent = new Set(hours.slice(Math.max(0, h - 24), h + 1).flat());
          const there = needed.filter((code) => recent.has(code)).length;
          return there >= 2 && came.length > 0 ? 'value' : 'insufficient';
        });
        expect(answers).toEqual(expected);
      }),
      { numRuns: 30 },
    );
  });
});
