/**
 * npm run bench:analysis -- [--beds N] [--seconds S] [--batch B]
 *
 * The analysis stage alone, as fast as it goes: simulated beds, frames of 250 ms, batches of B records in the order in which a
 * gateway would log them, the shipped networks, a checkpoint of each bed every ten seconds. Nothing is read or written. CPU is the
 * process's own (all its threads), so a pause of the machine does not count.
 */
import { createHash } from 'node:crypto';
import { parseArgs } from 'node:util';
import { encodeTelemetry } from '../../schemas/telemetry.ts';
import { moment } from '../../schemas/units.ts';
import { openOrtInference } from '../../services/adapters/onnx/ort-inference.ts';
import { loadShipped } from '../../services/composition/open-adapters.ts';
import type { LogRecord } from '../../services/ports/event-log.ts';
import { bedCheckpoint } from '../../services/runtime/checkpoints.ts';
import { analysisStage } from '../../services/stages/analysis.ts';
import { presets } from '../../stream-models/presets/presets.ts';
import { bedNames, FRAME_MS, recordTapes } from './load.ts';

const { values } = parseArgs({
  options: {
    beds: { type: 'string', default: '100' },
    seconds: { type: 'string', default: '60' },
    batch: { type: 'string', default: '8' },
  },
});
const [bedCount, lengthS, batchSize] = [Number(values.beds), Number(values.seconds), Number(values.batch)];
const WARM_UP_S = 10;
const CHECKPOINT_FRAMES = 10_000 / FRAME_MS;

const tapes = recordTapes();
const beds = bedNames(bedCount);
const START_US = 1_700_000_000e6;

/** Frame `k` of bed `n` as the log would have it, from a tape that begins anew when it is over. */
const recordOf = (n: number, k: number): LogRecord => {
  const tape = tapes[n % tapes.length]!;
  const taped = tape[k % tape.length]!;
  const endUs = START_US + (k + 1) * FRAME_MS * 1e3;
  const shiftUs = endUs - taped.deviceTimeUs;
  const value = encodeTelemetry({
    ...taped,
    ...{ bed: beds[n]!, source: 'bench', sequence: k + 1, deviceTimeUs: endUs, gatewayTimeUs: endUs },
    numerics: taped.numerics.map((numeric) => ({ ...numeric, atUs: numeric.atUs + shiftUs })),
    waveforms: taped.waveforms.map((wave) => ({ ...wave, startUs: wave.startUs + shiftUs })),
  });
  return {
    ...{ topic: 'vigil.telemetry', partition: 0, offset: BigInt(k * bedCount + n), key: beds[n]!, value },
    appendedAt: moment(endUs),
  };
};

const { network, artefacts, rhythm, risk } = await loadShipped(openOrtInference({ providers: ['cpu'] }));
const stage = analysisStage({ preset: presets.vigil, network, artefacts, rhythm, risk });
const of = { stage: stage.name, version: stage.version, partition: 0 };
const memories = beds.map((bed) => stage.start(bed));

let [outputs, checkpointBytes, checkpoints] = [0, 0, 0];
/** Of everything said: two runs with the same beds and seconds have the same, whatever the batches. */
const digests = beds.map(() => createHash('sha256'));
const spent = { user: 0, system: 0 };
for (let k = 0; k < ((lengthS + WARM_UP_S) * 1e3) / FRAME_MS; k++) {
  const records = beds.map((_, n) => recordOf(n, k));
  const counts = k * FRAME_MS >= WARM_UP_S * 1e3;
  const said: { n: number; values: Uint8Array[] }[] = [];
  const before = process.cpuUsage();
  for (let first = 0; first < bedCount; first += batchSize) {
    const batch = records
      .slice(first, first + batchSize)
      .map((record, i) => ({ bed: record.key, memory: memories[first + i]!, records: [record] }));
    const results = await stage.step(batch);
    for (const [i, result] of results.entries()) {
      memories[first + i] = result.memory;
      said.push({ n: first + i, values: result.outputs.map(({ value }) => value) });
      if (counts) outputs += result.outputs.length;
    }
  }
  for (let n = k % CHECKPOINT_FRAMES; n < bedCount; n += CHECKPOINT_FRAMES) {
    const { value } = bedCheckpoint(of, beds[n]!, 0n, memories[n]!);
    if (counts) [checkpointBytes, checkpoints] = [checkpointBytes + value.length, checkpoints + 1];
  }
  const used = process.cpuUsage(before);
  for (const { n, values: each } of said) for (const value of each) digests[n]!.update(value);
  if (counts) [spent.user, spent.system] = [spent.user + used.user, spent.system + used.system];
}
const per = (us: number): string => (us / (bedCount * lengthS)).toFixed(0);
console.log(`beds, seconds, batch              ${bedCount}, ${lengthS}, ${batchSize}`);
console.log(
  `CPU per bed-second, us            ${per(spent.user + spent.system)} (user ${per(spent.user)}, system ${per(spent.system)})`,
);
console.log(`records out, checkpoint bytes     ${outputs}, ${Math.round(checkpointBytes / Math.max(1, checkpoints))}`);
const whole = createHash('sha256');
for (const digest of digests) whole.update(digest.digest());
console.log(`sha256 of all that was said      ${whole.digest('hex').slice(0, 16)}`);
process.exit(0);
