import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openOrtInference } from '../../services/adapters/onnx/ort-inference.ts';
import { initialWeights } from '../../stream-models/network/initial-weights.ts';
import { stepGraph } from '../../stream-models/network/step-graph.ts';
import { inferenceContract } from './inference.contract.ts';

inferenceContract('ONNX Runtime on the CPU', async () => openOrtInference({ providers: ['cpu'] }));

const CUDA_INSTALLED = existsSync(
  join(
    createRequire(import.meta.url).resolve('onnxruntime-node'),
    `../../bin/napi-v6/${process.platform}/${process.arch}/libonnxruntime_providers_cuda.so`,
  ),
);

describe('ONNX Runtime says which provider it truly uses', () => {
  const network = { features: 3, encoder: 4, hidden: 4, classes: ['a', 'b'] };
  let folder: string;
  let model: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'vigil-provider-'));
    model = join(folder, 'step.onnx');
    await writeFile(model, stepGraph(network, initialWeights(network, 1), { name: 'tiny' }));
  });
  afterAll(() => rm(folder, { recursive: true }));

  it('says nothing when the wish is the CPU', async () => {
    const inference = openOrtInference({ providers: ['cpu', 'cuda'] });
    const loaded = await inference.load(model);
    expect([loaded.network.provider, loaded.notices]).toEqual(['cpu', []]);
    await inference.close();
  });

  it('notes every wished provider that it had to pass over, and why', async () => {
    const inference = openOrtInference({ providers: ['cuda', 'webgpu', 'cpu'] });
    const { network: loaded, notices } = await inference.load(model);
    const order = ['cuda', 'webgpu', 'cpu'];
    expect(notices.map((notice) => notice.wished)).toEqual(order.slice(0, order.indexOf(loaded.provider)));
    for (const notice of notices) {
      expect(notice.used).toBe(loaded.provider);
      expect(notice.why).not.toBe('');
    }
    expect(CUDA_INSTALLED || loaded.provider !== 'cuda', 'claims CUDA without its library').toBe(true);
    await inference.close();
  });

  it('names its classes and itself', async () => {
    const inference = openOrtInference({ providers: ['cpu'] });
    const { network: loaded } = await inference.load(model);
    expect(loaded.classNames).toEqual(['a', 'b']);
    expect(loaded.id).toMatch(/^tiny@/);
    await inference.close();
  });
});
