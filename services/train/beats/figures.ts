import type { BeatClassName } from '../../../schemas/words.ts';
import { BEAT_CLASSES } from '../../../stream-models/beats/beat-input.ts';
import {
  classScores,
  compareBeats,
  EC57,
  type Ec57Matrix,
  type Ec57Result,
  plainPredictivity,
  sumResults,
} from '../../../stream-models/evaluation/ec57.ts';
import type { BeatSequence, Reference } from '../beat-sequences/beat-sequence.ts';

/** Sensitivity and positive predictivity of one class, percent to two places; undefined where there was none to find. */
export interface ClassFigures {
  readonly se: number | undefined;
  readonly ppv: number | undefined;
  /** The same with F and Q held against V, and Q against S, which EC57 does not. */
  readonly ppvPlain: number | undefined;
  /** Beats of the reference. */
  readonly beats: number;
}

export interface Figures {
  readonly classes: Readonly<Partial<Record<BeatClassName, ClassFigures>>>;
  /** Row: class of the reference, column: class that was said; O: no beat. */
  readonly matrix: Ec57Matrix;
}

/** Compares a recording's classes with its reference by EC57: from 5:00, 150 ms, flutter left out. */
export const compared = (sequence: BeatSequence, answer: Int8Array, reference: Reference): Ec57Result => {
  const detected = Array.from(answer, (number, i) => ({
    atSeconds: sequence.atSeconds[i]!,
    class: BEAT_CLASSES[number]!,
  }));
  return compareBeats(reference.beats, detected, { ...EC57, excluded: reference.excluded });
};

/** Gross figures: all beats of all recordings together. */
export const grossFigures = (results: readonly Ec57Result[]): Figures => {
  const sum = sumResults(results);
  return {
    classes: Object.fromEntries(BEAT_CLASSES.map((name) => [name, figuresOf(sum, name)])),
    matrix: sum.matrix,
  };
};

const figuresOf = (result: Ec57Result, name: BeatClassName): ClassFigures => {
  const { sensitivity, positivePredictivity } = classScores(result, name);
  const beats = Object.values(result.matrix[name]).reduce((a, b) => a + b, 0);
  const ppvPlain = percent(plainPredictivity(result, name));
  return { se: percent(sensitivity), ppv: percent(positivePredictivity), ppvPlain, beats };
};

const percent = (share: number): number | undefined =>
  Number.isFinite(share) ? Math.round(share * 10_000) / 100 : undefined;
