/** What a process and its device's process say to each other. Answers carry the number of their question and come in any order. */
import type { Either } from 'fp-ts/lib/Either.js';
import type { InferenceError, StepNetwork, Tensor } from '../../ports/inference.ts';

export type StepAnswer = Awaited<ReturnType<ReturnType<StepNetwork['step']>>>;

/** A network by what its file says, and by the number under which it is asked. */
export interface LoadedOnDevice {
  readonly network: number;
  readonly id: string;
  readonly sha256: string;
  readonly features: number;
  readonly hidden: number;
  readonly classNames: readonly string[];
}

export type DeviceQuestion =
  | { readonly tag: 'Load'; readonly modelPath: string }
  | { readonly tag: 'Step'; readonly network: number; readonly x: Tensor; readonly state: Tensor };

export type DeviceAnswer =
  | { readonly tag: 'Loaded'; readonly loaded: Either<InferenceError, LoadedOnDevice> }
  | { readonly tag: 'Stepped'; readonly stepped: StepAnswer };

/** On the wire, both ways. */
export interface Numbered<Word> {
  readonly number: number;
  readonly word: Word;
}
