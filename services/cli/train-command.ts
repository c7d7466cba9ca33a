import type { Terminal } from './outcome.ts';
import { showProgress } from './progress.ts';

export interface TrainBeatsOptions {
  readonly data: string;
  readonly out: string;
  readonly seed: number;
  readonly epochs?: number;
  readonly folds?: number;
  readonly resume?: boolean;
}

/** Trains the classifier of beats. */
export const trainBeatsCommand = async (options: TrainBeatsOptions, terminal: Terminal): Promise<void> => {
  const { trainBeats } = await import('../train/train-beats.ts');
  const progress = showProgress('train beats', terminal);
  await trainBeats({ ...options, resume: options.resume === true, onProgress: progress.at });
  progress.end();
  terminal.out(options.out);
};
