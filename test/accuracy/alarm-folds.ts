/**
 * Cross-validation of the alarm models by record. In each fold weights, means, thresholds, the penalty of the kind that is weighed whole
 * (and with 'chosen' the terms of the others) come from the other folds alone. The threshold of a kind is the cost's own (a lost true alarm costs about 4.3 kept false ones);
 * for asystole and VF it is 0.1, at most a third of the least probability that an inner cross-validation gave a true alarm.
 */
import { probabilityOf } from '../../stream-models/corroboration/alarm-probability.ts';
import { ALARM_KINDS, type AlarmKind } from '../../stream-models/corroboration/claim.ts';
import { diceFrom } from '../../stream-models/dice.ts';
import type { JudgedAlarm } from '../../stream-models/evaluation/alarm-truth.ts';
import type { Logistic } from '../../stream-models/logistic.ts';
import type { AlarmCase } from './alarm-cases.ts';
import {
  ALL_TERMS_RIDGE,
  allAlarmTerms,
  denials,
  fewAlarmTerms,
  RIDGE_OF_FEW,
  RIDGES,
  WEIGHED_WHOLE,
} from './alarm-terms.ts';
import { fitLogistic } from './logistic.ts';

export type TermsFrom = 'few' | 'all' | 'chosen';

/** A held-out verdict, and the threshold that gave it. */
export interface HeldOut extends JudgedAlarm {
  readonly refuteBelow: number;
}

interface Plain extends Logistic {
  readonly terms: readonly string[];
}

export interface Fitted extends Plain {
  readonly prior: number;
  readonly refuteBelow: number;
}

export const FOLDS = 10;
const INNER_FOLDS = 5;
/** Where keeping costs as much as refuting: a kept false alarm costs 1, a lost true one 1 + 4 · score, the score about 0.82. */
const COST_THRESHOLD = 1 / (1 + 1 + 4 * 0.82);
/** Kinds of which no true alarm may be lost. */
const NEVER_LOST: readonly AlarmKind[] = ['asystole', 'vf'];
const NEVER_LOST_BELOW = 0.1;
const MARGIN = 1 / 3;

/** The fold of each case: true and false alarms are dealt out apart. */
const dealt = (cases: readonly AlarmCase[], folds: number, seed: number): readonly number[] => {
  const dice = diceFrom(seed);
  const fold = new Array<number>(cases.length).fill(0);
  let next = 0;
  for (const isTrue of [true, false])
    for (const i of dice.shuffled(cases.map((_, k) => k).filter((k) => cases[k]!.isTrue === isTrue)))
      fold[i] = next++ % folds;
  return fold;
};

const heldOut = <Model>(
  cases: readonly AlarmCase[],
  fold: readonly number[],
  train: (training: readonly AlarmCase[]) => Model,
  take: (model: Model, each: AlarmCase, i: number) => void,
): void => {
  for (const held of [...new Set(fold)]) {
    const model = train(cases.filter((_, i) => fold[i] !== held));
    for (const [i, each] of cases.entries()) if (fold[i] === held) take(model, each, i);
  }
};

const fitPlain = (cases: readonly AlarmCase[], terms: readonly string[], ridge: number): Plain => ({
  terms,
  ...fitLogistic(
    cases.map(({ evidence }) => terms.map((term) => evidence[term] ?? 0)),
    cases.map(({ isTrue }) => (isTrue ? 1 : 0)),
    ridge,
  ),
});

const probabilityIn = (kind: AlarmKind, model: Plain, { evidence }: AlarmCase): number => {
  const deniedBelow = denials[kind];
  return probabilityOf({ ...model, ...(deniedBelow && { deniedBelow }) }, evidence);
};

/** Mean negative log probability of the truth in an inner cross-validation. */
const surprise = (cases: readonly AlarmCase[], terms: readonly string[], ridge: number, seed: number): number => {
  let sum = 0;
  heldOut(
    cases,
    dealt(cases, INNER_FOLDS, seed),
    (training) => fitPlain(training, terms, ridge),
    (model, each) => {
      const p = Math.min(0.999, Math.max(0.001, probabilityOf(model, each.evidence)));
      sum -= Math.log(each.isTrue ? p : 1 - p);
    },
  );
  return sum / cases.length;
};

const CHOSEN_MAX = 8;
/** A term is worth having when it makes the truth less surprising by so much. */
const WORTH = 0.005;

/** Chooses terms one by one, each time the one that helps most, until none helps. */
const choose = (kind: AlarmKind, cases: readonly AlarmCase[], seed: number): readonly string[] => {
  let terms: readonly string[] = [];
  let least = Number.POSITIVE_INFINITY;
  while (terms.length < CHOSEN_MAX) {
    let best: string | undefined;
    let bestSurprise = least - (terms.length === 0 ? 0 : WORTH);
    for (const term of allAlarmTerms[kind]) {
      if (terms.includes(term)) continue;
      const found = surprise(cases, [...terms, term], RIDGE_OF_FEW, seed);
      if (found >= bestSurprise) continue;
      bestSurprise = found;
      best = term;
    }
    if (best === undefined) break;
    terms = [...terms, best];
    least = bestSurprise;
  }
  return terms;
};

/** One dealing of so few cases is a matter of luck. */
const DEALINGS = [0, 100] as const;

/** The penalty under which the truth is least surprising. */
const chooseRidge = (cases: readonly AlarmCase[], terms: readonly string[], seed: number): number => {
  let best = RIDGES[0] as number;
  let least = Number.POSITIVE_INFINITY;
  for (const ridge of RIDGES) {
    let found = 0;
    for (const dealing of DEALINGS) found += surprise(cases, terms, ridge, seed + dealing);
    if (found >= least) continue;
    least = found;
    best = ridge;
  }
  return best;
};

const termsAndRidge = (
  kind: AlarmKind,
  cases: readonly AlarmCase[],
  seed: number,
  from: TermsFrom,
  all: readonly string[],
): readonly [readonly string[], number] => {
  if (kind === WEIGHED_WHOLE) return [all, chooseRidge(cases, all, seed)];
  if (from === 'all') return [all, ALL_TERMS_RIDGE];
  return [from === 'few' ? fewAlarmTerms[kind] : choose(kind, cases, seed), RIDGE_OF_FEW];
};

/** Fits one kind's model to cases of it. `all`: the terms that it may have. */
export const fitKind = (
  kind: AlarmKind,
  cases: readonly AlarmCase[],
  seed: number,
  from: TermsFrom,
  all: readonly string[] = allAlarmTerms[kind],
): Fitted => {
  const [terms, ridge] = termsAndRidge(kind, cases, seed, from, all);
  const model = fitPlain(cases, terms, ridge);
  const prior = cases.filter(({ isTrue }) => isTrue).length / cases.length;
  if (!NEVER_LOST.includes(kind)) return { ...model, prior, refuteBelow: COST_THRESHOLD };
  let refuteBelow = NEVER_LOST_BELOW;
  heldOut(
    cases,
    dealt(cases, INNER_FOLDS, seed),
    (training) => fitPlain(training, terms, ridge),
    (inner, each) => {
      if (each.isTrue) refuteBelow = Math.min(refuteBelow, MARGIN * probabilityIn(kind, inner, each));
    },
  );
  return { ...model, prior, refuteBelow };
};

/** Held-out verdicts of all cases for one seed, in their order. */
export const crossValidated = (cases: readonly AlarmCase[], seed: number, from: TermsFrom): readonly HeldOut[] => {
  const judged = new Array<HeldOut>(cases.length);
  for (const kind of ALARM_KINDS) {
    const numbers = cases.map((_, i) => i).filter((i) => cases[i]!.kind === kind);
    const of = numbers.map((i) => cases[i]!);
    heldOut(
      of,
      dealt(of, FOLDS, seed),
      (training) => fitKind(kind, training, seed, from),
      (model, each, i) => {
        const probability = probabilityIn(kind, model, each);
        const { record, isTrue } = each;
        const { refuteBelow } = model;
        judged[numbers[i]!] = { record, kind, isTrue, probability, refuteBelow, isKept: probability >= refuteBelow };
      },
    );
  }
  return judged;
};
