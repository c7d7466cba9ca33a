/** A device that was wished for and is used by no network: its process would idle beside Vigil for as long as that runs. */
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { openOrtInference } from '../../services/adapters/onnx/ort-inference.ts';
import { initialWeights } from '../../stream-models/network/initial-weights.ts';
import { stepGraph } from '../../stream-models/network/step-graph.ts';

const NETWORK = { features: 16, encoder: 24, hidden: 24, classes: ['calm', 'wild'] };

/** The processes of devices that this process has begun and that have not ended. */
const devicesAlive = async (): Promise<readonly string[]> => {
  const tasks = await readdir('/proc/self/task');
  const children = await Promise.all(tasks.map((task) => readFile(`/proc/self/task/${task}/children`, 'utf8')));
  const pids = children.join(' ').split(' ').filter(Boolean);
  const lines = await Promise.all(pids.map((pid) => readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')));
  return lines.filter((line) => line.includes('device-main.ts'));
};

it.runIf(process.platform === 'linux')('is let go, and the CPU answers', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'vigil-idle-device-'));
  const model = join(folder, 'step.onnx');
  await writeFile(model, stepGraph(NETWORK, initialWeights(NETWORK, 3)));
  const inference = openOrtInference({ providers: ['cuda', 'cpu'] });
  try {
    for (const _ of [1, 2]) {
      const { network, notices } = await inference.load(model);
      expect(notices.length === 0).toBe(network.provider === 'cuda');
      expect(await devicesAlive()).toHaveLength(network.provider === 'cuda' ? 1 : 0);
    }
  } finally {
    await inference.close();
    await rm(folder, { recursive: true });
  }
  expect(await devicesAlive()).toEqual([]);
});
