import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { withoutLabs } from '../../../stream-models/deterioration/stay.ts';
import { type CurvePoint, curves, rank } from '../../../stream-models/evaluation/auroc.ts';
import {
  type JudgedStay,
  type SepsisFigures,
  sepsisFigures,
} from '../../../stream-models/evaluation/sepsis-figures.ts';
import { bestThreshold } from '../../../stream-models/evaluation/threshold.ts';
import type { DeteriorationModel } from '../../stays/deterioration-model.ts';
import { playStays } from '../../stays/play-stays.ts';
import { readStays, type Stay } from '../../stays/read-stays.ts';
import { StayFileFault } from '../../stays/stay-csv.ts';
import {
  NOTHING_UNREADABLE,
  type UnreadableCell,
  type UnreadableCells,
  withUnreadable,
} from '../../stays/unreadable-cells.ts';
import { COMPARATORS, type Comparator } from './comparators.ts';
import { type SepsisSubgroup, sepsisSubgroups } from './sepsis-subgroups.ts';

export interface EvaluateSepsisOptions {
  readonly csv: string;
  readonly seed: number;
  /** Bootstrap resamples. */
  readonly resamples: number;
  /** Only the network, without what is fitted beside it. */
  readonly networkOnly?: boolean;
  readonly onProgress?: (done: number, total: number, note: string) => void;
}

export interface SepsisEvaluation {
  readonly csv: string;
  readonly model: { readonly id: string; readonly sha256: string; readonly threshold: number };
  /** The network has learned from these very stays: its figures flatter, those of its card do not. */
  readonly isTrainingData: boolean;
  /** Why nothing is set beside the network; undefined: comparators are, or were not wanted. */
  readonly comparatorsLeftOut: string | undefined;
  readonly scores: readonly { readonly name: string; readonly figures: SepsisFigures }[];
  /** The network, all inputs, by sex, age and unit. */
  readonly subgroups: readonly SepsisSubgroup[];
  /** ROC and precision–recall curve of the network. */
  readonly curves: readonly CurvePoint[];
  readonly stays: number;
  /** Stays whose ICULOS leaps over hours: a row counts as an hour all the same, as in the challenge's own scorer. */
  readonly staysWithGaps: readonly string[];
  /** Cells that were no numbers and counted as not measured. */
  readonly unreadable: UnreadableCells;
}

/**
 * Judges the network and its comparators on labelled stays. The network keeps its own threshold; comparators are fitted, and their
 * thresholds chosen, on one half of the stays and judged on the other, both ways. Rejects with a StayFileFault for a file that cannot be
 * used or has no labels.
 */
export const evaluateSepsis = async (
  model: DeteriorationModel,
  { csv, seed, resamples, networkOnly = false, onProgress = () => {} }: EvaluateSepsisOptions,
): Promise<SepsisEvaluation> => {
  const { stays, unreadable } = await labelledStays(csv);
  const comparatorsLeftOut = networkOnly || halvesOf(stays).every(hasSepsis) ? undefined : TOO_FEW_SEPTIC;
  const beside = networkOnly || comparatorsLeftOut !== undefined ? [] : COMPARATORS;
  const total = 4 + beside.length;
  let done = 0;
  onProgress(++done, total, `${stays.length} stays read`);
  const scores: { readonly name: string; readonly figures: SepsisFigures }[] = [];
  const network = await judgedByNetwork(
    model,
    stays,
    stays.map(({ rows }) => rows),
  );
  scores.push({
    name: 'network, all inputs',
    figures: sepsisFigures(network, { areProbabilities: true, resamples, seed }),
  });
  onProgress(++done, total, 'network');
  const said = network.map((judgedStay, i) => ({ stay: stays[i]!, judged: judgedStay }));
  const subgroups = sepsisSubgroups(said, { resamples, seed });
  onProgress(++done, total, 'subgroups');
  const bare = await judgedByNetwork(
    model,
    stays,
    stays.map(({ rows }) => withoutLabs(rows)),
  );
  scores.push({
    name: 'network, vital signs only',
    figures: sepsisFigures(bare, { areProbabilities: true, resamples, seed }),
  });
  onProgress(++done, total, 'network, vital signs only');
  for (const comparator of beside) {
    const judged = judgedBothWays(comparator, stays, seed);
    scores.push({
      name: comparator.name,
      figures: sepsisFigures(judged, { areProbabilities: false, resamples, seed }),
    });
    onProgress(++done, total, comparator.name);
  }
  const risks = network.flatMap((each) => Array.from(each.risks, (risk) => (Number.isNaN(risk) ? 0 : risk)));
  const came = network.flatMap(({ labels }) => Array.from(labels));
  return {
    csv,
    model: { id: model.id, sha256: model.sha256, threshold: model.threshold },
    comparatorsLeftOut,
    isTrainingData: model.trainedOn === (await sha256Of(csv)),
    scores,
    subgroups,
    curves: curves(rank(risks, came)),
    stays: stays.length,
    staysWithGaps: stays.filter(hasGap).map(({ patientId }) => patientId),
    unreadable,
  };
};

const hasGap = ({ rows }: Stay): boolean => rows.some(({ hour }, i) => i > 0 && hour - rows[i - 1]!.hour > 1);

const TOO_FEW_SEPTIC =
  'They learn, and choose their thresholds, from every second stay and are judged by the others: each half needs a stay with sepsis';

const hasSepsis = (stays: readonly Stay[]): boolean => stays.some(({ labels }) => labels!.includes(1));
const halvesOf = (stays: readonly Stay[]): readonly (readonly Stay[])[] =>
  [0, 1].map((half) => stays.filter((_, i) => i % 2 === half));

const labelledStays = async (
  csv: string,
): Promise<{ readonly stays: readonly Stay[]; readonly unreadable: UnreadableCells }> => {
  const stays: Stay[] = [];
  let unreadable = NOTHING_UNREADABLE;
  const onUnreadable = (cell: UnreadableCell): void => {
    unreadable = withUnreadable(unreadable, cell);
  };
  for await (const stay of readStays(csv, { onUnreadable })) {
    if (stay.labels === undefined)
      throw new StayFileFault(
        `${csv}: ${stay.patientId} has rows without a SepsisLabel. Figures need the truth; "vigil score-stays" does not.`,
      );
    stays.push(stay);
  }
  if (!hasSepsis(stays)) throw new StayFileFault(`${csv} holds no stay with sepsis. Figures need both kinds.`);
  return { stays, unreadable };
};

const judgedByNetwork = async (
  model: DeteriorationModel,
  stays: readonly Stay[],
  rows: readonly Stay['rows'][],
): Promise<readonly JudgedStay[]> => {
  const risks = await playStays(model.ask, model.hidden, rows);
  return stays.map(({ labels }, i) => judged(labels!, risks[i]!, model.threshold));
};

const judged = (labels: Uint8Array, risks: Float64Array, threshold: number): JudgedStay => ({
  labels,
  risks,
  alarms: Uint8Array.from(risks, (risk) => (risk >= threshold ? 1 : 0)),
});

/** Two models of one kind speak nearly one scale (log odds, distances, shares), so their scores are ranked together. */
const judgedBothWays = (comparator: Comparator, stays: readonly Stay[], seed: number): readonly JudgedStay[] => {
  const halves = halvesOf(stays);
  return halves.flatMap((held, half) => {
    const others = halves[1 - half]!;
    const score = comparator.fit(others, seed);
    const { threshold } = bestThreshold(others.map((stay) => ({ labels: stay.labels!, scores: score(stay) })));
    return held.map((stay) => judged(stay.labels!, score(stay), threshold));
  });
};

const sha256Of = async (path: string): Promise<string> => {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer);
  return hash.digest('hex');
};
