import { InferenceSession, Tensor } from 'onnxruntime-node';

/** A named float32 tensor as a graph takes and gives it. */
export interface NamedTensor {
  readonly dimensions: readonly number[];
  readonly values: Float32Array;
}

/** A graph that is loaded once and run many times on the CPU, for training. Running it blocks the thread. */
export interface GraphSession {
  /** Rejects when the graph refuses its inputs. */
  readonly run: (inputs: Readonly<Record<string, NamedTensor>>) => Promise<Readonly<Record<string, Float32Array>>>;
  readonly close: () => Promise<void>;
}

/** One thread that does not spin while it waits: the second core belongs to others. */
export const ONE_QUIET_THREAD = {
  intraOpNumThreads: 1,
  interOpNumThreads: 1,
  executionMode: 'sequential',
  logSeverityLevel: 3,
} as const;

/** Loads a graph from its bytes. */
export const openGraph = async (model: Uint8Array): Promise<GraphSession> => {
  const session = await InferenceSession.create(model, { ...ONE_QUIET_THREAD, executionProviders: ['cpu'] });
  return {
    run: async (inputs) => {
      const feeds = Object.fromEntries(
        Object.entries(inputs).map(([name, { dimensions, values }]) => [
          name,
          new Tensor('float32', values, dimensions),
        ]),
      );
      const outputs = await session.run(feeds);
      return Object.fromEntries(
        Object.entries(outputs).map(([name, tensor]) => [name, (tensor as Tensor).data as Float32Array]),
      );
    },
    close: () => session.release(),
  };
};
