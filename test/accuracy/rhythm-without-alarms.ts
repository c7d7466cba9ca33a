/**
 * Fits the network of rhythm four times more, each time without a quarter of the alarms of bedside monitors that teach it, so that Vigil's own
 * red alarms can be counted in patients that no network heard (`own-red.ts`):
 *
 *   node test/accuracy/rhythm-without-alarms.ts OUT --data DIR [--seed N]
 *
 * OUT: the folder of `vigil train rhythm` with the same data and seed, and the usual numbers of everything else. What was heard is taken up,
 * and the calibration is that of the folds there. Alarms are parted as in `beats-without-strangers.ts`.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { openOrtInference } from '../../services/adapters/onnx/ort-inference.ts';
import { BEAT_MODEL } from '../../services/composition/open-adapters.ts';
import { recordingFolders } from '../../services/train/recording-folders.ts';
import { rhythmData } from '../../services/train/rhythm/rhythm-data.ts';
import {
  fitRhythmWithAlarms,
  openRhythmTrainer,
  RHYTHM_MEMBER,
  RHYTHM_RATE,
  type RhythmPlan,
} from '../../services/train/rhythm/rhythm-fit.ts';
import { RHYTHM_TRAINING, rhythmSettings } from '../../services/train/rhythm/train-rhythm.ts';
import type { Scaling } from '../../stream-models/evaluation/scaling.ts';
import { rescaled } from '../../stream-models/network/joined.ts';
import { stepGraph } from '../../stream-models/network/step-graph.ts';
import { inQuarter, networkWithout, QUARTERS } from './stranger-quarters.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { data: { type: 'string' }, seed: { type: 'string', default: '1' } },
});
const [out] = positionals;
const { data: folder } = values;
if (!out || !folder) {
  process.stderr.write('usage: rhythm-without-alarms.ts OUT --data DIR [--seed N]\n');
  process.exit(2);
}
const print = (line: string) => process.stdout.write(`${line}\n`);

const seed = Number(values.seed);
const { copies, members, epochs } = RHYTHM_TRAINING;
const inference = openOrtInference({ providers: ['cpu'] });
const { network: beats } = await inference.load(BEAT_MODEL);
const heard = join(out, 'heard.checkpoint');
const data = await rhythmData(folder, { beats, seed, copies, heard, resume: true });
const { scaling } = (JSON.parse(readFileSync(join(out, 'figures.json'), 'utf8')) as { model: { scaling: Scaling } })
  .model;
const settings = rhythmSettings(data, beats.id, { seed, ...RHYTHM_TRAINING });
const trainer = await openRhythmTrainer();
const plan: RhythmPlan = {
  ...{ network: RHYTHM_MEMBER, rate: RHYTHM_RATE, trainer, members, seed, epochs, out, settings },
  ...{ resume: true, signal: undefined, onEpoch: print },
};
const names = (await recordingFolders(folder)).flatMap((each) => (each.kind === 'alarmed' ? each.names : []));
for (const quarter of QUARTERS) {
  const unheard = new Set(inQuarter(names, quarter));
  const others = data.alarmed.filter(({ sequence }) => !unheard.has(sequence.record));
  const label = `final fit without quarter ${quarter + 1}`;
  const { joined } = await fitRhythmWithAlarms(plan, label, seed, data.sequences, others);
  const { network, weights } = rescaled(joined, scaling);
  const trained = `${settings}, ${label}`;
  writeFileSync(networkWithout(out, quarter), stepGraph(network, weights, { name: 'rhythm', trained }));
}
await trainer.close();
await inference.close();
