import type { LogError } from './event-log.ts';

/** Whether what was thrown is already said as the port says it. */
export const isLogError = (cause: unknown): cause is LogError =>
  typeof cause === 'object' && cause !== null && 'tag' in cause && 'sentence' in cause && 'retriable' in cause;

/** What was thrown, in words. */
export const sentenceOf = (cause: unknown): string =>
  isLogError(cause) ? cause.sentence : cause instanceof Error ? cause.message : (JSON.stringify(cause) ?? 'no reason');
