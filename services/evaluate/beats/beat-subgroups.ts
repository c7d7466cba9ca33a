import { beatFigures } from '../../../stream-models/evaluation/beat-figures.ts';
import type { Interval } from '../../../stream-models/evaluation/bootstrap.ts';
import { classScores, positivePredictivity, sensitivity, sumResults } from '../../../stream-models/evaluation/ec57.ts';
import { patientOf } from '../../recordings/patient.ts';
import {
  AGE_BANDS,
  ageBandOf,
  type Dimension,
  SEXES,
  type SubgroupFigure,
  sexOf,
  subgroupsOf,
  unlessTooFew,
} from '../subgroups.ts';
import type { JudgedRecord } from './judge-beats.ts';

interface SubgroupShares {
  readonly sensitivity: SubgroupFigure;
  readonly positivePredictivity: SubgroupFigure;
}

/** Gross figures of the patients of one sex or age; what would be of too few who have such beats is not said. */
export interface BeatSubgroup {
  readonly by: string;
  readonly name: string;
  readonly patients: number;
  /** Of the reference. */
  readonly beats: number;
  readonly qrs: SubgroupShares;
  readonly S: SubgroupShares;
  readonly V: SubgroupShares;
}

const DIMENSIONS: readonly Dimension<JudgedRecord>[] = [
  { by: 'sex', names: SEXES, nameOf: ({ described }) => sexOf(described.isMale) },
  { by: 'age', names: AGE_BANDS, nameOf: ({ described }) => ageBandOf(described.ageYears) },
];

type Shares = Readonly<Record<keyof SubgroupShares, number>>;

/** `each`: the shares of each patient, NaN for those who add nothing to them. */
const told = (gross: Readonly<Record<keyof SubgroupShares, Interval>>, each: readonly Shares[]): SubgroupShares => {
  const figure = (name: keyof SubgroupShares): SubgroupFigure =>
    unlessTooFew(gross[name], each.filter((of) => Number.isFinite(of[name])).length);
  return { sensitivity: figure('sensitivity'), positivePredictivity: figure('positivePredictivity') };
};

/** By sex and age, with intervals by bootstrap over patients; empty where no header tells either. */
export const beatSubgroups = (judged: readonly JudgedRecord[], resamples: number): readonly BeatSubgroup[] => {
  const isTold = judged.some(({ described }) => !Number.isNaN(described.ageYears) || !Number.isNaN(described.isMale));
  if (!isTold) return [];
  return subgroupsOf(judged, DIMENSIONS).map(({ by, name, members }) => {
    const patients = [...Map.groupBy(members, ({ record }) => patientOf(record)).values()].map((of) =>
      sumResults(of.map(({ result }) => result)),
    );
    const { qrs, classes } = beatFigures(patients, resamples);
    const whole = patients.map((each) => ({
      sensitivity: sensitivity(each),
      positivePredictivity: positivePredictivity(each),
    }));
    const ofClass = (beatClass: 'S' | 'V'): SubgroupShares =>
      told(
        classes[beatClass],
        patients.map((each) => classScores(each, beatClass)),
      );
    return {
      ...{ by, name, patients: patients.length },
      beats: patients.reduce((sum, { truePositives, falseNegatives }) => sum + truePositives + falseNegatives, 0),
      ...{ qrs: told(qrs, whole), S: ofClass('S'), V: ofClass('V') },
    };
  });
};
