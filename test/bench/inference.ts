/**
 * npm run bench:inference -- [--providers cpu,cuda,webgpu] [--rows 8,32,128,1024,8192] [--steps 200] [--soak SECONDS]
 *
 * Each network that ships, on each provider: whether it truly runs there, which row sizes agree bit for bit, how far its
 * answers lie from the CPU's after many steps with the state carried on, and what a call costs. Whether a GPU is worth having
 * is read off this table: a call on it pays for the way there and back, whatever its size.
 */
import { spawnSync } from 'node:child_process';
import { availableParallelism, cpus } from 'node:os';
import { parseArgs } from 'node:util';
import * as E from 'fp-ts/lib/Either.js';
import { furthestApart, saidToThrown } from '../../services/adapters/onnx/as-the-cpu.ts';
import { type ModelFile, readModelFile } from '../../services/adapters/onnx/model-file.ts';
import { openSession } from '../../services/adapters/onnx/provider.ts';
import { agreeingSizes, type NamedStepNetwork, stepNetwork } from '../../services/adapters/onnx/step-network.ts';
import { forbidTf32 } from '../../services/adapters/onnx/tf32.ts';
import { ARTEFACT_MODEL, BEAT_MODEL, RHYTHM_MODEL } from '../../services/composition/open-adapters.ts';
import type { Provider, Tensor } from '../../services/ports/inference.ts';
import { DETERIORATION_MODEL } from '../../services/stays/deterioration-model.ts';
import { diceFrom } from '../../stream-models/dice.ts';

const { values } = parseArgs({
  options: {
    providers: { type: 'string', default: 'cpu,cuda,webgpu' },
    rows: { type: 'string', default: '8,32,128,1024,8192' },
    steps: { type: 'string', default: '200' },
    soak: { type: 'string', default: '0' },
  },
});
const providers = values.providers.split(',') as Provider[];
const sizes = values.rows.split(',').map(Number);
const [steps, soakS] = [Number(values.steps), Number(values.soak)];
const WARM_UP_CALLS = 20;
const MOST_CALLS = 1_000;
/** A size is measured for this long, or for so many calls. */
const SIZE_MS = 1_500;
const COMPARED_ROWS = 128;

const random = (rows: number, width: number, dice: { readonly unit: () => number }): Tensor => ({
  rows,
  width,
  values: Float32Array.from({ length: rows * width }, () => 4 * dice.unit() - 2),
});
const step = async (network: NamedStepNetwork, x: Tensor, state: Tensor) => {
  const answer = await network.step(x, state)();
  if (E.isLeft(answer)) throw new Error(answer.left.sentence);
  return answer.right;
};
const largest = (y: Float32Array, row: number, classes: number): number => {
  const own = y.subarray(row * classes, (row + 1) * classes);
  return own.indexOf(Math.max(...own));
};
/** In how many of all answers another class is the likeliest. */
const otherWords = (a: readonly Float32Array[], b: readonly Float32Array[], classes: number): number => {
  let others = 0;
  for (const [t, y] of a.entries())
    for (let row = 0; row < y.length / classes; row++)
      if (largest(y, row, classes) !== largest(b[t]!, row, classes)) others++;
  return others;
};
const p = (sorted: readonly number[], share: number): number =>
  sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))]!;
const timed = async (network: NamedStepNetwork, rows: number) => {
  const dice = diceFrom(2);
  const [x, state] = [random(rows, network.features, dice), random(rows, network.hidden, dice)];
  for (let i = 0; i < WARM_UP_CALLS; i++) await step(network, x, state);
  const us: number[] = [];
  const cpuBefore = process.cpuUsage();
  const until = performance.now() + SIZE_MS;
  while (us.length < MOST_CALLS && performance.now() < until) {
    const began = performance.now();
    await step(network, x, state);
    us.push((performance.now() - began) * 1e3);
  }
  const { user, system } = process.cpuUsage(cpuBefore);
  us.sort((a, b) => a - b);
  return { p50: p(us, 0.5), p99: p(us, 0.99), cpuUs: (user + system) / us.length };
};

/** Memory of this process and, where `nvidia-smi` is there, of the GPU, MiB. */
const memory = (): string => {
  const { stdout } = spawnSync('nvidia-smi', ['--query-gpu=memory.used', '--format=csv,noheader'], {
    encoding: 'utf8',
  });
  return `process ${Math.round(process.memoryUsage.rss() / 2 ** 20)} MiB, GPU ${stdout?.trim() || 'not told'}`;
};
/** Calls of any number of rows for `--soak` seconds: what a provider keeps of each size shows as memory that grows. */
const soak = async (network: NamedStepNetwork): Promise<void> => {
  if (soakS === 0) return;
  const dice = diceFrom(3);
  const told: string[] = [];
  for (const part of [0.25, 1]) {
    const until = performance.now() + (part === 1 ? 0.75 : 0.25) * soakS * 1e3;
    while (performance.now() < until) {
      const rows = 1 + Math.floor(2_000 * dice.unit());
      const zeros = (width: number): Tensor => ({ rows, width, values: new Float32Array(rows * width) });
      await step(network, zeros(network.features), zeros(network.hidden));
    }
    told.push(`after ${(part * soakS).toFixed(0)} s ${memory()}`);
  }
  console.log(`    calls of 1 to 2,000 rows: ${told.join('; ')}`);
};
/** A network that was asked for on a device, or why it is not to be had there. */
const onDevice = async (file: ModelFile, provider: Provider) => {
  try {
    return { session: await openSession(file.bytes, provider) };
  } catch (cause) {
    return { why: cause instanceof Error ? cause.message : String(cause) };
  }
};

forbidTf32();
console.log(`machine  ${availableParallelism()} x ${cpus()[0]?.model ?? 'unknown'}, Node ${process.versions.node}`);
for (const model of [BEAT_MODEL, ARTEFACT_MODEL, RHYTHM_MODEL, DETERIORATION_MODEL]) {
  const file = await readModelFile(model);
  const cpuSession = await openSession(file.bytes, 'cpu');
  const onCpu = await saidToThrown(stepNetwork(file, cpuSession, 'cpu', [COMPARED_ROWS]), steps);
  console.log(`\n${file.id}: ${file.features} inputs, state ${file.hidden}, ${file.classNames.length} classes`);
  for (const provider of providers) {
    const { session, why } = await onDevice(file, provider);
    if (session === undefined) {
      console.log(`  ${provider.padEnd(7)} not available: ${why}`);
      continue;
    }
    const agreeing = await agreeingSizes(file, session, provider);
    const said = await saidToThrown(stepNetwork(file, session, provider, [COMPARED_ROWS]), steps);
    const others = otherWords(onCpu, said, file.classNames.length);
    console.log(
      `  ${provider.padEnd(7)} sizes that agree: ${agreeing.join(', ')}; after ${steps} steps at most ${furthestApart(onCpu, said).toExponential(1)} from the CPU, another word in ${others} of ${steps * COMPARED_ROWS}`,
    );
    for (const rows of sizes) {
      const { p50, p99, cpuUs } = await timed(stepNetwork(file, session, provider, [rows]), rows);
      console.log(
        `    ${String(rows).padStart(6)} rows  p50 ${p50.toFixed(0)} us, p99 ${p99.toFixed(0)} us, ${(p50 / rows).toFixed(3)} us a row; CPU ${cpuUs.toFixed(0)} us a call`,
      );
    }
    await soak(stepNetwork(file, session, provider, agreeing));
    await session.release();
  }
  await cpuSession.release();
}
process.exit(0);
