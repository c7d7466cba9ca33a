/** Running mean and mean distance from it of some measures, and how many beats they were made of. */
export interface Usual {
  readonly beats: number;
  readonly mean: Float32Array;
  readonly apart: Float32Array;
}

/** Share by which a beat moves the means, once they have settled. */
const PULL_MIN = 0.03;
/** A measure that hardly varies is not therefore alarming when it varies a little. */
const APART_LEAST = 0.05;
/** A measure three times as far away as usual counts 1. */
const FAR = 3;
const BOUND = 2;

/** Nothing is usual yet of so many measures. */
export const startUsual = (measures: number): Usual => ({
  beats: 0,
  mean: new Float32Array(measures),
  apart: new Float32Array(measures),
});

/** What is usual after one more usual beat. */
export const withUsual = ({ beats, mean, apart }: Usual, measures: Float32Array): Usual => {
  const pull = Math.max(PULL_MIN, 1 / (beats + 1));
  const [newMean, newApart] = [mean.slice(), apart.slice()];
  for (let i = 0; i < mean.length; i++) {
    newMean[i]! += pull * (measures[i]! - mean[i]!);
    newApart[i]! += pull * (Math.abs(measures[i]! - mean[i]!) - apart[i]!);
  }
  return { beats: beats + 1, mean: newMean, apart: newApart };
};

/** How unusual measures are, written into `into` from `at` on: 0 as usual, 1 three times as far away as usual. */
export const unusual = (
  { beats, mean, apart }: Usual,
  measures: Float32Array,
  into: Float32Array,
  at: number,
): void => {
  if (beats === 0) return;
  for (let i = 0; i < measures.length; i++) {
    const far = (measures[i]! - mean[i]!) / (FAR * (apart[i]! + APART_LEAST));
    into[at + i] = Math.max(-BOUND, Math.min(BOUND, far));
  }
};
