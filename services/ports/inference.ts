import type { TaskEither } from 'fp-ts/lib/TaskEither.js';

export type Provider = 'cuda' | 'webgpu' | 'cpu';

/** Row-major float32, shape [rows, width]: `values` has rows · width numbers. */
export interface Tensor {
  readonly rows: number;
  readonly width: number;
  readonly values: Float32Array;
}

/** Why a network gave no answer. `NotFinite`: some rows have no finite number; `cause` may name them, as `{ rows }`. */
export interface InferenceError {
  readonly tag: 'ModelFailed' | 'ModelTooSlow' | 'NotFinite' | 'NoSuchModel';
  readonly sentence: string;
  readonly cause?: unknown;
}

/**
 * A loaded step network: inputs `x` [beds, features] and `state` [beds, hidden], outputs `y` [beds, classes] and
 * `next` [beds, hidden]. A row's answer does not depend on the other rows of the call.
 */
export interface StepNetwork {
  readonly id: string;
  /** Of the model file, hexadecimal. */
  readonly sha256: string;
  /** The provider truly in use, found out, not wished for. */
  readonly provider: Provider;
  readonly features: number;
  readonly hidden: number;
  readonly classes: number;
  readonly step: (
    x: Tensor,
    state: Tensor,
  ) => TaskEither<InferenceError, { readonly y: Tensor; readonly next: Tensor }>;
}

/** Why a wished-for provider is not in use: shown as a technical notice. */
export interface ProviderNotice {
  readonly wished: Provider;
  readonly used: Provider;
  readonly why: string;
}

/** What runs networks. */
export interface Inference {
  /** Opens a model file. Rejects with an Error that names the file when it is missing or no step network. */
  readonly load: (modelPath: string) => Promise<{ network: StepNetwork; notices: readonly ProviderNotice[] }>;
  readonly close: () => Promise<void>;
}
