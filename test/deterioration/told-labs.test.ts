/** Laboratory values in the rows of a live stay: in which hour they count, and which are none. */
import { describe, expect, it } from 'vitest';
import { inUsualUnit, MDC } from '../../schemas/codes.ts';
import { LAB, laboratoryValues } from '../../schemas/laboratory.ts';
import { type Moment, moment } from '../../schemas/units.ts';
import { LAB_CODES, labOf } from '../../stream-models/deterioration/lab-sources.ts';
import { LABS, PARAMETERS, placeOf } from '../../stream-models/deterioration/parameters.ts';
import { answerTo, riskMessage } from '../../stream-models/deterioration/say-risk.ts';
import {
  type RiskMemory,
  type RiskToJudge,
  riskStart,
  watchRisk,
} from '../../stream-models/deterioration/watch-risk.ts';
import { KEPT } from '../../stream-models/deterioration/watched.ts';
import type { Sighting } from '../../stream-models/vocabulary/sighting.ts';

const HOUR_S = 3_600;
const T = 1_700_000_000_000_000;
const at = (s: number): Moment => moment(T + Math.round(s * 1e6));
const second = (s: number): Sighting => ({ tag: 'SecondPassed', at: at(s), said: at(s) });
const lab = (toldS: number, code: number, value: number, takenS: number, saidS = toldS): Sighting => ({
  ...{ tag: 'LaboratorySeen', at: at(takenS), said: at(saidS), told: at(toldS), code, value },
});
const assigned = (s: number, patient: string, fromS = s): Sighting => ({
  ...{ tag: 'AssignmentSeen', at: at(fromS), said: at(s), patient, population: 'adult' },
});
const pulse = (s: number): Sighting => ({
  ...{ tag: 'NumericSeen', at: at(s), said: at(s), code: MDC.ecgHeartRate, unit: '', value: 90, missing: undefined },
});
const play = (sightings: readonly Sighting[], from: RiskMemory = riskStart): readonly [RiskMemory, RiskToJudge[]] => {
  let memory = from;
  const asked: RiskToJudge[] = [];
  for (const sighting of sightings) {
    const [next, words] = watchRisk(structuredClone(memory), sighting, [], 'adult');
    memory = next;
    asked.push(...words.flatMap((word) => (word.tag === 'RiskToJudge' ? [word] : [])));
  }
  return [memory, asked];
};
/** A patient from second 0 on, one pulse an hour, and what is told in between; then the value and its row's hour. */
const lactateAfter = (hours: number, ...told: readonly Sighting[]): readonly [number, number] => {
  const shift = [assigned(0, 'p'), ...Array.from({ length: hours }, (_, h) => pulse(h * HOUR_S + 1))];
  const ends = Array.from({ length: hours }, (_, h) => second((h + 1) * HOUR_S));
  const story = [...shift, ...told, ...ends].sort((a, b) => a.said - b.said);
  const { numbers } = play(story)[0].watched;
  const place = placeOf('Lactate');
  return [numbers[KEPT.last + place]!, numbers[KEPT.at + place]!];
};

describe("the network's laboratory values", () => {
  it('are all in the table of codes, in the units of the training file', () => {
    expect(LAB_CODES).toHaveLength(LABS.length);
    expect([...LAB_CODES].sort()).toEqual(laboratoryValues.map(({ code }) => code).sort());
    for (const [i, { unit, from, to, name }] of LABS.entries()) {
      const row = laboratoryValues.find(({ code }) => code === LAB_CODES[i])!;
      expect(labOf(row.code)).toBe(i);
      const ours = unit.replace('10⁹/l', '10*9/L').replace('mmHg', 'mm[Hg]').replace(/^1$/, row.ucum);
      expect(inUsualUnit(row.code, 1, ours), name).toBe(1);
      expect(row.least, name).toBeLessThanOrEqual(from);
      expect(row.most, name).toBeGreaterThanOrEqual(to);
    }
  });

  it('count in the hour in which they were told, however old the specimen and whoever said it when', () => {
    expect(lactateAfter(3, lab(1.5 * HOUR_S, LAB.lactate, 4.2, 0.2 * HOUR_S))).toEqual([4.2, 2]);
    // Told in the second hour, but heard before the second that ends the first: a long frame.
    const early = [pulse(1), lab(HOUR_S + 3, LAB.lactate, 4.2, 60, HOUR_S - 1), second(HOUR_S)];
    const [memory] = play([assigned(0, 'p'), ...early]);
    expect(memory.watched.numbers[KEPT.last + placeOf('Lactate')]).toBeNaN();
    const [then] = play([second(2 * HOUR_S)], memory);
    expect(then.watched.numbers[KEPT.at + placeOf('Lactate')]).toBe(2);
  });

  it('count once: sent again they are no new value, corrected they are', () => {
    const first = lab(600, LAB.lactate, 4.2, 300);
    expect(lactateAfter(3, first, lab(2 * HOUR_S + 60, LAB.lactate, 4.2, 300))).toEqual([4.2, 1]);
    expect(lactateAfter(3, first, lab(2 * HOUR_S + 60, LAB.lactate, 2.4, 300))).toEqual([2.4, 3]);
  });

  it('are those of the newest specimen, also when an older one is told later', () => {
    const [newer, older] = [lab(600, LAB.lactate, 4.2, 300), lab(700, LAB.lactate, 1.1, 200)];
    expect(lactateAfter(1, newer, older)).toEqual([4.2, 1]);
    expect(lactateAfter(1, lab(500, LAB.lactate, 1.1, 200), newer)).toEqual([4.2, 1]);
  });

  it('are none a day after the specimen, nor from before an assigned stay, nor where no patient can have them', () => {
    const none = [Number.NaN, Number.NaN];
    expect(lactateAfter(26, lab(25 * HOUR_S, LAB.lactate, 4.2, 600))).toEqual(none);
    expect(lactateAfter(2, lab(600, LAB.lactate, 4.2, -60))).toEqual(none);
    expect(lactateAfter(2, lab(600, LAB.lactate, 36, 300))).toEqual(none);
  });

  it('are of the patient who lies there: another begins without any, a first name changes nothing', () => {
    const place = placeOf('Lactate');
    const before = [lab(10, LAB.lactate, 4.2, -3_000), pulse(20), lab(60, LAB.lactate, 4.4, 30)];
    const [unnamed] = play([...before, assigned(90, 'p'), second(HOUR_S + 20)]);
    expect(unnamed.watched.numbers[KEPT.last + place]).toBe(4.4);
    const [next] = play([...before, assigned(90, 'p'), assigned(100, 'q'), pulse(110), second(HOUR_S + 110)]);
    expect(next.watched.numbers[KEPT.last + place]).toBeNaN();
    const free = [...before, assigned(90, 'p'), assigned(100, ''), lab(120, LAB.lactate, 9, 80)];
    expect(play(free)[0].labs.waiting).toEqual([]);
    // Of a bed of which nothing else was heard yet they wait, unless the stay began after the specimen.
    const [came] = play([lab(10, LAB.lactate, 4.2, -3_000), assigned(20, 'p'), pulse(30), second(HOUR_S + 40)]);
    expect(came.watched.numbers[KEPT.last + place]).toBeNaN();
  });

  it('make no number by themselves: without a vital sign in the hour data is insufficient', () => {
    const told = LAB_CODES.map((code, i) => lab(60 + i, code, LABS[i]!.from + (LABS[i]!.to - LABS[i]!.from) / 3, 30));
    const [, asked] = play([assigned(0, 'p'), ...told, second(HOUR_S)]);
    expect(asked).toHaveLength(1);
    expect(asked[0]).toMatchObject({ isSufficient: false });
    expect(answerTo(asked[0]!, 0.5).probability).toBeUndefined();
  });

  it('stay bounded in memory, whatever a laboratory tells', () => {
    const flood = Array.from({ length: 3_000 }, (_, i) => lab(i, LAB_CODES[i % 24]!, 30 + (i % 7), i));
    const [memory] = play([assigned(0, 'p'), pulse(1), ...flood.slice(0, 400)]);
    expect(memory.labs.waiting.length).toBeLessThanOrEqual(2 * LABS.length);
  });

  it('are named with the age of the specimen, at most six and those farthest from usual', () => {
    const usual = (i: number): number =>
      PARAMETERS[7 + i]!.isSkewed ? Math.exp(PARAMETERS[7 + i]!.middle) : PARAMETERS[7 + i]!.middle;
    const told = LAB_CODES.map((code, i) => lab(60 + i, code, code === LAB.lactate ? 9 : usual(i), 30 + i));
    const [, asked] = play([assigned(0, 'p'), pulse(20), ...told, second(HOUR_S)]);
    const { inputs } = riskMessage(answerTo(asked[0]!, 0.5), { threshold: 0.03, model: 'm' });
    expect(inputs[0]).toMatchObject({ name: 'LACTATE', unit: 'mmol/l', value: 9 });
    expect(inputs[0]!.atUs).toBe(at(30 + labOf(LAB.lactate)!));
    expect(inputs.map(({ name }) => name)).toContain('HR');
    expect(inputs).toHaveLength(7);
  });
});
