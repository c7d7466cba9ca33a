import * as E from 'fp-ts/lib/Either.js';
import type { TaskEither } from 'fp-ts/lib/TaskEither.js';
import { type InferenceSession, Tensor as OrtTensor } from 'onnxruntime-node';
import type { InferenceError, Provider, StepNetwork, Tensor } from '../../ports/inference.ts';
import { callsFor, rowsNotFinite, rowsOf } from './fixed-rows.ts';
import type { ModelFile } from './model-file.ts';

/** Rows per call of the session. 128 beds keep their state in the L2 cache; a run costs 50 µs whatever its size. */
const ROW_SIZES: readonly number[] = [8, 32, 128];

/** A step network that also knows the names of its classes, in the order of `y`. */
export interface NamedStepNetwork extends StepNetwork {
  readonly classNames: readonly string[];
}

interface StepOutputs {
  readonly y: Tensor;
  readonly next: Tensor;
}

/** Makes a network of a session. The sizes must be ones whose answers agree on this machine (`agreeingSizes`). */
export const stepNetwork = (
  file: ModelFile,
  session: InferenceSession,
  provider: Provider,
  sizes: readonly number[],
): NamedStepNetwork => {
  const { features, hidden, classNames } = file;
  const run = async (x: Tensor, state: Tensor): Promise<StepOutputs> => {
    const y = empty(x.rows, classNames.length);
    const next = empty(x.rows, hidden);
    for (const call of callsFor(x.rows, sizes)) {
      const outputs = await session.run({
        x: new OrtTensor('float32', rowsOf(x, call), [call.size, features]),
        state: new OrtTensor('float32', rowsOf(state, call), [call.size, hidden]),
      });
      for (const [name, into] of [['y', y] as const, ['next', next] as const]) {
        const values = outputs[name]?.data as Float32Array;
        into.values.set(values.subarray(0, call.count * into.width), call.first * into.width);
      }
    }
    return { y, next };
  };
  const step =
    (x: Tensor, state: Tensor): TaskEither<InferenceError, StepOutputs> =>
    async () => {
      const misfit = misfitOf(x, features, 'x') ?? misfitOf(state, hidden, 'state');
      if (misfit !== undefined || x.rows !== state.rows)
        return failed('ModelFailed', misfit ?? `x has ${x.rows} rows and state has ${state.rows}`);
      try {
        const outputs = await run(x, state);
        const rows = [...new Set([...rowsNotFinite(outputs.y), ...rowsNotFinite(outputs.next)])].sort((a, b) => a - b);
        if (rows.length > 0)
          return failed('NotFinite', `${file.id} answered with no number in rows ${rows.join(', ')}`, { rows });
        return E.right(outputs);
      } catch (cause) {
        return failed('ModelFailed', `${file.id} failed: ${cause instanceof Error ? cause.message : cause}`, cause);
      }
    };
  return { id: file.id, sha256: file.sha256, provider, features, hidden, classes: classNames.length, classNames, step };
};

/**
 * The row sizes that may be mixed on this machine: all of them if they give one row the same bits at every place of every
 * size, else the largest alone. Found out by running the model, because kernels differ between processors and devices.
 */
export const agreeingSizes = async (
  file: ModelFile,
  session: InferenceSession,
  provider: Provider,
): Promise<readonly number[]> => {
  const largest = ROW_SIZES.at(-1)!;
  const x = waves(largest, file.features);
  const state = waves(largest, file.hidden);
  const alone = stepNetwork(file, session, provider, [largest]);
  const expected = await alone.step(x, state)();
  for (const size of ROW_SIZES) {
    const answered = await stepNetwork(file, session, provider, [size]).step(x, state)();
    if (E.isLeft(expected) || E.isLeft(answered)) return [largest];
    if (!sameBits(expected.right.y, answered.right.y) || !sameBits(expected.right.next, answered.right.next))
      return [largest];
  }
  return ROW_SIZES;
};

const failed = (tag: InferenceError['tag'], sentence: string, cause?: unknown): E.Either<InferenceError, never> =>
  E.left({ tag, sentence, cause });

const misfitOf = ({ rows, width, values }: Tensor, wanted: number, name: string): string | undefined =>
  width === wanted && values.length === rows * width
    ? undefined
    : `${name} is ${rows} × ${width} with ${values.length} values; the network wants rows of ${wanted}`;

const empty = (rows: number, width: number): Tensor => ({ rows, width, values: new Float32Array(rows * width) });

/** Any numbers between -1 and 1 that differ from row to row. */
const waves = (rows: number, width: number): Tensor => ({
  rows,
  width,
  values: Float32Array.from({ length: rows * width }, (_, i) => Math.sin(1 + i * 0.7)),
});

const sameBits = (a: Tensor, b: Tensor): boolean => Buffer.from(a.values.buffer).equals(Buffer.from(b.values.buffer));
