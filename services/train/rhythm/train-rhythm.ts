import { createHash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { rescaled } from '../../../stream-models/network/joined.ts';
import { stepGraph } from '../../../stream-models/network/step-graph.ts';
import { openOrtInference } from '../../adapters/onnx/ort-inference.ts';
import { makeFolder } from '../../make-folder.ts';
import { saveCheckpoint } from '../checkpoint.ts';
import { lossPlot } from '../loss-plot.ts';
import { type RhythmData, rhythmData } from './rhythm-data.ts';
import { judgedByOthers, rhythmFigures, scalingBy } from './rhythm-figures.ts';
import {
  fitRhythmWithAlarms,
  openRhythmTrainer,
  RHYTHM_MEMBER,
  RHYTHM_RATE,
  type RhythmPlan,
  WEIGHT_DECAY,
} from './rhythm-fit.ts';
import { type HeldOutRhythm, heldOutRhythms } from './rhythm-folds.ts';

export interface TrainRhythmOptions {
  /** A folder of folders of recordings: with rhythm annotations, short ones with REFERENCE.csv, noise. */
  readonly data: string;
  /** Folder for the model, the figures and the checkpoints; made if it is missing. */
  readonly out: string;
  /** The network that gives beats their classes (model file). */
  readonly beatModel: string;
  readonly seed: number;
  readonly epochs?: number;
  readonly folds?: number;
  /** Changed copies of each recording with episodes; others get half as many. */
  readonly copies?: number;
  /** Networks of different seeds that are joined. */
  readonly members?: number;
  /** Goes on from the checkpoints in `out`, where they are of the same data and settings. */
  readonly resume?: boolean;
  readonly signal?: AbortSignal;
  /** `done` of `total` pieces of work. */
  readonly onProgress?: (done: number, total: number, note: string) => void;
}

export interface TrainedRhythm {
  readonly model: string;
  readonly sha256: string;
  readonly bytes: number;
}

export const RHYTHM_TRAINING = { epochs: 8, folds: 11, copies: 2, members: 2 } as const;
/** How much of all the work hearing is, in pieces. */
const HEARING = 100;

/** Everything that the result depends on, in words: options, network, and a hash of the recordings. */
export const rhythmSettings = (
  { sha256, alarmed }: RhythmData,
  beats: string,
  { seed, epochs, folds, copies }: Readonly<Record<'seed' | 'epochs' | 'folds' | 'copies', number>>,
): string => {
  const { features, encoder, hidden } = RHYTHM_MEMBER;
  return JSON.stringify({
    ...{ seed, epochs, folds, copies, weightDecay: WEIGHT_DECAY, member: { features, encoder, hidden } },
    ...{ beats, data: sha256, alarmed: alarmed.length },
  });
};

/**
 * Trains the network of rhythm: hears the recordings, cross-validates by patient, calibrates by held-out recordings, fits all of
 * them, and writes `model.onnx` (the calibration inside it), `figures.json`, `loss.svg`, and `held-out.bin`: what the folds' networks
 * said, for choosing how they vote. The same data, options and seed give the same bytes, also when the run was interrupted and
 * resumed. Throws an Error that says what is wrong with the data, where.
 */
export const trainRhythm = async (options: TrainRhythmOptions): Promise<TrainedRhythm> => {
  const { out, seed, signal } = options;
  const given = Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
  const { epochs, folds, copies, members } = { ...RHYTHM_TRAINING, ...given };
  const resume = options.resume === true;
  makeFolder(out);
  // One network more per fit says what the alarms teach.
  const total = HEARING + (folds + 1) * (members + 1) * epochs + folds;
  const inference = openOrtInference({ providers: ['cpu'] });
  const { network: beats } = await inference.load(options.beatModel);
  const data = await rhythmData(options.data, {
    ...{ beats, seed, copies, resume, signal, heard: join(out, 'heard.checkpoint') },
    onProgress: (heard, of) => options.onProgress?.(Math.floor((HEARING * heard) / of), total, 'hearing'),
  });
  let done = HEARING + (data.alarmed.length === 0 ? (folds + 1) * epochs : 0);
  const advance = (note: string): void => options.onProgress?.(++done, total, note);
  const settings = rhythmSettings(data, beats.id, { seed, epochs, folds, copies });
  const trainer = await openRhythmTrainer();
  const plan: RhythmPlan = {
    ...{ network: RHYTHM_MEMBER, rate: RHYTHM_RATE, trainer, members },
    ...{ seed, epochs, out, settings, resume, signal, onEpoch: advance },
  };
  try {
    const held = await heldOutRhythms(plan, data, folds, advance);
    const judged = judgedByOthers(held);
    await saveCheckpoint(join(out, 'held-out.bin'), { settings, judged });
    const scaling = scalingBy(held.flatMap(({ asked }) => asked));
    const final = await fitRhythmWithAlarms(plan, 'final fit', seed, data.sequences, data.alarmed);
    const { network, weights } = rescaled(final.joined, scaling);
    const model = stepGraph(network, weights, {
      ...{ name: 'rhythm', members: String(members), beats: beats.id, data: data.sha256, trained: settings },
    });
    const sha256 = createHash('sha256').update(model).digest('hex');
    const figures = {
      settings: { ...(JSON.parse(settings) as object), members },
      model: { sha256, bytes: model.length, scaling },
      crossValidated: rhythmFigures(judged),
      lossByEpoch: { folds: held.map(({ losses }) => losses), final: final.losses },
    };
    await writeFile(join(out, 'model.onnx'), model);
    await writeFile(join(out, 'figures.json'), `${JSON.stringify(figures, rounded, 1)}\n`);
    await writeFile(join(out, 'loss.svg'), lossPlot('rhythm', curvesOf(held, final.losses)));
    options.onProgress?.(total, total, 'done');
    return { model: join(out, 'model.onnx'), sha256, bytes: model.length };
  } finally {
    await trainer.close();
    await inference.close();
  }
};

const curvesOf = (held: readonly HeldOutRhythm[], final: readonly (readonly number[])[]) => [
  ...held.flatMap(({ losses }, fold) => losses.map((of) => ({ label: `fold ${fold + 1}`, losses: of }))),
  ...final.map((losses, member) => ({ label: `final ${member + 1}`, losses })),
];

/** Four digits are more than the intervals leave. */
const rounded = (_key: string, value: unknown): unknown =>
  typeof value === 'number' && !Number.isInteger(value) ? Number(value.toPrecision(4)) : value;
