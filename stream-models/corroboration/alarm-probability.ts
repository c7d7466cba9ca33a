import { type Logistic, logOddsOf } from '../logistic.ts';
import type { Evidence } from './features.ts';

/** A regularised logistic model of one kind of alarm, and what is done with its probability. */
export interface AlarmModel extends Logistic {
  /** Names of evidence. */
  readonly terms: readonly string[];
  /** Share of true alarms among those it learned from: what is said when nothing was heard. */
  readonly prior: number;
  readonly refuteBelow: number;
  readonly confirmFrom: number;
  /** Where this term lies below a value, the claim's own definition denies it: no more than DENIED is said then. */
  readonly deniedBelow?: { readonly term: string; readonly value: number };
}

const DENIED = 0.05;

/** The model's probability for some evidence, 0 … 1. Evidence that lacks a term counts as usual in it. */
export const probabilityOf = (
  model: Omit<AlarmModel, 'refuteBelow' | 'confirmFrom' | 'prior'>,
  evidence: Evidence,
): number => {
  const terms = model.terms.map((term, i) => {
    const value = evidence[term];
    return value !== undefined && Number.isFinite(value) ? value : model.mean[i]!;
  });
  const probability = 1 / (1 + Math.exp(-logOddsOf(model, terms)));
  const { deniedBelow } = model;
  const denied = deniedBelow !== undefined && (evidence[deniedBelow.term] ?? 0) < deniedBelow.value;
  return denied ? Math.min(DENIED, probability) : probability;
};
