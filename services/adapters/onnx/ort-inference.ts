import type { InferenceSession } from 'onnxruntime-node';
import type { Inference, Provider, ProviderNotice } from '../../ports/inference.ts';
import { readModelFile } from './model-file.ts';
import { openProvidedSession } from './provider.ts';
import { agreeingSizes, type NamedStepNetwork, stepNetwork } from './step-network.ts';

/** What ONNX Runtime can do beyond the port: its networks name their classes. */
export interface OrtInference extends Inference {
  readonly load: (
    modelPath: string,
  ) => Promise<{ readonly network: NamedStepNetwork; readonly notices: readonly ProviderNotice[] }>;
}

/**
 * The Inference port on onnxruntime-node. `providers` are tried in their order, the CPU last. `load` rejects with an Error
 * when the file is missing or no step network. A step blocks the calling thread while it computes.
 */
export const openOrtInference = (
  { providers }: { readonly providers: readonly Provider[] } = { providers: ['cuda', 'webgpu', 'cpu'] },
): OrtInference => {
  const sessions: InferenceSession[] = [];
  return {
    load: async (modelPath) => {
      const file = await readModelFile(modelPath);
      const { session, provider, notices } = await openProvidedSession(file.bytes, providers);
      sessions.push(session);
      const sizes = await agreeingSizes(file, session, provider);
      return { network: stepNetwork(file, session, provider, sizes), notices };
    },
    close: async () => {
      for (const session of sessions.splice(0)) await session.release();
    },
  };
};
