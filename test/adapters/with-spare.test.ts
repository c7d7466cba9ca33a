import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as E from 'fp-ts/lib/Either.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FURTHEST_FROM_CPU, furthestApart, saidToThrown } from '../../services/adapters/onnx/as-the-cpu.ts';
import { readModelFile } from '../../services/adapters/onnx/model-file.ts';
import { openSession } from '../../services/adapters/onnx/provider.ts';
import { type NamedStepNetwork, stepNetwork } from '../../services/adapters/onnx/step-network.ts';
import { withSpare } from '../../services/adapters/onnx/with-spare.ts';
import type { ProviderNotice } from '../../services/ports/inference.ts';
import type { Weights } from '../../stream-models/network/description.ts';
import { initialWeights } from '../../stream-models/network/initial-weights.ts';
import { stepGraph } from '../../stream-models/network/step-graph.ts';

const NETWORK = { features: 16, encoder: 24, hidden: 24, classes: ['calm', 'wild', 'odd'] };

/** Float32 with ten bits of mantissa, as NVIDIA's TF32 multiplies. */
const tenBits = (weights: Weights): Weights =>
  Object.fromEntries(
    Object.entries(weights).map(([name, values]) => {
      const bits = new Uint32Array(Float32Array.from(values).buffer);
      return [name, new Float32Array(bits.map((each) => (each + 0x1000) & 0xffffe000).buffer)];
    }),
  ) as unknown as Weights;

describe('a device beside the CPU', () => {
  let folder: string;
  const opened = async (weights: Weights) => {
    const path = join(folder, 'step.onnx');
    await writeFile(path, stepGraph(NETWORK, weights));
    const file = await readModelFile(path);
    const session = await openSession(file.bytes, 'cpu');
    return { session, network: stepNetwork(file, session, 'cpu', [8]) };
  };
  const question = (rows: number) => ({
    x: { rows, width: NETWORK.features, values: new Float32Array(rows * NETWORK.features).fill(0.4) },
    state: { rows, width: NETWORK.hidden, values: new Float32Array(rows * NETWORK.hidden).fill(0.2) },
  });
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'vigil-spare-'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  it('that fails while it runs is told once, and the spare gives the answers that it would have given', async () => {
    const [first, spare] = [await opened(initialWeights(NETWORK, 3)), await opened(initialWeights(NETWORK, 3))];
    const lost: ProviderNotice[] = [];
    const onDevice = { ...first.network, provider: 'cuda' as const };
    const network = withSpare(onDevice, spare.network, (notice) => lost.push(notice));
    const { x, state } = question(3);
    const before = await network.step(x, state)();
    expect([network.provider, lost.length]).toEqual(['cuda', 0]);
    await first.session.release();
    expect(await network.step(x, state)()).toEqual(before);
    expect(await network.step(x, state)()).toEqual(before);
    expect(network.provider).toBe('cpu');
    expect(lost).toEqual([{ wished: 'cuda', used: 'cpu', why: expect.stringContaining('failed') }]);
    await spare.session.release();
  });

  it('that fails under several questions at once is told once, and each of them has its answer', async () => {
    const [first, spare] = [await opened(initialWeights(NETWORK, 3)), await opened(initialWeights(NETWORK, 3))];
    const lost: ProviderNotice[] = [];
    const { promise: spareHasAnswered, resolve } = Promise.withResolvers<undefined>();
    let asked = 0;
    const onDevice: NamedStepNetwork = {
      ...first.network,
      provider: 'cuda',
      step: (x, state) => async () => {
        asked++;
        if (asked === 3) await spareHasAnswered;
        return first.network.step(x, state)();
      },
    };
    const network = withSpare(onDevice, spare.network, (notice) => lost.push(notice));
    const { x, state } = question(3);
    await first.session.release();
    const [one, two, late] = [network.step(x, state)(), network.step(x, state)(), network.step(x, state)()];
    const expected = await spare.network.step(x, state)();
    expect([await one, await two]).toEqual([expected, expected]);
    resolve(undefined);
    expect(await late).toEqual(expected);
    expect(lost).toHaveLength(1);
    await spare.session.release();
  });

  it('is not to blame for a question that the spare cannot answer either', async () => {
    const [first, spare] = [await opened(initialWeights(NETWORK, 3)), await opened(initialWeights(NETWORK, 3))];
    const lost: ProviderNotice[] = [];
    const onDevice = { ...first.network, provider: 'cuda' as const };
    const network = withSpare(onDevice, spare.network, (notice) => lost.push(notice));
    const { x, state } = question(2);
    const bad = await network.step({ ...x, values: x.values.map(() => Number.NaN) }, state)();
    expect(E.isLeft(bad) && bad.left.tag).toBe('NotFinite');
    expect(E.isLeft(await network.step({ ...x, width: 1 }, state)())).toBe(true);
    expect([network.provider, lost]).toEqual(['cuda', []]);
    await first.session.release();
    await spare.session.release();
  });

  it('that multiplies with ten bits of mantissa is told from the CPU, and the CPU is not told from itself', async () => {
    const weights = initialWeights(NETWORK, 3);
    const [whole, again, coarse] = [await opened(weights), await opened(weights), await opened(tenBits(weights))];
    const said = await saidToThrown(whole.network, 32);
    expect(furthestApart(said, await saidToThrown(again.network, 32))).toBe(0);
    expect(furthestApart(said, await saidToThrown(coarse.network, 32))).toBeGreaterThan(FURTHEST_FROM_CPU);
    for (const { session } of [whole, again, coarse]) await session.release();
  });
});
