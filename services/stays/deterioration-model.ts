import { fileURLToPath } from 'node:url';
import * as E from 'fp-ts/lib/Either.js';
import { DETERIORATION_FEATURES } from '../../stream-models/deterioration/deterioration-input.ts';
import { readModelFile } from '../adapters/onnx/model-file.ts';
import { openOrtInference } from '../adapters/onnx/ort-inference.ts';
import type { AskStep } from './play-stays.ts';

/** The network of deterioration that ships. */
export const DETERIORATION_MODEL = fileURLToPath(
  new URL('../../stream-models/deterioration/model.onnx', import.meta.url),
);

export interface DeteriorationModel {
  readonly id: string;
  readonly sha256: string;
  readonly hidden: number;
  readonly ask: AskStep;
  /** An alarm where the risk is at least this, 0 … 1. */
  readonly threshold: number;
  /** SHA-256 of the file of stays that the network was trained on. */
  readonly trainedOn: string | undefined;
  readonly close: () => Promise<void>;
}

/**
 * What a network of deterioration says of itself. Rejects with an Error that says which file is missing, is no step network, or was made
 * for other inputs.
 */
export const readDeteriorationModel = async (
  path: string,
): Promise<Pick<DeteriorationModel, 'threshold' | 'trainedOn'>> => {
  const { metadata, features } = await readModelFile(path);
  const threshold = Number(metadata.get('threshold'));
  if (features !== DETERIORATION_FEATURES)
    throw new Error(
      `${path} wants ${features} inputs and this Vigil makes ${DETERIORATION_FEATURES}: train it anew with "vigil train deterioration"`,
    );
  if (!(threshold > 0 && threshold <= 1))
    throw new Error(
      `${path} is no network of deterioration: its metadata says threshold = "${metadata.get('threshold') ?? ''}"`,
    );
  return { threshold, trainedOn: metadata.get('data') };
};

/**
 * Opens a network of deterioration on the CPU; rejects as `readDeteriorationModel` does. A row's answer does not depend on which others
 * are asked with it.
 */
export const openDeteriorationModel = async (path: string = DETERIORATION_MODEL): Promise<DeteriorationModel> => {
  const said = await readDeteriorationModel(path);
  const inference = openOrtInference({ providers: ['cpu'] });
  const { network } = await inference.load(path);
  const ask: AskStep = async (rows, x, state) => {
    const answer = await network.step(
      { rows, width: network.features, values: x },
      { rows, width: network.hidden, values: state },
    )();
    if (E.isLeft(answer)) throw new Error(answer.left.sentence, { cause: answer.left.cause });
    return { y: answer.right.y.values, next: answer.right.next.values };
  };
  return {
    id: network.id,
    sha256: network.sha256,
    hidden: network.hidden,
    ask,
    ...said,
    close: () => inference.close(),
  };
};
