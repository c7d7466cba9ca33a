import Svm from 'libsvm-js/asm.js';
import { DecisionTreeRegression } from 'ml-cart';
import LogisticRegression from 'ml-logistic-regression';
import { Matrix } from 'ml-matrix';

/** What a fitted model says of one row of features: higher means more likely positive. */
export type Scorer = (x: Float32Array) => number;

/** Fits a model to rows of features of about -2 … 2 and their labels, 1 or 0; both kinds must be there. */
export type FitModel = (rows: readonly Float32Array[], labels: readonly number[]) => Scorer;

const GRADIENT_STEPS = 300;
const GRADIENT_RATE = 1.5;

/** Logistic regression by plain gradient descent (ml-logistic-regression). Scores are log odds. */
export const fitLogisticRegression: FitModel = (rows, labels) => {
  const model = new LogisticRegression({ numSteps: GRADIENT_STEPS, learningRate: GRADIENT_RATE / rows.length });
  model.train(new Matrix(rows.map((row) => [1, ...row])), Matrix.columnVector([...labels]));
  // The first classifier tells "not 0" from 0, which is what is wanted.
  const weights = model.classifiers[0]!.weights.to1DArray();
  return (x) => dot(weights.slice(1), x) + weights[0]!;
};

const SVM_COST = 0.01;

/** A linear support vector machine (libsvm, C-SVC). Scores are distances from the plane. */
export const fitLinearSvm: FitModel = (rows, labels) => {
  const svm = new Svm({ kernel: Svm.KERNEL_TYPES.LINEAR, type: Svm.SVM_TYPES.C_SVC, cost: SVM_COST, quiet: true });
  svm.train(
    rows.map((row) => [...row]),
    labels,
  );
  const { weights, offset } = planeOf(svm.serializeModel(), rows[0]!.length);
  svm.free();
  return (x) => dot(weights, x) - offset;
};

/** The plane of a linear model in LIBSVM's text: Σ coefficient · support vector, pointing to label 1. */
const planeOf = (text: string, width: number): { readonly weights: number[]; readonly offset: number } => {
  const [head, vectors] = text.split('\nSV\n') as [string, string];
  const said = (key: string): string => head.split('\n').find((line) => line.startsWith(`${key} `)) ?? '';
  const sign = said('label').startsWith('label 1') ? 1 : -1;
  const weights = new Array<number>(width).fill(0);
  for (const line of vectors.trim().split('\n')) {
    const [coefficient, ...values] = line.trim().split(' ');
    for (const value of values) {
      const [index, size] = value.split(':');
      weights[Number(index) - 1]! += sign * Number(coefficient) * Number(size);
    }
  }
  return { weights, offset: sign * Number(said('rho').slice(4)) };
};

const TREE_DEPTH = 5;
const LEAF_ROWS = 20;

/** A decision tree (ml-cart, CART), grown on labels as numbers, so that a leaf says the share of positives in it. */
export const fitDecisionTree: FitModel = (rows, labels) => {
  const tree = new DecisionTreeRegression({ maxDepth: TREE_DEPTH, minNumSamples: LEAF_ROWS });
  tree.train(
    rows.map((row) => [...row]),
    labels,
  );
  return (x) => tree.predict([[...x]])[0]!;
};

const dot = (weights: readonly number[], x: Float32Array): number => {
  let sum = 0;
  for (let i = 0; i < weights.length; i++) sum += weights[i]! * x[i]!;
  return sum;
};
