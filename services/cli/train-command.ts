import type { TrainBeatsOptions } from '../train/train-beats.ts';
import type { Terminal } from './outcome.ts';
import { showProgress } from './progress.ts';

export type TrainBeatsCommandOptions = Omit<TrainBeatsOptions, 'signal' | 'onProgress'>;

/** Trains the classifier of beats. An interrupted run keeps its checkpoints; `--resume` goes on from them. */
export const trainBeatsCommand = async (options: TrainBeatsCommandOptions, terminal: Terminal): Promise<void> => {
  const { trainBeats } = await import('../train/train-beats.ts');
  const progress = showProgress('train beats', terminal);
  const interrupted = new AbortController();
  const interrupt = (): void => interrupted.abort(new Error('Interrupted; --resume goes on from here.'));
  process.once('SIGINT', interrupt);
  process.once('SIGTERM', interrupt);
  try {
    const { model, bytes, epochs, sha256 } = await trainBeats({
      ...options,
      signal: interrupted.signal,
      onProgress: progress.at,
    });
    progress.end();
    terminal.side(`${bytes} bytes after ${epochs} epochs, sha256 ${sha256}`);
    terminal.out(model);
  } finally {
    progress.end();
  }
};
