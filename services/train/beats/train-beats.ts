import { createHash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beatFigures } from '../../../stream-models/evaluation/beat-figures.ts';
import { stepGraph } from '../../../stream-models/network/step-graph.ts';
import { makeFolder } from '../../make-folder.ts';
import { recordNames } from '../../recordings/wfdb/record.ts';
import { type LossCurve, lossPlot } from '../loss-plot.ts';
import { BEAT_NETWORK, openBeatTrainer } from './beat-network.ts';
import { beatSettings, hearPatients } from './beat-patients.ts';
import { calibrationFigures } from './calibration.ts';
import { crossValidate, type FitPlan, fitJoined } from './cross-validate.ts';
import { type Figures, grossFigures } from './figures.ts';
import { membersOf } from './members.ts';

export interface TrainBeatsOptions {
  /** Folder of WFDB records with reference annotations (`.atr`). */
  readonly data: string;
  /** Folder for the model, the figures and the checkpoints; made if it is missing. */
  readonly out: string;
  readonly seed: number;
  /** Times through the data. */
  readonly epochs?: number;
  readonly folds?: number;
  /** Networks that are joined into one (`members.ts` says what each learns from). */
  readonly members?: number;
  /** Changed copies per recording: so many of its own rhythm, of others, and of others with ventricular beats. */
  readonly copies?: number;
  /** Folder of WFDB noise recordings (for example nstdb's bw, em, ma) for the copies. */
  readonly noise?: string;
  /**
   * Folder of short WFDB records with `REFERENCE.csv` (CinC 2017): those in sinus rhythm or atrial fibrillation are further
   * patients, whose usual beats are normal.
   */
  readonly further?: string;
  /** Folder of WFDB records, whose annotations are not read: what the last networks are sure of there teaches the first ones. */
  readonly strangers?: string;
  /** Goes on from the checkpoints in `out`, where they are of the same data and settings. */
  readonly resume?: boolean;
  readonly signal?: AbortSignal;
  /** `done` of `total` pieces of work. */
  readonly onProgress?: (done: number, total: number, note: string) => void;
}

export interface TrainedBeats {
  readonly model: string;
  readonly sha256: string;
  readonly bytes: number;
  readonly epochs: number;
  readonly crossValidated: Figures;
}

export const TRAINING_USUAL = { epochs: 6, folds: 8, copies: 4, members: 6 } as const;

/**
 * Trains the classifier of beats: hears every recording by the real path, cross-validates by patient, fits all of them,
 * and writes `model.onnx` and `figures.json`. The same data, options and seed give the same bytes, also when the run was
 * interrupted and resumed. Throws an Error that names the recording that cannot be used.
 */
export const trainBeats = async (options: TrainBeatsOptions): Promise<TrainedBeats> => {
  const { data, out, seed, signal } = options;
  const { epochs, folds, copies, members } = { ...TRAINING_USUAL, ...withoutUndefined(options) };
  makeFolder(out);
  const names = await recordNames(data);
  if (names.length < 2) throw new Error(`${data} holds ${names.length} WFDB records; at least two are needed`);
  const total =
    names.length +
    [options.further, options.strangers].filter(isGiven).length +
    (Math.min(folds, names.length) + 1) * members * epochs;
  let done = 0;
  const advance = (note: string): void => options.onProgress?.(++done, total, note);

  const joined = membersOf(members);
  if (options.strangers !== undefined && joined.every(({ hasStrangers }) => hasStrangers))
    throw new Error(`all ${members} networks would learn from strangers, and none would teach; give more --members`);
  const patients = await hearPatients({ ...options, copies, members: joined }, advance);
  const { records, further, strangers } = patients;
  const trainer = await openBeatTrainer();
  const settings = beatSettings(patients, joined, { seed, epochs, folds, copies, members });
  const curves: LossCurve[] = [];
  const plan: FitPlan = {
    network: BEAT_NETWORK,
    members: joined,
    further,
    strangers,
    trainer,
    seed,
    epochs,
    out,
    settings,
    resume: options.resume === true,
    signal,
    onEpoch: advance,
    onFit: (curve) => curves.push(curve),
  };
  try {
    const validated = await crossValidate(plan, records, folds);
    const { network, weights } = await fitJoined(plan, 'final fit', seed, records);
    const model = stepGraph(network, weights, { name: 'beats', trained: settings });
    const sha256 = createHash('sha256').update(model).digest('hex');
    const crossValidated = grossFigures(validated.map(({ result }) => result));
    const figures = {
      settings: JSON.parse(settings) as unknown,
      model: { sha256, bytes: model.length, epochs },
      crossValidated,
      intervals: beatFigures(validated.map(({ result }) => result)),
      plainBaseline: grossFigures(validated.map(({ plain }) => plain)),
      calibration: calibrationFigures(validated.map(({ calibration }) => calibration)),
      byRecord: Object.fromEntries(validated.map(({ record, result }) => [record, grossFigures([result])])),
    };
    await writeFile(join(out, 'model.onnx'), model);
    await writeFile(join(out, 'figures.json'), `${JSON.stringify(figures, undefined, 2)}\n`);
    await writeFile(join(out, 'loss.svg'), lossPlot('vigil train beats', curves));
    options.onProgress?.(total, total, 'done');
    return { model: join(out, 'model.onnx'), sha256, bytes: model.length, epochs, crossValidated };
  } finally {
    await trainer.close();
  }
};

const isGiven = (folder: string | undefined): folder is string => folder !== undefined;

const withoutUndefined = (options: TrainBeatsOptions): Partial<TrainBeatsOptions> =>
  Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
