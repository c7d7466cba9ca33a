/** What partitions ask the networks side by side: one call, and everybody's own answer, to the bit. */

import fc from 'fast-check';
import * as E from 'fp-ts/lib/Either.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openOrtInference } from '../../services/adapters/onnx/ort-inference.ts';
import { BEAT_MODEL } from '../../services/composition/open-adapters.ts';
import type { Inference, StepNetwork, Tensor } from '../../services/ports/inference.ts';
import { gatherSteps } from '../../services/stages/gather-steps.ts';

let inference: Inference;
let network: StepNetwork;
beforeAll(async () => {
  inference = openOrtInference({ providers: ['cpu'] });
  ({ network } = await inference.load(BEAT_MODEL));
});
afterAll(() => inference.close());

/** The network, and how often it was called. */
const counted = (): { network: StepNetwork; calls: () => number } => {
  let calls = 0;
  const step: StepNetwork['step'] = (x, state) => {
    calls++;
    return network.step(x, state);
  };
  return { network: { ...network, step }, calls: () => calls };
};

const waves = (rows: number, width: number, seed: number): Tensor => ({
  ...{ rows, width },
  values: Float32Array.from({ length: rows * width }, (_, i) => Math.sin(seed + i * 0.7)),
});
const asked = (rows: number, seed: number) => ({
  x: waves(rows, network.features, seed),
  state: waves(rows, network.hidden, seed + 0.5),
});

describe('partitions that ask a network in one turn of the loop', () => {
  it('are answered by one call, each what it would have heard alone', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 2, maxLength: 6 }), async (rows) => {
        const questions = rows.map((count, i) => asked(count, i));
        const { network: ours, calls } = counted();
        const gathered = gatherSteps(ours);
        const answers = await Promise.all(questions.map(({ x, state }) => gathered.step(x, state)()));
        expect(calls()).toBe(1);
        for (const [i, { x, state }] of questions.entries()) {
          const [alone, together] = [await network.step(x, state)(), answers[i]!];
          if (E.isLeft(alone) || E.isLeft(together)) throw new Error('no answer');
          expect([...together.right.y.values]).toEqual([...alone.right.y.values]);
          expect([...together.right.next.values]).toEqual([...alone.right.next.values]);
        }
      }),
      { numRuns: 20 },
    );
  });

  it('do not hear of the bad numbers of another', async () => {
    const gathered = gatherSteps(network);
    const [good, bad] = [asked(3, 1), asked(2, 2)];
    bad.x.values[0] = Number.NaN;
    const [ofGood, ofBad] = await Promise.all([good, bad].map(({ x, state }) => gathered.step(x, state)()));
    expect(E.isRight(ofGood!)).toBe(true);
    expect(ofBad).toMatchObject({ left: { tag: 'NotFinite' } });
  });

  it('are answered also when they ask again and again', async () => {
    const gathered = gatherSteps(network);
    const { x, state } = asked(1, 3);
    for (let turn = 0; turn < 5; turn++) expect(E.isRight(await gathered.step(x, state)())).toBe(true);
  });
});
