import { diceFrom } from '../../../stream-models/dice.ts';
import { fitPlatt, type Platt, plattProbability } from '../../../stream-models/evaluation/platt.ts';
import type { JudgedStay } from '../../../stream-models/evaluation/sepsis-figures.ts';
import { strictestThreshold } from '../../../stream-models/evaluation/threshold.ts';
import { type Weighted, withDirectPart } from '../../../stream-models/network/joined.ts';
import { stepGraph } from '../../../stream-models/network/step-graph.ts';
import { openGraph } from '../../adapters/onnx/graph-session.ts';
import { type Numbered, playStays } from '../../stays/play-stays.ts';
import type { Stay } from '../../stays/read-stays.ts';
import { fitMembers, type WindowedPlan } from '../windowed-fit.ts';
import { changedStay } from './augment-stay.ts';
import { fitDirectRule, keptDirectRule } from './direct-rule.ts';
import { epochWindows, type Teaching } from './stay-batches.ts';

export interface StayPlan extends WindowedPlan {
  readonly teaching: Teaching;
  readonly seed: number;
}

/**
 * The direct rule's share of the logit; the members, which remember, have the rest. What they learn of a hospital's habits it does not: on
 * wards that were never seen the two together are better than either (`MODEL_CARD.md`).
 */
export const DIRECT_SHARE = 0.5;

/** Share of the stays that the direct rule sees as another hospital might have recorded them. */
const DIRECT_CHANGED = 0.5;

/** Fits the members of a plan and the direct rule to stays, and joins them. */
export const fitStays = async (plan: StayPlan, label: string, seed: number, stays: readonly Stay[]) => {
  const { joined, losses } = await fitMembers(plan, label, seed, (dice) => epochWindows(stays, plan.teaching, dice));
  const { changes, labelShare } = plan.teaching;
  const rule = await keptDirectRule(plan, label, () => {
    const dice = diceFrom(seed);
    const charted = stays.map((stay) => ({
      ...stay,
      rows: changedStay(stay.rows, { ...changes, changed: DIRECT_CHANGED }, dice),
    }));
    return fitDirectRule(charted, labelShare, plan.signal);
  });
  plan.onEpoch(`${label}: direct rule`);
  return { joined: withDirectPart(joined, rule, DIRECT_SHARE), losses };
};

/** The network's risk in every row of stays, NaN where data is insufficient. */
export const risksOf = async (
  { network, weights }: Weighted,
  stays: readonly { readonly rows: Stay['rows'] }[],
  numbered: Numbered = 'sufficient',
): Promise<readonly Float64Array[]> => {
  const graph = await openGraph(stepGraph(network, weights));
  const { features, hidden } = network;
  const ask = async (rows: number, x: Float32Array, state: Float32Array) => {
    const outputs = await graph.run({
      x: { dimensions: [rows, features], values: x },
      state: { dimensions: [rows, hidden], values: state },
    });
    return { y: outputs['y']!, next: outputs['next']! };
  };
  try {
    return await playStays(
      ask,
      hidden,
      stays.map(({ rows }) => rows),
      numbered,
    );
  } finally {
    await graph.close();
  }
};

/** What a fold's network, which never saw these stays, said of them, not yet calibrated. */
export interface HeldOutFold {
  readonly stays: readonly Stay[];
  readonly risks: readonly Float64Array[];
}

/** Stays dealt out in turn: a stay is a patient in these files. */
export const stayFolds = (stays: readonly Stay[], folds: number): readonly (readonly Stay[])[] =>
  Array.from({ length: folds }, (_, fold) => stays.filter((_stay, i) => i % folds === fold));

/** How risks become probabilities and alarms. */
export interface Decision {
  readonly platt: Platt;
  /** An alarm where the calibrated risk is at least this. */
  readonly threshold: number;
}

/**
 * How much utility the threshold gives up for being stricter: on wards that were never seen it gains more than that
 * (`test/accuracy/sepsis-other-wards.ts`).
 */
export const GIVES_UP = 0.005;

/** Calibration and threshold by folds that were held out. */
export const decisionBy = (folds: readonly HeldOutFold[], givesUp = GIVES_UP): Decision => {
  const scores: number[] = [];
  const labels: number[] = [];
  for (const { stays, risks } of folds)
    for (const [i, { labels: ofStay }] of stays.entries())
      for (let row = 0; row < ofStay!.length; row++) {
        if (Number.isNaN(risks[i]![row])) continue;
        scores.push(risks[i]![row]!);
        labels.push(ofStay![row]!);
      }
  const platt = fitPlatt(scores, labels);
  const { threshold } = strictestThreshold(
    folds.flatMap(({ stays, risks }) => stays.map(({ labels: ofStay }, i) => ({ scores: risks[i]!, labels: ofStay! }))),
    givesUp,
  );
  return { platt, threshold: plattProbability(platt, threshold) };
};

/** Every stay judged by a network that never saw it, calibrated and decided by the other folds alone. */
export const judgedByOthers = (folds: readonly HeldOutFold[]): readonly JudgedStay[] =>
  folds.flatMap((fold, number) => {
    const others = folds.filter((_, other) => other !== number);
    return decided(fold, decisionBy(others));
  });

/** Applies a decision to a fold. */
export const decided = ({ stays, risks }: HeldOutFold, { platt, threshold }: Decision): readonly JudgedStay[] =>
  stays.map(({ labels }, i) => {
    const calibrated = risks[i]!.map((risk) => (Number.isNaN(risk) ? risk : plattProbability(platt, risk)));
    return {
      labels: labels!,
      risks: calibrated,
      alarms: Uint8Array.from(calibrated, (risk) => (risk >= threshold ? 1 : 0)),
    };
  });
