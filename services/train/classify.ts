import { BEAT_CLASSES, BEAT_FEATURES } from '../../stream-models/beats/beat-input.ts';
import type { GruNetwork, Weights } from '../../stream-models/network/description.ts';
import { stepGraph } from '../../stream-models/network/step-graph.ts';
import { openGraph } from '../adapters/onnx/graph-session.ts';
import type { BeatSequence } from './beat-sequence.ts';

/** What was said of the beats of one recording. */
export interface Answer {
  /** Number of the likeliest class of each beat. */
  readonly classes: Int8Array;
  readonly probabilities: Float32Array;
}

/**
 * Plays whole recordings side by side through the step graph, the state carried from beat to beat as in service.
 */
export const classify = async (
  network: GruNetwork,
  weights: Weights,
  sequences: readonly BeatSequence[],
): Promise<readonly Answer[]> => {
  const graph = await openGraph(stepGraph(network, weights));
  const rows = sequences.length;
  const { hidden } = network;
  const classes = BEAT_CLASSES.length;
  const answers = sequences.map(({ labels }) => ({
    classes: new Int8Array(labels.length),
    probabilities: new Float32Array(labels.length),
  }));
  let state: Float32Array = new Float32Array(rows * hidden);
  const longest = Math.max(0, ...answers.map((answer) => answer.classes.length));
  for (let beat = 0; beat < longest; beat++) {
    const x = new Float32Array(rows * BEAT_FEATURES);
    for (const [row, sequence] of sequences.entries()) {
      x.set(sequence.x.subarray(beat * BEAT_FEATURES, (beat + 1) * BEAT_FEATURES), row * BEAT_FEATURES);
      if (sequence.fresh[beat] === 1) state.fill(0, row * hidden, (row + 1) * hidden);
    }
    const outputs = await graph.run({
      x: { dimensions: [rows, BEAT_FEATURES], values: x },
      state: { dimensions: [rows, hidden], values: state },
    });
    state = outputs['next']!;
    const y = outputs['y']!;
    for (const [row, answer] of answers.entries()) {
      if (beat >= answer.classes.length) continue;
      const found = likeliest(y, row * classes, classes);
      answer.classes[beat] = found;
      answer.probabilities[beat] = y[row * classes + found]!;
    }
  }
  await graph.close();
  return answers;
};

const likeliest = (y: Float32Array, from: number, count: number): number => {
  let best = 0;
  for (let i = 1; i < count; i++) if (y[from + i]! > y[from + best]!) best = i;
  return best;
};
