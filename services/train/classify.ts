import { BEAT_CLASSES, BEAT_FEATURES, BEAT_HIDDEN } from '../../stream-models/beats/beat-input.ts';
import type { GruNetwork, Weights } from '../../stream-models/network/description.ts';
import { stepGraph } from '../../stream-models/network/step-graph.ts';
import { openGraph } from '../adapters/onnx/graph-session.ts';
import type { BeatSequence } from './beat-sequence.ts';

/**
 * Plays whole recordings side by side through the step graph, the state carried from beat to beat as in service. Answers
 * the number of the likeliest class of every beat.
 */
export const classify = async (
  network: GruNetwork,
  weights: Weights,
  sequences: readonly BeatSequence[],
): Promise<readonly Int8Array[]> => {
  const graph = await openGraph(stepGraph(network, weights));
  const rows = sequences.length;
  const classes = BEAT_CLASSES.length;
  const answers = sequences.map(({ labels }) => new Int8Array(labels.length));
  let state: Float32Array = new Float32Array(rows * BEAT_HIDDEN);
  const longest = Math.max(0, ...answers.map(({ length }) => length));
  for (let beat = 0; beat < longest; beat++) {
    const x = new Float32Array(rows * BEAT_FEATURES);
    for (const [row, sequence] of sequences.entries()) {
      x.set(sequence.x.subarray(beat * BEAT_FEATURES, (beat + 1) * BEAT_FEATURES), row * BEAT_FEATURES);
      if (sequence.fresh[beat] === 1) state.fill(0, row * BEAT_HIDDEN, (row + 1) * BEAT_HIDDEN);
    }
    const outputs = await graph.run({
      x: { dimensions: [rows, BEAT_FEATURES], values: x },
      state: { dimensions: [rows, BEAT_HIDDEN], values: state },
    });
    state = outputs['next']!;
    const y = outputs['y']!;
    for (const [row, answer] of answers.entries())
      if (beat < answer.length) answer[beat] = likeliest(y, row * classes, classes);
  }
  await graph.close();
  return answers;
};

const likeliest = (y: Float32Array, from: number, count: number): number => {
  let best = 0;
  for (let i = 1; i < count; i++) if (y[from + i]! > y[from + best]!) best = i;
  return best;
};
