import { env, InferenceSession } from 'onnxruntime-node';
import type { Provider } from '../../ports/inference.ts';
import { ONE_QUIET_THREAD } from './graph-session.ts';

/** The providers that are tried, in their order. The CPU is always the last resort, so nothing behind it counts. */
export const beforeCpu = (wished: readonly Provider[]): readonly Provider[] =>
  wished.includes('cpu') ? wished.slice(0, wished.indexOf('cpu')) : wished;

/**
 * Opens a session on one provider and no other, so that the answer is known and not guessed. A provider other than the CPU
 * must run every node: ONNX Runtime is forbidden to hand single nodes to the CPU. Rejects with an Error of one sentence when
 * the provider is not there or cannot run the whole model.
 */
export const openSession = async (model: Uint8Array, provider: Provider): Promise<InferenceSession> => {
  // A refusal is told by whoever asked; ONNX Runtime need not write it to stderr as well.
  env.logLevel = 'fatal';
  try {
    return await InferenceSession.create(model, {
      ...ONE_QUIET_THREAD,
      executionProviders: [provider],
      extra: {
        session: {
          intra_op: { allow_spinning: '0' },
          inter_op: { allow_spinning: '0' },
          ...(provider === 'cpu' ? {} : { disable_cpu_ep_fallback: '1' }),
        },
      },
    });
  } catch (cause) {
    throw new Error(sentenceOf(cause), { cause });
  }
};

const sentenceOf = (cause: unknown): string => {
  const text = cause instanceof Error ? cause.message : String(cause);
  return text.trim().split('\n')[0] ?? text;
};
