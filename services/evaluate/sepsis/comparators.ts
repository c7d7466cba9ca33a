import { news2Floor, qsofaFloor } from '../../../stream-models/deterioration/derived.ts';
import { deteriorationInput } from '../../../stream-models/deterioration/deterioration-input.ts';
import type { Watched } from '../../../stream-models/deterioration/watched.ts';
import { diceFrom } from '../../../stream-models/dice.ts';
import {
  type FitModel,
  fitDecisionTree,
  fitLinearSvm,
  fitLogisticRegression,
  type Scorer,
} from '../../adapters/mljs/classical-models.ts';
import type { Stay } from '../../stays/read-stays.ts';

/** What stands beside the network: scores every row of stays, learning from others if it must. */
export interface Comparator {
  readonly name: string;
  readonly areProbabilities: boolean;
  /** Learns from labelled stays and answers how it scores one. */
  readonly fit: (stays: readonly Stay[], seed: number) => (stay: Stay) => Float64Array;
}

/** A rule needs nothing learned: a number from what is known of the stay in an hour. */
const rule = (name: string, scoreOf: (watched: Watched) => number): Comparator => ({
  name,
  areProbabilities: false,
  fit: () => (stay) => {
    const scores = new Float64Array(stay.rows.length);
    let memory = deteriorationInput.start;
    for (const [i, row] of stay.rows.entries()) {
      [memory] = deteriorationInput.step(memory, row);
      scores[i] = scoreOf(memory);
    }
    return scores;
  },
});

/** A model learns from the network's own inputs, on a sample of rows: half of them (at most) positive. */
const model = (name: string, rowsMax: number, fitModel: FitModel): Comparator => ({
  name,
  areProbabilities: false,
  fit: (stays, seed) => {
    const { rows, labels } = sampleOf(stays, rowsMax, seed);
    const scorer = fitModel(rows, labels);
    return (stay) => scored(stay, scorer);
  },
});

const scored = (stay: Stay, scorer: Scorer): Float64Array => {
  const scores = new Float64Array(stay.rows.length);
  let memory = deteriorationInput.start;
  for (const [i, row] of stay.rows.entries()) {
    const [next, [input]] = deteriorationInput.step(memory, row);
    memory = next;
    scores[i] = scorer(input!.x);
  }
  return scores;
};

interface Sample {
  readonly rows: readonly Float32Array[];
  readonly labels: readonly number[];
}

/** Rows of about `rowsMax`, as many positive as negative where there are enough: rare positives would teach nothing otherwise. */
const sampleOf = (stays: readonly Stay[], rowsMax: number, seed: number): Sample => {
  const dice = diceFrom(seed);
  const counts = [0, 0];
  for (const { labels } of stays) for (const label of labels!) counts[label]!++;
  const share = counts.map((count) => Math.min(1, rowsMax / 2 / Math.max(1, count)));
  const rows: Float32Array[] = [];
  const labels: number[] = [];
  for (const stay of stays) {
    const chosen = Array.from(stay.labels!, (label) => dice.unit() < share[label]!);
    const last = chosen.lastIndexOf(true);
    let memory = deteriorationInput.start;
    for (let i = 0; i <= last; i++) {
      const [next, [input]] = deteriorationInput.step(memory, stay.rows[i]!);
      memory = next;
      if (!chosen[i]) continue;
      rows.push(input!.x);
      labels.push(stay.labels![i]!);
    }
  }
  return { rows, labels };
};

/** All comparators, from the simplest on. NEWS2 and qSOFA without consciousness, which these files do not have. */
export const COMPARATORS: readonly Comparator[] = [
  rule('qSOFA (no consciousness)', qsofaFloor),
  rule('NEWS2 (no consciousness)', news2Floor),
  rule('hours in the ICU alone', ({ hour }) => hour),
  model('decision tree', 2000, fitDecisionTree),
  model('linear SVM', 6000, fitLinearSvm),
  model('logistic regression', 12_000, fitLogisticRegression),
];
