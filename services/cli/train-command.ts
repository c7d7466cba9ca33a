import type { TrainArtefactsOptions } from '../train/artefacts/train-artefacts.ts';
import type { TrainBeatsOptions } from '../train/beats/train-beats.ts';
import type { TrainDeteriorationOptions } from '../train/deterioration/train-deterioration.ts';
import type { TrainRhythmOptions } from '../train/rhythm/train-rhythm.ts';
import type { Terminal } from './outcome.ts';
import { showProgress } from './progress.ts';

export type TrainBeatsCommandOptions = Omit<TrainBeatsOptions, 'signal' | 'onProgress'>;

/** Trains the classifier of beats. An interrupted run keeps its checkpoints; `--resume` goes on from them. */
export const trainBeatsCommand = async (options: TrainBeatsCommandOptions, terminal: Terminal): Promise<void> => {
  const { trainBeats } = await import('../train/beats/train-beats.ts');
  await whileTraining('train beats', terminal, async (signal, onProgress) => {
    const { model, bytes, epochs, sha256 } = await trainBeats({ ...options, signal, onProgress });
    return { model, summary: `${bytes} bytes after ${epochs} epochs, sha256 ${sha256}` };
  });
};

export type TrainDeteriorationCommandOptions = Omit<TrainDeteriorationOptions, 'signal' | 'onProgress'>;

/** Trains the network of deterioration; interrupted and resumed like the other. */
export const trainDeteriorationCommand = async (
  options: TrainDeteriorationCommandOptions,
  terminal: Terminal,
): Promise<void> => {
  const { trainDeterioration } = await import('../train/deterioration/train-deterioration.ts');
  await whileTraining('train deterioration', terminal, async (signal, onProgress) => {
    const { model, bytes, sha256, crossValidated } = await trainDeterioration({ ...options, signal, onProgress });
    const { utility, auroc } = crossValidated;
    const figures = `cross-validated utility ${utility.value.toFixed(3)}, AUROC ${auroc.value.toFixed(3)}`;
    return { model, summary: `${bytes} bytes, ${figures}, sha256 ${sha256}` };
  });
};

export type TrainRhythmCommandOptions = Omit<TrainRhythmOptions, 'signal' | 'onProgress' | 'beatModel'>;

/** Trains the network of rhythm; interrupted and resumed like the others. */
export const trainRhythmCommand = async (options: TrainRhythmCommandOptions, terminal: Terminal): Promise<void> => {
  const { trainRhythm } = await import('../train/rhythm/train-rhythm.ts');
  const { BEAT_MODEL } = await import('../composition/open-adapters.ts');
  await whileTraining('train rhythm', terminal, async (signal, onProgress) => {
    const { model, bytes, sha256 } = await trainRhythm({ ...options, beatModel: BEAT_MODEL, signal, onProgress });
    return { model, summary: `${bytes} bytes, sha256 ${sha256}` };
  });
};

export type TrainArtefactsCommandOptions = Omit<TrainArtefactsOptions, 'signal' | 'onProgress'>;

/** Trains the network of artefacts; interrupted and resumed like the others. */
export const trainArtefactsCommand = async (
  options: TrainArtefactsCommandOptions,
  terminal: Terminal,
): Promise<void> => {
  const { trainArtefacts } = await import('../train/artefacts/train-artefacts.ts');
  await whileTraining('train artefacts', terminal, async (signal, onProgress) => {
    const { model, bytes, sha256 } = await trainArtefacts({ ...options, signal, onProgress });
    return { model, summary: `${bytes} bytes, sha256 ${sha256}` };
  });
};

/** Shows progress, hears interruptions, and says what was made. */
const whileTraining = async (
  title: string,
  terminal: Terminal,
  train: (
    signal: AbortSignal,
    onProgress: (done: number, total: number, note: string) => void,
  ) => Promise<{ readonly model: string; readonly summary: string }>,
): Promise<void> => {
  const progress = showProgress(title, terminal);
  const interrupted = new AbortController();
  const interrupt = (): void => interrupted.abort(new Error('Interrupted; --resume goes on from here.'));
  process.once('SIGINT', interrupt);
  process.once('SIGTERM', interrupt);
  try {
    const { model, summary } = await train(interrupted.signal, progress.at);
    progress.end();
    terminal.side(summary);
    terminal.out(model);
  } finally {
    progress.end();
  }
};
