import { createHash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ADAM_USUAL } from '../../../stream-models/network/adam.ts';
import { stepGraph } from '../../../stream-models/network/step-graph.ts';
import { makeFolder } from '../../make-folder.ts';
import { ROWS, STEPS } from '../beat-sequences/batches.ts';
import { tensorsHash } from '../beat-sequences/tensors-hash.ts';
import { type LossCurve, lossPlot } from '../loss-plot.ts';
import { openTrainer } from '../trainer.ts';
import { artefactData } from './artefact-data.ts';
import { type ArtefactFigures, artefactFigures } from './artefact-figures.ts';
import {
  ARTEFACT_MEMBER,
  ARTEFACT_WEIGHTS,
  type ArtefactPlan,
  artefactFolds,
  fitArtefacts,
  heldOutArtefacts,
} from './artefact-folds.ts';
import type { HeardRecording } from './hear-artefacts.ts';
import type { MotionKind } from './made-motion.ts';

export interface TrainArtefactsOptions {
  /** A folder of folders of recordings: with beat annotations, with rhythm annotations only, noise (em, ma). */
  readonly data: string;
  /** Folder for the model, the figures and the checkpoints; made if it is missing. */
  readonly out: string;
  readonly seed: number;
  /** Times through the data. */
  readonly epochs?: number;
  readonly folds?: number;
  /** Networks of different seeds that are joined. */
  readonly members?: number;
  /** Noisy copies of each recording whose beats are known; of others half as many. */
  readonly copies?: number;
  /** Kinds of made motion that copies have beside recorded noise; none unless said. */
  readonly motion?: readonly MotionKind[];
  /** Goes on from the checkpoints in `out`, where they are of the same data and settings. */
  readonly resume?: boolean;
  readonly signal?: AbortSignal;
  /** `done` of `total` pieces of work. */
  readonly onProgress?: (done: number, total: number, note: string) => void;
}

export interface TrainedArtefacts {
  readonly model: string;
  readonly sha256: string;
  readonly bytes: number;
  readonly crossValidated: ArtefactFigures;
}

const ARTEFACT_TRAINING = { epochs: 12, folds: 8, copies: 4, members: 2 } as const;
const WEIGHT_DECAY = 0.05;
/** How much of all the work hearing is, in pieces. */
const HEARING = 70;

/**
 * Trains the network that says of every peak the QRS detector found whether a heart beat is behind it: hears the recordings
 * and their noisy copies, cross-validates by patient, fits all of them, and writes `model.onnx`, `figures.json` and `loss.svg`. The
 * same data, options and seed give the same bytes, also when the run was interrupted and resumed. Throws an Error that says
 * what is wrong with the data, where.
 */
export const trainArtefacts = async (options: TrainArtefactsOptions): Promise<TrainedArtefacts> => {
  const { out, seed, signal } = options;
  const given = Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
  const { epochs, folds, copies, members } = { ...ARTEFACT_TRAINING, ...given };
  const resume = options.resume === true;
  const motion = options.motion ?? [];
  makeFolder(out);
  const data = await artefactData(options.data, {
    ...{ seed, copies, motion, resume, signal, heard: join(out, 'heard.checkpoint') },
    // How many folds there are is known when everything is read.
    onProgress: (heard, of, note) =>
      options.onProgress?.(Math.floor((HEARING * heard) / of), HEARING + (folds + 1) * members * epochs, note),
  });
  const { recordings } = data;
  const parts = artefactFolds(recordings, folds);
  const total = HEARING + (parts.length + 1) * members * epochs;
  let done = HEARING;
  const settings = settingsOf(
    recordings,
    { seed, epochs, folds: parts.length, copies, members, ...(motion.length > 0 ? { motion } : {}) },
    data.sha256,
  );
  const shape = { steps: STEPS, rows: ROWS };
  const trainer = await openTrainer(ARTEFACT_MEMBER, shape, { ...ADAM_USUAL, weightDecay: WEIGHT_DECAY });
  const curves: LossCurve[] = [];
  const plan: ArtefactPlan = {
    ...{ network: ARTEFACT_MEMBER, trainer, members, seed, epochs, out, settings, resume, signal },
    onEpoch: (note) => options.onProgress?.(++done, total, note),
    onFit: (curve) => curves.push(curve),
  };
  try {
    const held = await heldOutArtefacts(plan, recordings, parts);
    const { network, weights } = await fitArtefacts(plan, 'final fit', seed, recordings);
    const model = stepGraph(network, weights, {
      ...{ name: 'artefacts', members: String(members), data: data.sha256, trained: settings },
    });
    const sha256 = createHash('sha256').update(model).digest('hex');
    const crossValidated = artefactFigures(held);
    const figures = {
      settings: JSON.parse(settings) as unknown,
      model: { sha256, bytes: model.length },
      crossValidated,
      lossByEpoch: Object.fromEntries(curves.map(({ label, losses }) => [label, losses])),
    };
    await writeFile(join(out, 'model.onnx'), model);
    await writeFile(join(out, 'figures.json'), `${JSON.stringify(figures, rounded, 1)}\n`);
    await writeFile(join(out, 'loss.svg'), lossPlot('vigil train artefacts', curves));
    options.onProgress?.(total, total, 'done');
    return { model: join(out, 'model.onnx'), sha256, bytes: model.length, crossValidated };
  } finally {
    await trainer.close();
  }
};

/** Everything that the result depends on, in words: options, network, and hashes of the tensors themselves. */
const settingsOf = (
  recordings: readonly HeardRecording[],
  options: Readonly<Record<string, number | readonly MotionKind[]>>,
  data: string,
): string => {
  const { features, encoder, hidden } = ARTEFACT_MEMBER;
  const about = (known: HeardRecording['knows']) => {
    const those = recordings.filter(({ knows }) => knows === known);
    return {
      records: those.length,
      peaks: those.reduce((sum, { sequence }) => sum + sequence.labels.length, 0),
      tensors: tensorsHash(those.map(({ name, sequence, copies }) => [name, [sequence, ...copies]])),
    };
  };
  return JSON.stringify({
    ...options,
    ...{ weightDecay: WEIGHT_DECAY, classWeights: ARTEFACT_WEIGHTS, member: { features, encoder, hidden } },
    ...{ knownBeats: about('beats'), knownRhythms: about('rhythms'), data },
  });
};

/** Four digits are more than the intervals leave. */
const rounded = (_key: string, value: unknown): unknown =>
  typeof value === 'number' && !Number.isInteger(value) ? Number(value.toPrecision(4)) : value;
