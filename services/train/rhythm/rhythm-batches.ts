import type { Dice } from '../../../stream-models/dice.ts';
import { RHYTHM_CLASSES } from '../../../stream-models/rhythm-network/rhythm-classes.ts';
import { RHYTHM_FEATURES } from '../../../stream-models/rhythm-network/rhythm-input.ts';
import type { TrainingBatch } from '../trainer.ts';
import type { Window } from '../windowed-fit.ts';
import type { RhythmSequence } from './rhythm-sequence.ts';

/** Seconds per training window; the state goes on from one window to the next, its gradient does not. */
export const STEPS = 40;
export const ROWS = 48;

/** A long recording is played in pieces of about this length, s: most beds have not been heard for long. */
const PIECE_S = 480;
/** Share of the encoder's units that are dropped for one second: no patient is to be known by heart. */
const DROPOUT = 0.3;
/** Inputs are shaken by up to this much. */
const INPUT_NOISE = 0.06;
/** Probability spread over the other classes: references err. */
const LABEL_SMOOTHING = 0.03;
/** What a second counts by its class, in the order of RHYTHM_CLASSES: red ones most; what is called noise differs from reader to reader. */
const CLASS_WEIGHTS = [1, 0.7, 2, 2, 0.7, 0.4] as const;
/** A recording of many seconds of a class counts less per second, one of few more, at most so much. */
const SHARE_MAX = 3;

const CLASSES = RHYTHM_CLASSES.length;

/** What a second counts by its class, in the order of RHYTHM_CLASSES. */
export interface SecondWeights {
  /** By patient as well: no long episode of one patient drowns the others. */
  readonly of: ReadonlyMap<string, readonly number[]>;
  /** Of seconds before a judged alarm, of which no patient has many. */
  readonly judged: readonly number[];
}

/** What a second of each class weighs, so that no patient and no common rhythm drowns the rest. */
export const secondWeights = (sequences: readonly RhythmSequence[]): SecondWeights => {
  const counts = new Map<string, number[]>();
  const whole = new Array<number>(CLASSES).fill(0);
  for (const { patient, labels, weights, targets } of sequences) {
    if (targets !== undefined) continue;
    const own = counts.get(patient) ?? new Array<number>(CLASSES).fill(0);
    for (const [i, label] of labels.entries()) {
      if (label < 0) continue;
      own[label]! += weights[i]!;
      whole[label]! += weights[i]!;
    }
    counts.set(patient, own);
  }
  const patientsWith = RHYTHM_CLASSES.map((_, c) => [...counts.values()].filter((own) => own[c]! > 0).length);
  // Classes that are common as a whole count less, by the root.
  const most = Math.max(...whole);
  const rarity = whole.map((count) => Math.min(4, Math.sqrt(most / Math.max(1, count))));
  const counted = (own: readonly number[]): readonly number[] =>
    own.map((count, c) => {
      if (count === 0) return 0;
      const fair = whole[c]! / patientsWith[c]!;
      return CLASS_WEIGHTS[c]! * rarity[c]! * Math.min(SHARE_MAX, Math.sqrt(fair / count));
    });
  return {
    of: new Map([...counts].map(([patient, own]) => [patient, counted(own)])),
    judged: RHYTHM_CLASSES.map((name, c) => (name === 'vt' || name === 'vf' ? CLASS_WEIGHTS[c]! * rarity[c]! : 1)),
  };
};

interface Piece {
  readonly sequence: RhythmSequence;
  readonly next: number;
  readonly end: number;
}

const piecesOf = (sequences: readonly RhythmSequence[], dice: Dice): readonly Piece[] => {
  const pieces: Piece[] = [];
  for (const sequence of sequences) {
    const length = sequence.labels.length;
    let from = 0;
    let end = length <= PIECE_S ? length : Math.ceil(PIECE_S * (0.3 + 0.7 * dice.unit()));
    while (from < length) {
      end = Math.min(end, length);
      pieces.push({ sequence, next: from, end });
      from = end;
      end = from + PIECE_S;
    }
  }
  return dice.shuffled(pieces);
};

/**
 * All seconds of all sequences once, in pieces and an order thrown anew: ROWS lanes play one piece after the other. The end
 * of an epoch, when less than half of the lanes have a piece left, is given up.
 */
export function* epochWindows(
  sequences: readonly RhythmSequence[],
  weights: SecondWeights,
  dice: Dice,
  encoder: number,
): Generator<Window, void> {
  const waiting = piecesOf(sequences, dice);
  const lanes = new Array<Piece | undefined>(ROWS).fill(undefined);
  for (let next = 0; ; ) {
    const isFresh = new Uint8Array(ROWS);
    for (let lane = 0; lane < ROWS; lane++) {
      if (lanes[lane] !== undefined || next === waiting.length) continue;
      lanes[lane] = waiting[next++]!;
      isFresh[lane] = 1;
    }
    if (lanes.filter((lane) => lane !== undefined).length < Math.min(ROWS, waiting.length) / 2) return;
    const all = STEPS * ROWS;
    const batch = {
      x: new Float32Array(all * RHYTHM_FEATURES),
      target: new Float32Array(all * CLASSES),
      weight: new Float32Array(all),
      kept: Float32Array.from({ length: all * encoder }, () => (dice.unit() < DROPOUT ? 0 : 1 / (1 - DROPOUT))),
    };
    for (const [number, lane] of lanes.entries())
      if (lane !== undefined) lanes[number] = written(batch, number, lane, weights, dice);
    yield { batch, isFresh };
  }
}

/** Writes the next seconds of a lane into a batch; undefined when its piece is over. */
const written = (
  batch: TrainingBatch,
  lane: number,
  { sequence, next, end }: Piece,
  weights: SecondWeights,
  dice: Dice,
): Piece | undefined => {
  const own = sequence.targets === undefined ? weights.of.get(sequence.patient)! : weights.judged;
  const rest = LABEL_SMOOTHING / CLASSES;
  const to = Math.min(end, next + STEPS);
  for (let second = next; second < to; second++) {
    const at = (second - next) * ROWS + lane;
    for (let i = 0; i < RHYTHM_FEATURES; i++)
      batch.x[at * RHYTHM_FEATURES + i] =
        sequence.x[second * RHYTHM_FEATURES + i]! + INPUT_NOISE * (2 * dice.unit() - 1);
    const label = sequence.labels[second]!;
    if (label < 0) continue;
    if (sequence.targets === undefined) {
      batch.target.fill(rest, at * CLASSES, (at + 1) * CLASSES);
      batch.target[at * CLASSES + label]! += 1 - LABEL_SMOOTHING;
    } else batch.target.set(sequence.targets.subarray(second * CLASSES, (second + 1) * CLASSES), at * CLASSES);
    batch.weight[at] = sequence.weights[second]! * own[label]!;
  }
  return to < end ? { sequence, next: to, end } : undefined;
};
