import { BEAT_FEATURES } from '../../../stream-models/beats/beat-input.ts';
import type { Weighted } from '../../../stream-models/network/joined.ts';
import { stepGraph } from '../../../stream-models/network/step-graph.ts';
import { openGraph } from '../../adapters/onnx/graph-session.ts';
import type { BeatSequence } from './beat-sequence.ts';

/**
 * Plays whole recordings side by side through the step graph, the state carried from beat to beat as in service. Answers for
 * each the probabilities of the network's classes, [beats, classes].
 */
export const askBeats = async (
  { network, weights }: Weighted,
  sequences: readonly BeatSequence[],
): Promise<readonly Float32Array[]> => {
  const { hidden, classes } = network;
  const width = classes.length;
  const graph = await openGraph(stepGraph(network, weights));
  const rows = sequences.length;
  const answers = sequences.map(({ labels }) => new Float32Array(labels.length * width));
  let state: Float32Array = new Float32Array(rows * hidden);
  const longest = Math.max(0, ...sequences.map(({ labels }) => labels.length));
  try {
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
      for (const [row, answer] of answers.entries())
        if (beat * width < answer.length) answer.set(y.subarray(row * width, (row + 1) * width), beat * width);
    }
  } finally {
    await graph.close();
  }
  return answers;
};
