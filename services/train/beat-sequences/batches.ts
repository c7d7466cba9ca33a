import { BEAT_FEATURES } from '../../../stream-models/beats/beat-input.ts';
import type { Dice } from '../../../stream-models/dice.ts';
import type { GruNetwork } from '../../../stream-models/network/description.ts';
import type { TrainingBatch } from '../trainer.ts';
import type { BeatSequence } from './beat-sequence.ts';

/** Beats per training sequence; the first ones only warm the state up, unless the recording begins there. */
export const STEPS = 40;
const WARM_UP_STEPS = 8;
export const ROWS = 96;

interface Window {
  readonly sequence: BeatSequence;
  readonly first: number;
}

/** What a beat counts by its recording and class: [record → class → weight]. */
export type BeatWeights = ReadonlyMap<string, readonly number[]>;

/** Inputs are shaken by up to this much. */
const INPUT_NOISE = 0.09;
/** Share of the encoder's units that are dropped for one beat: no patient's beats are to be known by heart. */
const DROPOUT = 0.4;
/** Probability spread over the other classes: references err, and nobody is certain. */
const LABEL_SMOOTHING = 0.02;

/**
 * Weights that keep common classes and long recordings from drowning the others: a recording counts within a class by the
 * root of its share. `classWeights`: what a beat counts by its class before that, in the order of the network's classes.
 */
export const beatWeights = (sequences: readonly BeatSequence[], classWeights: readonly number[]): BeatWeights => {
  const counts = new Map<string, number[]>();
  const whole = new Array<number>(classWeights.length).fill(0);
  for (const { record, labels } of sequences) {
    const own = counts.get(record) ?? new Array<number>(classWeights.length).fill(0);
    for (const label of labels) {
      if (label < 0) continue;
      own[label]!++;
      whole[label]!++;
    }
    counts.set(record, own);
  }
  return new Map(
    [...counts].map(([record, own]) => {
      const weights = own.map((count, label) => {
        const fair = whole[label]! / Math.max(1, [...counts.values()].filter((each) => each[label]! > 0).length);
        return count === 0 ? 0 : classWeights[label]! * Math.min(3, Math.sqrt(fair / count));
      });
      return [record, weights];
    }),
  );
};

/** Cuts sequences into windows that cover all beats once, at places thrown anew, and makes batches of them. */
export function* epochBatches(
  sequences: readonly BeatSequence[],
  weights: BeatWeights,
  dice: Dice,
  network: GruNetwork,
): Generator<TrainingBatch, void> {
  const span = STEPS - WARM_UP_STEPS;
  const windows: Window[] = [];
  for (const sequence of sequences)
    for (let first = -dice.below(span); first < sequence.labels.length; first += span)
      windows.push({ sequence, first });
  const order = dice.shuffled(windows);
  for (let from = 0; from < order.length; from += ROWS)
    yield batchOf(order.slice(from, from + ROWS), weights, dice, network);
}

const batchOf = (
  windows: readonly Window[],
  weights: BeatWeights,
  dice: Dice,
  { encoder, classes: { length: classes } }: GruNetwork,
): TrainingBatch => {
  const all = STEPS * ROWS;
  const batch = {
    x: new Float32Array(all * BEAT_FEATURES),
    target: new Float32Array(all * classes),
    weight: new Float32Array(all),
    kept: keptUnits(all * encoder, dice),
  };
  const rest = LABEL_SMOOTHING / classes;
  for (const [row, { sequence, first }] of windows.entries()) {
    // A window that would reach over a break begins behind it: the state is fresh there.
    const begin = beginningOf(sequence, first);
    for (let beat = begin; beat < first + (STEPS - WARM_UP_STEPS) && beat < sequence.labels.length; beat++) {
      const step = beat - begin;
      const at = step * ROWS + row;
      shaken(sequence.x, beat * BEAT_FEATURES, batch.x, at * BEAT_FEATURES, dice);
      const label = sequence.labels[beat]!;
      if (label < 0 || beat < first) continue;
      batch.target.fill(rest, at * classes, (at + 1) * classes);
      batch.target[at * classes + label]! += 1 - LABEL_SMOOTHING;
      batch.weight[at] = weights.get(sequence.record)?.[label] ?? 0;
    }
  }
  return batch;
};

/** Dropout: what each of `count` units is multiplied with. */
const keptUnits = (count: number, dice: Dice): Float32Array => {
  const kept = new Float32Array(count);
  for (let i = 0; i < count; i++) kept[i] = dice.unit() < DROPOUT ? 0 : 1 / (1 - DROPOUT);
  return kept;
};

/** Copies one beat's input, shaken by noise. */
const shaken = (from: Float32Array, at: number, into: Float32Array, to: number, dice: Dice): void => {
  for (let i = 0; i < BEAT_FEATURES; i++) into[to + i] = from[at + i]! + INPUT_NOISE * (2 * dice.unit() - 1);
};

const beginningOf = ({ fresh }: BeatSequence, first: number): number => {
  let begin = Math.max(0, first - WARM_UP_STEPS);
  for (let beat = begin; beat < first + STEPS - WARM_UP_STEPS; beat++) {
    if (fresh[beat] === 1 && beat <= first) begin = beat;
  }
  return begin;
};
