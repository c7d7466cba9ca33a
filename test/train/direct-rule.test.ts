import { describe, expect, it } from 'vitest';
import type { Stay } from '../../services/stays/read-stays.ts';
import { type DirectRule, fitDirectRule } from '../../services/train/deterioration/direct-rule.ts';
import { lessonsOf } from '../../services/train/deterioration/stay-batches.ts';
import { deteriorationInput } from '../../stream-models/deterioration/deterioration-input.ts';
import { diceFrom } from '../../stream-models/dice.ts';
import { runFold } from '../../stream-models/fold.ts';
import { madeStays } from '../deterioration/made-stays.ts';

const RIDGE = 3;

/** What the rule gets wrong in these stays, and what its weights cost. */
const costOf = ({ weights, bias }: DirectRule, stays: readonly Stay[]): number => {
  let cost = weights.reduce((sum, weight) => sum + (RIDGE / 2) * weight ** 2, 0);
  for (const { rows, labels } of stays) {
    const lessons = lessonsOf(labels!, 0);
    for (const [row, { x }] of runFold(deteriorationInput, rows)[1].entries()) {
      const logOdds = x.reduce((sum, value, i) => sum + weights[i]! * value, bias);
      const { isRight, weight } = lessons[row]!;
      cost += weight * Math.log1p(Math.exp(isRight ? -logOdds : logOdds));
    }
  }
  return cost;
};

describe('the direct rule', () => {
  it('is the best there is: no nudge of its weights fits the stays better', async () => {
    const stays = await madeStays(60, 4);
    const rule = fitDirectRule(stays, 0);
    const best = costOf(rule, stays);
    const dice = diceFrom(6);
    for (let nudge = 0; nudge < 40; nudge++) {
      const weights = rule.weights.map((weight) => weight + 0.02 * dice.normal());
      expect(costOf({ weights, bias: rule.bias + 0.02 * dice.normal() }, stays)).toBeGreaterThan(best);
    }
  });

  it('tells the ill from the well among stays that it was not fitted to', async () => {
    const rule = fitDirectRule(await madeStays(120, 5), 0);
    const means = [0, 1].map(() => ({ sum: 0, hours: 0 }));
    for (const { rows, labels } of await madeStays(60, 6))
      for (const [hour, { x }] of runFold(deteriorationInput, rows)[1].entries()) {
        const of = means[labels![hour]!]!;
        of.sum += x.reduce((sum, value, i) => sum + rule.weights[i]! * value, rule.bias);
        of.hours++;
      }
    const [well, ill] = means.map(({ sum, hours }) => sum / hours);
    expect(ill! - well!).toBeGreaterThan(1);
  });

  it('ends when it is told to', async () => {
    const stays = await madeStays(5, 7);
    expect(() => fitDirectRule(stays, 0, AbortSignal.abort(new Error('enough')))).toThrow('enough');
  });
});
