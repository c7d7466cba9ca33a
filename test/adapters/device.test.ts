/**
 * Goal: a device that stands still, or takes its process along, costs no alarm.
 * Method: the process of a device is really stopped (SIGSTOP) or killed in the middle of questions; "the device" is the CPU, which
 * answers as one does. Time passes by looks that the test makes.
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as E from 'fp-ts/lib/Either.js';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Device, LOAD_LOOKS, openDevice, STEP_LOOKS } from '../../services/adapters/onnx/device.ts';
import { readModelFile } from '../../services/adapters/onnx/model-file.ts';
import { openSession } from '../../services/adapters/onnx/provider.ts';
import { type NamedStepNetwork, stepNetwork } from '../../services/adapters/onnx/step-network.ts';
import { withSpare } from '../../services/adapters/onnx/with-spare.ts';
import type { ProviderNotice } from '../../services/ports/inference.ts';
import { initialWeights } from '../../stream-models/network/initial-weights.ts';
import { stepGraph } from '../../stream-models/network/step-graph.ts';

const NETWORK = { features: 16, encoder: 24, hidden: 24, classes: ['calm', 'wild', 'odd'] };

const question = (rows: number) => ({
  x: { rows, width: NETWORK.features, values: new Float32Array(rows * NETWORK.features).fill(0.4) },
  state: { rows, width: NETWORK.hidden, values: new Float32Array(rows * NETWORK.hidden).fill(0.2) },
});
const ask = (network: NamedStepNetwork, rows = 3) => {
  const { x, state } = question(rows);
  return network.step(x, state)();
};
const isAlive = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

describe('a device in a process of its own', () => {
  let folder: string;
  let model: string;
  let device: Device;
  let look: (times: number) => void;
  let onCpu: NamedStepNetwork;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'vigil-device-'));
    model = join(folder, 'step.onnx');
    await writeFile(model, stepGraph(NETWORK, initialWeights(NETWORK, 3)));
    const file = await readModelFile(model);
    onCpu = stepNetwork(file, await openSession(file.bytes, 'cpu'), 'cpu', [8]);
  });
  afterAll(() => rm(folder, { recursive: true }));
  beforeEach(() => {
    device = openDevice('cpu', (once) => {
      look = (times) => {
        for (let i = 0; i < times; i++) once();
      };
      return () => undefined;
    });
  });
  afterEach(() => device.close());

  it('answers what the same network answers here, and says of it what its file says', async () => {
    const network = await device.load(model);
    expect(await ask(network)).toEqual(await ask(onCpu));
    const { step: _, ...told } = onCpu;
    expect(network).toMatchObject(told);
  });

  it('that stands still is left for the CPU after four seconds: all that was asked is answered, and it is told', async () => {
    const lost: ProviderNotice[] = [];
    const onDevice = { ...(await device.load(model)), provider: 'cuda' as const };
    const network = withSpare(onDevice, onCpu, (notice) => lost.push(notice));
    const before = await ask(network);
    process.kill(device.pid!, 'SIGSTOP');
    const waiting = [ask(network), ask(network)];
    look(STEP_LOOKS - 1);
    expect(lost).toEqual([]);
    look(1);
    expect(await Promise.all(waiting)).toEqual([before, before]);
    expect(await ask(network)).toEqual(before);
    expect(lost).toEqual([{ wished: 'cuda', used: 'cpu', why: 'cpu has not answered for 4 s' }]);
    await device.close();
    expect(isAlive(device.pid!)).toBe(false); // no late answer can come
  });

  it('that is slow and honest keeps its place: every answer begins the time anew, and nothing asked takes none', async () => {
    const network = await device.load(model);
    for (let round = 0; round < 3; round++) {
      const answer = ask(network);
      look(STEP_LOOKS - 1);
      expect(E.isRight(await answer)).toBe(true);
      look(2 * STEP_LOOKS);
    }
  });

  it('has a minute to load a network, and one that stands still then is refused with a sentence', async () => {
    process.kill(device.pid!, 'SIGSTOP');
    const loading = device.load(model).catch(({ message }: Error) => message);
    look(LOAD_LOOKS);
    expect(await loading).toBe('cpu has not answered for 60 s');
    expect(await device.load(model).catch(({ message }: Error) => message)).toBe('cpu has not answered for 60 s');
  });

  it('that crashes takes nobody along: what was asked is answered as failed at once, also what is asked later', async () => {
    const network = await device.load(model);
    process.kill(device.pid!, 'SIGSTOP');
    const waiting = ask(network);
    process.kill(device.pid!, 'SIGKILL');
    const sentence = 'the process of cpu ended by itself (SIGKILL)';
    expect(await waiting).toEqual(E.left({ tag: 'ModelFailed', sentence }));
    expect(await ask(network)).toEqual(E.left({ tag: 'ModelFailed', sentence }));
  });

  it('refuses a file that is no network with the sentence of whoever read it', async () => {
    await expect(device.load(join(folder, 'missing.onnx'))).rejects.toThrow('no model at');
  });

  it('says of numbers that are none in which rows they are', async () => {
    const network = await device.load(model);
    const { x, state } = question(2);
    x.values[NETWORK.features] = Number.NaN;
    const answer = await network.step(x, state)();
    expect(E.isLeft(answer) && [answer.left.tag, answer.left.cause]).toEqual(['NotFinite', { rows: [1] }]);
  });
});
