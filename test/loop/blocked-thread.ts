/** A thread for the tests: says in which life it is, and at a message blocks its loop for ever, or dies. */
import { parentPort, workerData } from 'node:worker_threads';
import type { KeptData } from '../../services/composition/keep-thread.ts';
import { startBeating } from '../../services/loop/beat.ts';

const { data, beat } = workerData as KeptData<{ readonly lives: Int32Array<SharedArrayBuffer> }>;
startBeating(beat);
const life = Atomics.add(data.lives, 0, 1) + 1;
parentPort?.on('message', (what: string) => {
  if (what === 'block') for (;;);
  if (what === 'die') throw new Error('told to die');
  if (what === 'stop') parentPort?.close();
  else parentPort?.postMessage(`life ${life}`);
});
parentPort?.postMessage('started');
