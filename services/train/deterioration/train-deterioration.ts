import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DETERIORATION_MEMBER, HORIZON_HOURS } from '../../../stream-models/deterioration/network.ts';
import { withoutLabs } from '../../../stream-models/deterioration/stay.ts';
import { type SepsisFigures, sepsisFigures } from '../../../stream-models/evaluation/sepsis-figures.ts';
import { ADAM_USUAL } from '../../../stream-models/network/adam.ts';
import { recalibrated } from '../../../stream-models/network/joined.ts';
import { stepGraph } from '../../../stream-models/network/step-graph.ts';
import { makeFolder } from '../../make-folder.ts';
import { readStays, type Stay } from '../../stays/read-stays.ts';
import { type LossCurve, lossPlot } from '../loss-plot.ts';
import { openTrainer } from '../trainer.ts';
import { CHANGES_USUAL } from './augment-stay.ts';
import { ROWS, STEPS, type Teaching } from './stay-batches.ts';
import {
  type Decision,
  DIRECT_SHARE,
  decided,
  decisionBy,
  fitStays,
  GIVES_UP,
  type HeldOutFold,
  judgedByOthers,
  risksOf,
  type StayPlan,
  stayFolds,
} from './stay-folds.ts';

export interface TrainDeteriorationOptions {
  /** A file of stays as the CinC 2019 challenge has them, with labels, or a folder of such files. */
  readonly data: string;
  /** Folder for the model, the figures and the checkpoints; made if it is missing. */
  readonly out: string;
  readonly seed: number;
  readonly epochs?: number;
  readonly folds?: number;
  /** Networks of different seeds that are joined. */
  readonly members?: number;
  /** Goes on from the checkpoints in `out`, where they are of the same data and settings. */
  readonly resume?: boolean;
  readonly signal?: AbortSignal;
  /** `done` of `total` pieces of work. */
  readonly onProgress?: (done: number, total: number, note: string) => void;
}

export interface TrainedDeterioration {
  readonly model: string;
  readonly sha256: string;
  readonly bytes: number;
  readonly crossValidated: SepsisFigures;
}

export const DETERIORATION_TRAINING = { epochs: 9, folds: 3, members: 3 } as const;
const WEIGHT_DECAY = 0.05;
/** How the learning rate begins; it falls to a fiftieth along half a cosine. */
const RATE = { first: 2e-3, leastShare: 0.02 };
const TEACHING: Teaching = { changes: CHANGES_USUAL, labelShare: 0, wellShare: 1 / 3 };

/**
 * Trains the network of deterioration: cross-validates by patient, calibrates and chooses the threshold by held-out stays, fits all
 * of them, and writes `model.onnx` (the calibration inside it, the threshold in its metadata), `figures.json` and `loss.svg`. The same data,
 * options and seed give the same bytes, also when the run was interrupted and resumed. Throws an Error that says what is wrong
 * with the data, where.
 */
export const trainDeterioration = async (options: TrainDeteriorationOptions): Promise<TrainedDeterioration> => {
  const { data, out, seed, signal } = options;
  const given = Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
  const { epochs, folds, members } = { ...DETERIORATION_TRAINING, ...given };
  makeFolder(out);
  const total = (folds + 1) * (members * epochs + 2);
  let done = 0;
  const advance = (note: string): void => options.onProgress?.(++done, total, note);
  const { stays, sha256: dataSha256 } = await labelledStays(data, signal);
  // A member's fit does not depend on how many there are: more of them take up those that are there.
  const { encoder, hidden, features } = DETERIORATION_MEMBER;
  const settings = JSON.stringify({
    seed,
    epochs,
    folds,
    weightDecay: WEIGHT_DECAY,
    ...TEACHING,
    member: { features, encoder, hidden },
    stays: stays.length,
    data: dataSha256,
  });
  const resume = options.resume === true;
  const plan = await deteriorationPlan({ seed, epochs, members, out, settings, resume, signal, onEpoch: advance });
  try {
    const asked = await crossValidated(plan, stays, folds, advance);
    const decision = decisionBy(asked.folds);
    const final = await fitStays(plan, 'final fit', seed, stays);
    const { network, weights } = recalibrated(final.joined, decision.platt.slope, decision.platt.intercept);
    const threshold = Number(decision.threshold.toPrecision(4));
    const model = stepGraph(network, weights, {
      name: 'deterioration',
      threshold: String(threshold),
      horizonHours: String(HORIZON_HOURS),
      data: dataSha256,
      members: String(members),
      directShare: String(DIRECT_SHARE),
      trained: settings,
    });
    const sha256 = createHash('sha256').update(model).digest('hex');
    const figures = figuresOf(asked, final.losses);
    const written = {
      settings: { ...(JSON.parse(settings) as object), members, directShare: DIRECT_SHARE },
      model: {
        sha256,
        bytes: model.length,
        threshold,
        givesUp: GIVES_UP,
        horizonHours: HORIZON_HOURS,
        platt: decision.platt,
      },
      ...figures,
    };
    await writeFile(join(out, 'model.onnx'), model);
    await writeFile(join(out, 'figures.json'), `${JSON.stringify(written, rounded, 2)}\n`);
    await writeFile(join(out, 'loss.svg'), lossPlot('vigil train deterioration', curvesOf(asked.losses, final.losses)));
    options.onProgress?.(total, total, 'done');
    return { model: join(out, 'model.onnx'), sha256, bytes: model.length, crossValidated: figures.crossValidated };
  } finally {
    await plan.trainer.close();
  }
};

/** How the network of deterioration is fitted: what ships and what is measured beside it are fitted alike. */
export const deteriorationPlan = async (
  run: Omit<StayPlan, 'network' | 'trainer' | 'teaching' | 'rate'>,
): Promise<StayPlan> => ({
  ...run,
  network: DETERIORATION_MEMBER,
  trainer: await openTrainer(
    DETERIORATION_MEMBER,
    { steps: STEPS, rows: ROWS },
    { ...ADAM_USUAL, weightDecay: WEIGHT_DECAY },
  ),
  teaching: TEACHING,
  rate: RATE,
});

interface Asked {
  readonly folds: readonly HeldOutFold[];
  /** The same networks, asked again where no laboratory value is known. */
  readonly vitalsOnly: readonly HeldOutFold[];
  /** And asked for a number in every row, sufficient or not. */
  readonly everyRow: readonly HeldOutFold[];
  readonly losses: readonly (readonly (readonly number[])[])[];
}

const crossValidated = async (
  plan: StayPlan,
  stays: readonly Stay[],
  count: number,
  advance: (note: string) => void,
): Promise<Asked> => {
  const parts = stayFolds(stays, count);
  const folds: HeldOutFold[] = [];
  const vitalsOnly: HeldOutFold[] = [];
  const everyRow: HeldOutFold[] = [];
  const losses: (readonly (readonly number[])[])[] = [];
  for (const [number, held] of parts.entries()) {
    const label = `fold ${number + 1} of ${count}`;
    const training = parts.filter((_, other) => other !== number).flat();
    const fit = await fitStays(plan, label, plan.seed + number, training);
    losses.push(fit.losses);
    folds.push({ stays: held, risks: await risksOf(fit.joined, held) });
    const bare = held.map(({ rows }) => ({ rows: withoutLabs(rows) }));
    vitalsOnly.push({ stays: held, risks: await risksOf(fit.joined, bare) });
    everyRow.push({ stays: held, risks: await risksOf(fit.joined, held, 'all') });
    advance(`${label}: asked`);
  }
  advance('asked all folds');
  return { folds, vitalsOnly, everyRow, losses };
};

const figuresOf = ({ folds, vitalsOnly, everyRow, losses }: Asked, finalLosses: readonly (readonly number[])[]) => {
  const byFold = folds.map((fold, number) => {
    const decision: Decision = decisionBy(folds.filter((_, other) => other !== number));
    const { utility, auroc } = sepsisFigures(decided(fold, decision), { areProbabilities: false, resamples: 0 });
    return { utility: utility.value, auroc: auroc.value, threshold: decision.threshold };
  });
  // By the decisions of the folds that know all inputs, as it will be in service.
  const alsoDecided = (others: readonly HeldOutFold[]) =>
    others.flatMap((fold, number) => decided(fold, decisionBy(folds.filter((_, other) => other !== number))));
  return {
    crossValidated: sepsisFigures(judgedByOthers(folds), { areProbabilities: true, resamples: 400 }),
    vitalsOnly: sepsisFigures(alsoDecided(vitalsOnly), { areProbabilities: true, resamples: 100 }),
    everyRow: sepsisFigures(alsoDecided(everyRow), { areProbabilities: true, resamples: 100 }),
    byFold,
    lossByEpoch: { folds: losses, final: finalLosses },
  };
};

const curvesOf = (folds: Asked['losses'], final: readonly (readonly number[])[]): readonly LossCurve[] => {
  const curves = (label: string, members: readonly (readonly number[])[]): readonly LossCurve[] =>
    members.map((losses, member) => ({ label: `${label} member ${member + 1}`, losses }));
  return [...folds.flatMap((members, number) => curves(`fold ${number + 1}`, members)), ...curves('final fit', final)];
};

const labelledStays = async (
  data: string,
  signal: AbortSignal | undefined,
): Promise<{ readonly stays: readonly Stay[]; readonly sha256: string }> => {
  const isFolder = (await stat(data)).isDirectory();
  const files = isFolder ? (await readdir(data)).filter((name) => name.endsWith('.csv')).sort() : [''];
  if (files.length === 0)
    throw new Error(`${data} holds no .csv file; it needs one with the columns of the CinC 2019 challenge`);
  const stays: Stay[] = [];
  const hash = createHash('sha256');
  for (const name of files) {
    const path = join(data, name);
    for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer);
    for await (const stay of readStays(path)) {
      signal?.throwIfAborted();
      if (stay.labels === undefined)
        throw new Error(`${path}: ${stay.patientId} has rows without a SepsisLabel; training needs all`);
      stays.push(stay);
    }
  }
  if (!stays.some(({ labels }) => labels!.includes(1)))
    throw new Error(`${data} holds no stay with sepsis; training needs both kinds`);
  return { stays, sha256: hash.digest('hex') };
};

/** Four digits are more than the intervals leave. */
const rounded = (_key: string, value: unknown): unknown =>
  typeof value === 'number' && !Number.isInteger(value) ? Number(value.toPrecision(4)) : value;
