import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { openGraph } from '../../services/adapters/onnx/graph-session.ts';
import { diceFrom } from '../../stream-models/dice.ts';
import type { GruNetwork } from '../../stream-models/network/description.ts';
import { initialWeights } from '../../stream-models/network/initial-weights.ts';
import { joinedNetwork, recalibrated, rescaled, withDirectPart } from '../../stream-models/network/joined.ts';
import { stepGraph } from '../../stream-models/network/step-graph.ts';
import { referenceForward } from './reference-forward.ts';

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

  it('serves what plain arithmetic says of it, however many members there are', async () => {
    const size = fc.integer({ min: 1, max: 9 });
    const shape = fc.record({ count: size, features: size, encoder: size, hidden: size, seed: fc.nat() });
    await fc.assert(
      fc.asyncProperty(shape, async ({ count, seed, ...widths }) => {
        const inputs = [1, 2, 3].map(() => Float32Array.from({ length: widths.features }, () => dice.normal()));
        const plan: GruNetwork = { ...widths, classes: ['no', 'perhaps', 'yes'] };
        const drawn = Array.from({ length: count }, (_, i) => initialWeights(plan, seed + i));
        const { network, weights } = joinedNetwork(plan, drawn);
        const graph = await openGraph(stepGraph(network, weights));
        const expected = referenceForward(network, weights, inputs);
        let state: Float32Array = new Float32Array(network.hidden);
        for (const [t, x] of inputs.entries()) {
          const { y, next } = await graph.run({
            x: { dimensions: [1, network.features], values: x },
            state: { dimensions: [1, network.hidden], values: state },
          });
          state = next!;
          for (const [c, probability] of expected[t]!.entries()) expect(y![c]).toBeCloseTo(probability, 5);
        }
        await graph.close();
      }),
      { numRuns: 30 },
    );
  });

  it('serves no multiplication by the zeros between its members: its file is no larger than theirs', () => {
    const plan: GruNetwork = { features: 5, encoder: 48, hidden: 48, classes: ['no', 'yes'] };
    const drawn = [1, 2, 3, 4, 5, 6].map((seed) => initialWeights(plan, seed));
    const { network, weights } = joinedNetwork(plan, drawn);
    const apart = drawn.reduce((sum, member) => sum + stepGraph(plan, member).length, 0);
    expect(stepGraph(network, weights).length).toBeLessThan(apart);
  });

  it('needs a member', () => {
    expect(() => joinedNetwork(NETWORK, [])).toThrow('no network to join');
  });
});

describe('a network with a direct part', () => {
  const rule = { weights: [0.4, -1, 0, 2, 0.3], bias: -0.6 };
  const logOdds = (x: Float32Array) => rule.weights.reduce((sum, weight, i) => sum + weight * x[i]!, rule.bias);
  const plain = { network: NETWORK, weights: members[0]! };

  it('says its share of the rule’s log odds and the rest of the network’s, calibrated or not', () => {
    const before = referenceForward(NETWORK, plain.weights, SEQUENCE).map(logitOf);
    const mixed = withDirectPart(plain, rule, 0.25);
    const calibrated = recalibrated(mixed, 1.7, -2.5);
    const after = referenceForward(NETWORK, mixed.weights, SEQUENCE).map(logitOf);
    for (const [t, y] of referenceForward(NETWORK, calibrated.weights, SEQUENCE).entries()) {
      expect(after[t]).toBeCloseTo(0.75 * before[t]! + 0.25 * logOdds(SEQUENCE[t]!), 5);
      expect(logitOf(y)).toBeCloseTo(1.7 * after[t]! - 2.5, 5);
    }
  });

  it('serves what plain arithmetic says of it', async () => {
    const { network, weights } = withDirectPart(joinedNetwork(NETWORK, members), rule, 0.5);
    const graph = await openGraph(stepGraph(network, weights));
    const expected = referenceForward(network, weights, SEQUENCE);
    let state: Float32Array = new Float32Array(network.hidden);
    for (const [t, x] of SEQUENCE.entries()) {
      const { y, next } = await graph.run({
        x: { dimensions: [1, network.features], values: x },
        state: { dimensions: [1, network.hidden], values: state },
      });
      state = next!;
      expect(y![1]).toBeCloseTo(expected[t]![1]!, 5);
    }
    await graph.close();
  });

  it('has one logit only of two classes', () => {
    const three: GruNetwork = { ...NETWORK, classes: ['a', 'b', 'c'] };
    expect(() => withDirectPart({ network: three, weights: initialWeights(three, 1) }, rule, 0.5)).toThrow(
      'two classes',
    );
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
