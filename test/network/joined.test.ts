import { describe, expect, it } from 'vitest';
import type { GruNetwork } from '../../stream-models/network/description.ts';
import { initialWeights } from '../../stream-models/network/initial-weights.ts';
import { joinedNetwork, recalibrated, rescaled } from '../../stream-models/network/joined.ts';
import { referenceForward } from '../../stream-models/network/reference.ts';
import { diceFrom } from '../../stream-models/network/seeded.ts';

const NETWORK: GruNetwork = { features: 5, encoder: 7, hidden: 4, classes: ['no', 'yes'] };
const dice = diceFrom(8);
const SEQUENCE = Array.from({ length: 12 }, () => Float32Array.from({ length: 5 }, () => dice.normal()));
const members = [1, 2, 3].map((seed) => {
  const weights = initialWeights(NETWORK, seed);
  // Biases that differ, so that a misplaced one shows.
  for (const name of ['be', 'bx', 'bh', 'bo'] as const) weights[name].set(weights[name].map(() => 0.3 * dice.normal()));
  return weights;
});
const logitOf = (y: Float64Array): number => Math.log(y[1]! / y[0]!);

describe('a joined network', () => {
  it('says the mean of the logits of its members, step by step', () => {
    const { network, weights } = joinedNetwork(NETWORK, members);
    const each = members.map((member) => referenceForward(NETWORK, member, SEQUENCE).map(logitOf));
    const joined = referenceForward(network, weights, SEQUENCE).map(logitOf);
    for (const [t, logit] of joined.entries())
      expect(logit).toBeCloseTo((each[0]![t]! + each[1]![t]! + each[2]![t]!) / 3, 5);
  });

  it('needs a member', () => {
    expect(() => joinedNetwork(NETWORK, [])).toThrow('no network to join');
  });
});

describe('a recalibrated network', () => {
  it('says slope times the logit plus the intercept', () => {
    const plain = { network: NETWORK, weights: members[0]! };
    const { network, weights } = recalibrated(plain, 1.7, -2.5);
    const before = referenceForward(NETWORK, plain.weights, SEQUENCE).map(logitOf);
    for (const [t, y] of referenceForward(network, weights, SEQUENCE).entries())
      expect(logitOf(y)).toBeCloseTo(1.7 * before[t]! - 2.5, 5);
  });

  it('says slope times every logit plus its class’s shift', () => {
    const plain = { network: NETWORK, weights: members[1]! };
    const { network, weights } = rescaled(plain, { slope: 0.6, shifts: [0.4, -0.3] });
    const before = referenceForward(NETWORK, plain.weights, SEQUENCE).map(logitOf);
    for (const [t, y] of referenceForward(network, weights, SEQUENCE).entries())
      expect(logitOf(y)).toBeCloseTo(0.6 * before[t]! - 0.7, 5);
    expect(() => rescaled(plain, { slope: 1, shifts: [0] })).toThrow('every class');
  });
});
