import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import * as E from 'fp-ts/lib/Either.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Inference, StepNetwork, Tensor } from '../../services/ports/inference.ts';
import { diceFrom } from '../../stream-models/dice.ts';
import type { GruNetwork } from '../../stream-models/network/description.ts';
import { initialWeights } from '../../stream-models/network/initial-weights.ts';
import { stepGraph } from '../../stream-models/network/step-graph.ts';

const NETWORK: GruNetwork = { features: 11, encoder: 16, hidden: 24, classes: ['calm', 'wild', 'odd'] };

const tensor = (rows: number, width: number, at: (row: number, column: number) => number): Tensor => ({
  rows,
  width,
  values: Float32Array.from({ length: rows * width }, (_, i) => at(Math.floor(i / width), i % width)),
});
const random = (rows: number, width: number, seed: number): Tensor => {
  const dice = diceFrom(seed);
  return tensor(rows, width, () => 4 * dice.unit() - 2);
};
const only = (from: Tensor, rows: readonly number[]): Tensor =>
  tensor(rows.length, from.width, (row, column) => from.values[rows[row]! * from.width + column]!);
const answered = async (network: StepNetwork, x: Tensor, state: Tensor) => {
  const answer = await network.step(x, state)();
  if (E.isLeft(answer)) throw new Error(answer.left.sentence);
  return answer.right;
};

/** What every adapter of the Inference port promises. */
export const inferenceContract = (name: string, open: () => Promise<Inference>) =>
  describe(`${name} keeps the inference contract`, () => {
    let inference: Inference;
    let network: StepNetwork;
    let folder: string;
    const saved = async (bytes: Uint8Array, file: string): Promise<string> => {
      await writeFile(join(folder, file), bytes);
      return join(folder, file);
    };
    beforeAll(async () => {
      folder = await mkdtemp(join(tmpdir(), 'vigil-inference-'));
      inference = await open();
      network = (await inference.load(await saved(stepGraph(NETWORK, initialWeights(NETWORK, 7)), 'step.onnx')))
        .network;
    });
    afterAll(async () => {
      await inference.close();
      await rm(folder, { recursive: true });
    });

    it('says of a network what its file says', () => {
      expect(network).toMatchObject({ features: 11, hidden: 24, classes: 3 });
      expect(network.sha256).toMatch(/^[0-9a-f]{64}$/);
      expect(network.id).toContain(network.sha256.slice(0, 12));
    });

    it('answers every row with probabilities', async () => {
      const { y, next } = await answered(network, random(5, 11, 1), random(5, 24, 2));
      expect([y.rows, y.width, next.rows, next.width]).toEqual([5, 3, 5, 24]);
      for (let row = 0; row < 5; row++) {
        const sum = y.values.subarray(row * 3, row * 3 + 3).reduce((a, b) => a + b, 0);
        expect(sum).toBeCloseTo(1, 5);
      }
      expect(new Set(y.values).size).toBeGreaterThan(5);
    });

    it('answers a row with the same bits whoever else is in the call', async () => {
      const beds = 400;
      const x = random(beds, 11, 3);
      const state = random(beds, 24, 4);
      const together = await answered(network, x, state);
      const someBeds = fc.uniqueArray(fc.nat(beds - 1), { minLength: 1, maxLength: 300 });
      await fc.assert(
        fc.asyncProperty(someBeds, async (rows) => {
          const apart = await answered(network, only(x, rows), only(state, rows));
          expect(apart.y).toEqual(only(together.y, rows));
          expect(apart.next).toEqual(only(together.next, rows));
        }),
        { numRuns: 60 },
      );
    });

    it('answers nobody with nothing', async () => {
      const { y, next } = await answered(network, random(0, 11, 1), random(0, 24, 2));
      expect([y.values.length, next.values.length]).toEqual([0, 0]);
    });

    it('names the rows whose answer is no number', async () => {
      const x = tensor(4, 11, (row) => (row === 2 ? Number.NaN : 0.5));
      const answer = await network.step(x, random(4, 24, 2))();
      expect(answer).toMatchObject(E.left({ tag: 'NotFinite', cause: { rows: [2] } }));
    });

    it('refuses rows of another width', async () => {
      const answer = await network.step(random(4, 10, 1), random(4, 24, 2))();
      expect(answer).toMatchObject(E.left({ tag: 'ModelFailed', sentence: expect.stringContaining('rows of 11') }));
    });

    it('refuses a file that is missing or no network, by its name', async () => {
      await expect(inference.load(join(folder, 'nobody.onnx'))).rejects.toThrow('nobody.onnx');
      const letter = await saved(new TextEncoder().encode('Dear network, '), 'letter.onnx');
      await expect(inference.load(letter)).rejects.toThrow('letter.onnx');
    });
  });
