/**
 * Goal: the subgroups of a report are parts of the same whole, and nothing is claimed of a few patients.
 * Method: made stays and headers go through the functions that the reports are made of.
 */
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MDC } from '../../schemas/codes.ts';
import { pulsesAmong } from '../../services/evaluate/alarms/alarm-subgroups.ts';
import { sepsisSubgroups } from '../../services/evaluate/sepsis/sepsis-subgroups.ts';
import { AGE_BANDS, ageBandOf, subgroupCell, unlessTooFew } from '../../services/evaluate/subgroups.ts';
import { describedIn } from '../../services/recordings/patient.ts';
import { readStays, type Stay } from '../../services/stays/read-stays.ts';
import { diceFrom } from '../../stream-models/dice.ts';
import { sepsisFigures } from '../../stream-models/evaluation/sepsis-figures.ts';
import { sepsisSubgroupFigures } from '../../stream-models/evaluation/sepsis-subgroup.ts';
import { COLUMNS, csvOf, madeRows } from '../deterioration/made-stays.ts';
import { put, temporaryFolder } from '../recordings/made-record.ts';

const staysOf = async (rows: Parameters<typeof csvOf>[0], columns?: readonly string[]): Promise<readonly Stay[]> => {
  await using folder = await temporaryFolder();
  await put(folder.path, { 'in.csv': csvOf(rows, columns) });
  const stays: Stay[] = [];
  for await (const stay of readStays(join(folder.path, 'in.csv'))) stays.push(stay);
  return stays;
};

const judgedBy = (stays: readonly Stay[], seed: number) => {
  const dice = diceFrom(seed);
  return stays.map((stay) => {
    const risks = Float64Array.from(stay.labels!, (label) => (label === 1 ? 0.3 : 0) + 0.6 * dice.unit());
    return { stay, judged: { labels: stay.labels!, risks, alarms: Uint8Array.from(risks, (r) => Number(r > 0.5)) } };
  });
};

describe('subgroups of stays', () => {
  it('add up to the whole in every dimension, and the whole as its own subgroup has the figures of the report', async () => {
    const said = judgedBy(await staysOf(madeRows(60, 3)), 1);
    const groups = sepsisSubgroups(said, { resamples: 5, seed: 1 });
    for (const of of Map.groupBy(groups, ({ by }) => by).values()) {
      expect(of.reduce((sum, { stays }) => sum + stays, 0)).toBe(60);
      expect(of.reduce((sum, { septicStays }) => sum + septicStays, 0)).toBe(20);
    }
    const judged = said.map((each) => each.judged);
    const { utility, auroc, alarms } = sepsisFigures(judged, { areProbabilities: true, resamples: 9, seed: 1 });
    const whole = sepsisSubgroupFigures(judged, { resamples: 9, seed: 1 });
    expect([whole.utility, whole.auroc]).toEqual([utility, auroc]);
    const { septicFound, othersQuiet, ppvStays } = whole;
    expect([septicFound.value, othersQuiet.value, ppvStays.value]).toEqual([
      alarms.sensitivity,
      alarms.specificity,
      alarms.ppvStays,
    ]);
  });

  it('by unit are told where the file tells them, and the unit is no input', async () => {
    const rows = madeRows(6, 3);
    const in1 = rows.map((row) => ({ ...row, Unit1: '1', Unit2: '0' }));
    const in2 = rows.map((row) => ({ ...row, Unit1: '0.0', Unit2: '1.0' }));
    const [none, first, second] = [await staysOf(rows), await staysOf(in1), await staysOf(in2)];
    expect([none, first, second].map(([stay]) => stay!.unit)).toEqual(['none named', 'Unit1', 'Unit2']);
    expect(first.map(({ rows: read }) => read)).toEqual(second.map(({ rows: read }) => read));
    const without = await staysOf(
      rows,
      COLUMNS.filter((name) => name !== 'Unit1'),
    );
    expect(without[0]!.unit).toBeUndefined();
  });
});

describe('a figure of a subgroup', () => {
  it('of fewer than ten patients is not said, but of how few it would be', () => {
    const figure = { value: 0.5, low: 0.4, high: 0.6 };
    expect(subgroupCell(unlessTooFew(figure, 9), ({ value }) => String(value))).toBe('too few (9)');
    expect(subgroupCell(unlessTooFew(figure, 10), ({ value }) => String(value))).toBe('0.5');
  });

  it('has a band for every age', () => {
    fc.assert(fc.property(fc.double(), (years) => AGE_BANDS.includes(ageBandOf(years))));
    expect([17, 18, 44.9, 45, 79, 80, -1, Number.NaN].map(ageBandOf)).toEqual([
      ...['under 18', '18 to 44', '18 to 44', '45 to 64', '65 to 79', '80 and over', 'not told', 'not told'],
    ]);
  });
});

describe('what a header tells', () => {
  it('of the patient is age and sex as mitdb, incartdb and ptbdb write them, and nothing where they do not', () => {
    expect(describedIn(['69 M 1085 1629 x1', 'Aldomet'])).toEqual({ ageYears: 69, isMale: 1 });
    expect(describedIn(['-1 F 812 1 x1'])).toEqual({ ageYears: Number.NaN, isMale: 0 });
    expect(describedIn(['<age>: 65 <sex>: F <diagnoses> Coronary'])).toEqual({ ageYears: 65, isMale: 0 });
    expect(describedIn(['age: 81', 'sex: female'])).toEqual({ ageYears: 81, isMale: 0 });
    for (const comments of [[], ['Asystole', 'False alarm'], ['The lower channel has noise', 'dosage: 5']])
      expect(describedIn(comments)).toEqual({ ageYears: Number.NaN, isMale: Number.NaN });
  });

  it('of pulse signals is which of the two there are', () => {
    const { ecgII, abpWave, pleth } = MDC;
    expect([[ecgII], [ecgII, pleth], [abpWave, pleth], [abpWave]].map(pulsesAmong)).toEqual([
      ...['none', 'PLETH', 'ABP and PLETH', 'ABP'],
    ]);
  });
});
