import { join } from 'node:path';
import {
  DETERIORATION_FEATURES,
  deteriorationInput,
} from '../../../stream-models/deterioration/deterioration-input.ts';
import { runFold } from '../../../stream-models/fold.ts';
import { solveSymmetric } from '../../adapters/mljs/solve.ts';
import type { Stay } from '../../stays/read-stays.ts';
import { loadCheckpoint, saveCheckpoint } from '../checkpoint.ts';
import { lessonsOf } from './stay-batches.ts';

/** A logistic rule on the network's input of the hour: log odds = weights · x + bias. */
export interface DirectRule {
  /** DETERIORATION_FEATURES numbers. */
  readonly weights: Float64Array;
  readonly bias: number;
}

/** What weights cost, as `RIDGE / 2 · |weights|²` beside the summed loss of all hours; from 1 to 10 hardly anything changes. */
const RIDGE = 3;
const STEPS_MAX = 20;
/** Weights that move less than this in a step have arrived. */
const ARRIVED = 1e-3;
/** One column more than the input: the bias. */
const WIDTH = DETERIORATION_FEATURES + 1;

/**
 * Fits the rule to the hours of stays, as they were charted, by what an alarm is worth in them (`lessonsOf`): the maximum of the penalised
 * likelihood by Newton's method, so the same stays give the same rule without seed, rate or epochs. Some five steps over all hours;
 * holds 580 bytes an hour meanwhile.
 */
export const fitDirectRule = (stays: readonly Stay[], labelShare: number, signal?: AbortSignal): DirectRule => {
  const hours = taughtHours(stays, labelShare);
  const rule = new Float64Array(WIDTH);
  for (let step = 0; step < STEPS_MAX; step++) {
    signal?.throwIfAborted();
    const { gradient, bend } = slopesAt(rule, hours);
    const move = solveSymmetric(bend, gradient);
    let farthest = 0;
    for (let i = 0; i < WIDTH; i++) {
      rule[i]! -= move[i]!;
      farthest = Math.max(farthest, Math.abs(move[i]!));
    }
    if (farthest < ARRIVED) break;
  }
  return { weights: rule.slice(0, DETERIORATION_FEATURES), bias: rule[DETERIORATION_FEATURES]! };
};

/** Where the rule of one fit is kept. */
export interface KeptRule {
  readonly settings: string;
  readonly rule: DirectRule;
}

/** The file of a fit's rule. */
export const directRulePath = (folder: string, label: string): string =>
  join(folder, `${label.replaceAll(' ', '-')}-direct.checkpoint`);

/** Fits the rule, or takes up the one that an interrupted run with the same settings has fitted; it is kept in `out`. */
export const keptDirectRule = async (
  run: {
    readonly out: string;
    readonly settings: string;
    readonly resume: boolean;
    readonly signal: AbortSignal | undefined;
  },
  label: string,
  fitted: () => DirectRule,
): Promise<DirectRule> => {
  const path = directRulePath(run.out, label);
  const found = run.resume ? await loadCheckpoint<KeptRule>(path, run.settings) : undefined;
  const rule = found?.rule ?? fitted();
  if (found === undefined) await saveCheckpoint(path, { settings: run.settings, rule } satisfies KeptRule);
  return rule;
};

interface TaughtHours {
  readonly count: number;
  /** [hours, DETERIORATION_FEATURES] */
  readonly x: Float32Array;
  readonly isRight: Uint8Array;
  readonly weight: Float64Array;
}

const taughtHours = (stays: readonly Stay[], labelShare: number): TaughtHours => {
  const most = stays.reduce((sum, { rows }) => sum + rows.length, 0);
  const x = new Float32Array(most * DETERIORATION_FEATURES);
  const isRight = new Uint8Array(most);
  const weight = new Float64Array(most);
  let count = 0;
  for (const { rows, labels } of stays) {
    const lessons = lessonsOf(labels!, labelShare);
    for (const [row, input] of runFold(deteriorationInput, rows)[1].entries()) {
      const lesson = lessons[row]!;
      if (lesson.weight === 0) continue;
      x.set(input.x, count * DETERIORATION_FEATURES);
      isRight[count] = lesson.isRight ? 1 : 0;
      weight[count++] = lesson.weight;
    }
  }
  return { count, x, isRight, weight };
};

/** First and second derivatives of loss and penalty; of the second what lies on and below the diagonal. */
const slopesAt = (
  rule: Float64Array,
  hours: TaughtHours,
): { readonly gradient: Float64Array; readonly bend: Float64Array } => {
  const gradient = rule.map((weight, i) => (i < DETERIORATION_FEATURES ? RIDGE * weight : 0));
  const bend = new Float64Array(WIDTH * WIDTH);
  // The bias is not held back, but a column that nothing fills needs something on its diagonal.
  for (let i = 0; i < WIDTH; i++) bend[i * WIDTH + i] = i < DETERIORATION_FEATURES ? RIDGE : 1e-6;
  // Much of an input is zeros, most laboratory values being unknown: only what is there is multiplied.
  const filled = new Uint16Array(WIDTH);
  const there = new Float64Array(WIDTH);
  for (let hour = 0; hour < hours.count; hour++) {
    const from = hour * DETERIORATION_FEATURES;
    let count = 0;
    let logOdds = rule[DETERIORATION_FEATURES]!;
    for (let i = 0; i < DETERIORATION_FEATURES; i++) {
      const value = hours.x[from + i]!;
      if (value === 0) continue;
      filled[count] = i;
      there[count++] = value;
      logOdds += rule[i]! * value;
    }
    filled[count] = DETERIORATION_FEATURES;
    there[count++] = 1;
    const p = 1 / (1 + Math.exp(-logOdds));
    const error = hours.weight[hour]! * (p - hours.isRight[hour]!);
    const bent = hours.weight[hour]! * p * (1 - p);
    for (let a = 0; a < count; a++) {
      gradient[filled[a]!]! += error * there[a]!;
      const bentX = bent * there[a]!;
      const row = filled[a]! * WIDTH;
      for (let b = 0; b <= a; b++) bend[row + filled[b]!]! += bentX * there[b]!;
    }
  }
  return { gradient, bend };
};
