import { failed } from './outcome.ts';

/** What a long piece of work looks at between two steps. */
export interface Interruption {
  readonly signal: AbortSignal;
  /** Hears no more. */
  readonly end: () => void;
}

/**
 * Aborts at the first SIGINT or SIGTERM, so that the work ends with a sentence and what it keeps beside its outputs (a log in a temporary
 * folder, a half-written file) is gone. A second one ends the process at once. `sentence`: what became of the outputs.
 */
export const hearInterruption = (sentence: string): Interruption => {
  const interrupted = new AbortController();
  const interrupt = (): void => {
    if (interrupted.signal.aborted) process.exit(1);
    interrupted.abort(failed(`Interrupted. ${sentence}`));
  };
  process.on('SIGINT', interrupt);
  process.on('SIGTERM', interrupt);
  return {
    signal: interrupted.signal,
    end: () => {
      process.off('SIGINT', interrupt);
      process.off('SIGTERM', interrupt);
    },
  };
};
