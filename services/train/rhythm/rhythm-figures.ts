import { auroc, rank } from '../../../stream-models/evaluation/auroc.ts';
import { BOOTSTRAP_USUAL, bootstrap } from '../../../stream-models/evaluation/bootstrap.ts';
import { brier, reliability } from '../../../stream-models/evaluation/calibration.ts';
import { fitScaling, type Scaling, scaledRow } from '../../../stream-models/evaluation/scaling.ts';
import { RHYTHM_CLASSES } from '../../../stream-models/rhythm-network/rhythm-classes.ts';
import type { AskedSequence } from './ask-rhythm.ts';
import type { HeldOutRhythm } from './rhythm-folds.ts';

const CLASSES = RHYTHM_CLASSES.length;
const [VT, VF] = [RHYTHM_CLASSES.indexOf('vt'), RHYTHM_CLASSES.indexOf('vf')];

/** Only settled seconds are counted: near a change nobody can tell to the second. */
const countsAt = ({ sequence }: AskedSequence, second: number): boolean =>
  sequence.labels[second]! >= 0 && sequence.weights[second]! === 1;

/** Fits the calibration by sequences that their network never saw. */
export const scalingBy = (asked: readonly AskedSequence[]): Scaling => {
  const probabilities: number[] = [];
  const labels: number[] = [];
  for (const each of asked)
    for (let second = 0; second < each.sequence.labels.length; second++) {
      if (!countsAt(each, second)) continue;
      for (let c = 0; c < CLASSES; c++) probabilities.push(each.probabilities[second * CLASSES + c]!);
      labels.push(each.sequence.labels[second]!);
    }
  return fitScaling(probabilities, labels, CLASSES);
};

const scaled = (each: AskedSequence, scaling: Scaling): AskedSequence => {
  const probabilities = new Float32Array(each.probabilities.length);
  const row = new Float64Array(CLASSES);
  for (let second = 0; second < each.sequence.labels.length; second++) {
    scaledRow(scaling, each.probabilities, second, row);
    probabilities.set(row, second * CLASSES);
  }
  return { ...each, probabilities };
};

/** Every recording as judged by a network that never saw its patient, calibrated by the other folds alone. */
export const judgedByOthers = (folds: readonly HeldOutRhythm[]): readonly AskedSequence[] =>
  folds.flatMap(({ asked }, number) => {
    const scaling = scalingBy(folds.flatMap((fold, other) => (other === number ? [] : fold.asked)));
    return asked.map((each) => scaled(each, scaling));
  });

type Matrix = number[][];

const matrixOf = (each: AskedSequence): Matrix => {
  const matrix = RHYTHM_CLASSES.map(() => new Array<number>(CLASSES).fill(0));
  for (let second = 0; second < each.sequence.labels.length; second++) {
    if (!countsAt(each, second)) continue;
    let best = 0;
    for (let c = 1; c < CLASSES; c++)
      if (each.probabilities[second * CLASSES + c]! > each.probabilities[second * CLASSES + best]!) best = c;
    matrix[each.sequence.labels[second]!]![best]!++;
  }
  return matrix;
};

const summed = (matrices: readonly Matrix[], drawn?: ArrayLike<number>): Matrix =>
  RHYTHM_CLASSES.map((_, row) =>
    RHYTHM_CLASSES.map((__, column) =>
      matrices.reduce((sum, matrix, i) => sum + (drawn === undefined ? 1 : drawn[i]!) * matrix[row]![column]!, 0),
    ),
  );

const sharesOf = (matrix: Matrix) =>
  Object.fromEntries(
    RHYTHM_CLASSES.flatMap((name, c) => {
      const said = matrix.reduce((sum, row) => sum + row[c]!, 0);
      const is = matrix[c]!.reduce((a, b) => a + b, 0);
      return [
        [`${name} Se`, matrix[c]![c]! / is],
        [`${name} +P`, matrix[c]![c]! / said],
      ];
    }),
  );

/** By the second: confusion matrix, Se and +P per class with intervals by patient, ranking and calibration of VT or VF, worst patients. */
export const rhythmFigures = (asked: readonly AskedSequence[]) => {
  const patients = [...new Set(asked.map(({ sequence }) => sequence.patient))];
  const matrices = patients.map((patient) =>
    summed(asked.filter(({ sequence }) => sequence.patient === patient).map(matrixOf)),
  );
  const intervals = bootstrap({ ...BOOTSTRAP_USUAL, patients: patients.length }, (drawn) =>
    sharesOf(summed(matrices, drawn)),
  );
  const red: number[] = [];
  const isRed: number[] = [];
  for (const each of asked)
    for (let second = 0; second < each.sequence.labels.length; second++) {
      if (!countsAt(each, second)) continue;
      const at = second * CLASSES;
      red.push(Math.min(1, each.probabilities[at + VT]! + each.probabilities[at + VF]!));
      isRed.push([VT, VF].includes(each.sequence.labels[second]!) ? 1 : 0);
    }
  const isLong = (patient: string): boolean => !/^A\d/.test(patient);
  return {
    classes: RHYTHM_CLASSES,
    matrix: summed(matrices),
    ...{ shares: intervals, seconds: red.length },
    vtOrVf: { auroc: auroc(rank(red, isRed)), brier: brier(red, isRed), reliability: reliability(red, isRed) },
    patients: patients.flatMap((patient, i) => (isLong(patient) ? [{ patient, matrix: matrices[i]! }] : [])),
  };
};
