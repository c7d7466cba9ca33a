/**
 * `node device-main.ts PROVIDER`: the process that a device's driver may stand still or crash in. Its parent asks, and ends it when
 * it does not answer; it ends by itself when the parent is gone.
 */
import * as E from 'fp-ts/lib/Either.js';
import type { InferenceError, Provider } from '../../ports/inference.ts';
import type { DeviceAnswer, DeviceQuestion, Numbered } from './device-words.ts';
import { readModelFile } from './model-file.ts';
import { openSession } from './provider.ts';
import { agreeingSizes, type NamedStepNetwork, stepNetwork } from './step-network.ts';
import { forbidTf32 } from './tf32.ts';

const provider = process.argv[2] as Provider;
const networks: NamedStepNetwork[] = [];

const load = async (modelPath: string): Promise<NamedStepNetwork> => {
  const file = await readModelFile(modelPath);
  const session = await openSession(file.bytes, provider);
  return stepNetwork(file, session, provider, await agreeingSizes(file, session, provider));
};

/** What a driver throws need not be something that can be sent. */
const sendable = ({ tag, sentence, cause }: InferenceError): InferenceError =>
  tag === 'NotFinite' ? { tag, sentence, cause } : { tag, sentence };

const answerTo = async (question: DeviceQuestion): Promise<DeviceAnswer> => {
  if (question.tag === 'Step') {
    const stepped = await networks[question.network]!.step(question.x, question.state)();
    return { tag: 'Stepped', stepped: E.mapLeft(sendable)(stepped) };
  }
  try {
    const loaded = await load(question.modelPath);
    networks.push(loaded);
    const { id, sha256, features, hidden, classNames } = loaded;
    const network = networks.length - 1;
    return { tag: 'Loaded', loaded: E.right({ network, id, sha256, features, hidden, classNames }) };
  } catch (cause) {
    const sentence = cause instanceof Error ? cause.message : String(cause);
    return { tag: 'Loaded', loaded: E.left({ tag: 'ModelFailed', sentence }) };
  }
};

forbidTf32();
// Ctrl-C reaches every process of a terminal; this one is needed until its parent has stopped.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => undefined);
// A driver may stand still at its own end as well.
process.on('disconnect', () => process.kill(process.pid, 'SIGKILL'));
process.on('message', async ({ number, word }: Numbered<DeviceQuestion>) => {
  const answer: Numbered<DeviceAnswer> = { number, word: await answerTo(word) };
  process.send?.(answer);
});
