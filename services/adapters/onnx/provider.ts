import { env, InferenceSession } from 'onnxruntime-node';
import type { Provider, ProviderNotice } from '../../ports/inference.ts';
import { ONE_QUIET_THREAD } from './graph-session.ts';

/** A session and the provider that truly runs it. */
export interface ProvidedSession {
  readonly session: InferenceSession;
  readonly provider: Provider;
  readonly notices: readonly ProviderNotice[];
}

/**
 * Opens a session with the first provider of the list that works, one provider at a time, so that the answer is known and
 * not guessed. A provider other than the CPU must run every node: ONNX Runtime is forbidden to hand single nodes to the
 * CPU, refuses the session instead, and the next provider is tried. The CPU is always the last resort.
 */
export const openProvidedSession = async (model: Uint8Array, wished: readonly Provider[]): Promise<ProvidedSession> => {
  // A refusal becomes a notice; ONNX Runtime need not write it to stderr as well.
  env.logLevel = 'fatal';
  const failed: { readonly wished: Provider; readonly why: string }[] = [];
  for (const provider of beforeCpu(wished)) {
    try {
      return provided(await InferenceSession.create(model, optionsFor(provider)), provider, failed);
    } catch (cause) {
      failed.push({ wished: provider, why: sentenceOf(cause) });
    }
  }
  return provided(await InferenceSession.create(model, optionsFor('cpu')), 'cpu', failed);
};

const beforeCpu = (wished: readonly Provider[]): readonly Provider[] =>
  wished.includes('cpu') ? wished.slice(0, wished.indexOf('cpu')) : wished;

const provided = (
  session: InferenceSession,
  provider: Provider,
  failed: readonly { readonly wished: Provider; readonly why: string }[],
): ProvidedSession => ({ session, provider, notices: failed.map((failure) => ({ ...failure, used: provider })) });

const optionsFor = (provider: Provider): InferenceSession.SessionOptions => ({
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

const sentenceOf = (cause: unknown): string => {
  const text = cause instanceof Error ? cause.message : String(cause);
  return text.trim().split('\n')[0] ?? text;
};
