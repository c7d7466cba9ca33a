import type { Weighted } from '../../../stream-models/network/joined.ts';
import { stepGraph } from '../../../stream-models/network/step-graph.ts';
import { openGraph } from '../../adapters/onnx/graph-session.ts';
import type { RhythmSequence } from './rhythm-sequence.ts';

/** What a network said of a sequence: [seconds, classes]. */
export interface AskedSequence {
  readonly sequence: RhythmSequence;
  readonly probabilities: Float32Array;
}

/** Asks the network about sequences, second by second as in service, all side by side. */
export const askRhythm = async (
  { network, weights }: Weighted,
  sequences: readonly RhythmSequence[],
): Promise<readonly AskedSequence[]> => {
  const graph = await openGraph(stepGraph(network, weights));
  const { features, hidden, classes } = network;
  const width = classes.length;
  // Longest first, so that those that go on are always the first rows.
  const order = [...sequences].sort((a, b) => b.labels.length - a.labels.length);
  const asked = order.map((sequence) => ({
    sequence,
    probabilities: new Float32Array(sequence.labels.length * width),
  }));
  let state = new Float32Array(order.length * hidden);
  try {
    for (let second = 0; ; second++) {
      const rows = order.filter(({ labels }) => labels.length > second).length;
      if (rows === 0) return asked;
      const x = new Float32Array(rows * features);
      for (let row = 0; row < rows; row++)
        x.set(order[row]!.x.subarray(second * features, (second + 1) * features), row * features);
      const outputs = await graph.run({
        x: { dimensions: [rows, features], values: x },
        state: { dimensions: [rows, hidden], values: state.subarray(0, rows * hidden) },
      });
      state = outputs['next']!.slice();
      for (let row = 0; row < rows; row++)
        asked[row]!.probabilities.set(outputs['y']!.subarray(row * width, (row + 1) * width), second * width);
    }
  } finally {
    await graph.close();
  }
};
