import { BEAT_CLASSES } from '../../../stream-models/beats/beat-input.ts';
import type { Weighted } from '../../../stream-models/network/joined.ts';
import { askBeats } from '../beat-sequences/ask-beats.ts';
import type { BeatSequence } from '../beat-sequences/beat-sequence.ts';

/** What was said of the beats of one recording. */
export interface Answer {
  /** Number of the likeliest class of each beat. */
  readonly classes: Int8Array;
  readonly probabilities: Float32Array;
}

/** What a network of beats says of whole recordings, as in service. */
export const classify = async (weighted: Weighted, sequences: readonly BeatSequence[]): Promise<readonly Answer[]> =>
  (await askBeats(weighted, sequences)).map(likeliestOf);

const likeliestOf = (y: Float32Array): Answer => {
  const count = BEAT_CLASSES.length;
  const classes = Int8Array.from({ length: y.length / count }, (_, beat) => likeliest(y, beat * count, count));
  return { classes, probabilities: Float32Array.from(classes, (found, beat) => y[beat * count + found]!) };
};

const likeliest = (y: Float32Array, from: number, count: number): number => {
  let best = 0;
  for (let i = 1; i < count; i++) if (y[from + i]! > y[from + best]!) best = i;
  return best;
};
