/**
 * Fits the network of beats four times more, each time without a quarter of the strangers that teach it, so that a stranger's
 * alarm can be judged by a network that never heard it (`fit-alarm-truth.ts --beats OUT`):
 *
 *   node test/accuracy/beats-without-strangers.ts OUT --data DIR --noise DIR --further DIR --strangers DIR [--seed N]
 *
 * OUT: the folder of `vigil train beats` with the same options. Its teachers, who hear no stranger, are taken up; the usual numbers
 * of epochs, folds, copies and networks.
 */
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { recordNames } from '../../services/recordings/wfdb/record.ts';
import { BEAT_NETWORK, openBeatTrainer } from '../../services/train/beats/beat-network.ts';
import { beatSettings, hearPatients } from '../../services/train/beats/beat-patients.ts';
import { type FitPlan, fitTaught, fitTeachers } from '../../services/train/beats/cross-validate.ts';
import { membersOf } from '../../services/train/beats/members.ts';
import { TRAINING_USUAL } from '../../services/train/beats/train-beats.ts';
import { stepGraph } from '../../stream-models/network/step-graph.ts';
import { inQuarter, networkWithout, QUARTERS } from './stranger-quarters.ts';

const folder = { type: 'string' } as const;
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { data: folder, noise: folder, further: folder, strangers: folder, seed: { type: 'string', default: '1' } },
});
const [out] = positionals;
const { data, noise, further, strangers } = values;
if (!out || !data || !noise || !further || !strangers) {
  process.stderr.write(
    'usage: beats-without-strangers.ts OUT --data DIR --noise DIR --further DIR --strangers DIR [--seed N]\n',
  );
  process.exit(2);
}
const print = (line: string) => process.stdout.write(`${line}\n`);

const seed = Number(values.seed);
const members = membersOf(TRAINING_USUAL.members);
const { copies } = TRAINING_USUAL;
const patients = await hearPatients({ data, noise, further, strangers, seed, copies, members }, print);
const settings = beatSettings(patients, members, { seed, ...TRAINING_USUAL });
const trainer = await openBeatTrainer();
const plan: FitPlan = {
  ...{ network: BEAT_NETWORK, members, trainer, seed, epochs: TRAINING_USUAL.epochs, out, settings, resume: true },
  ...{ further: patients.further, strangers: patients.strangers, signal: undefined, onEpoch: print, onFit: () => {} },
};
const teachers = await fitTeachers(plan, 'final fit', seed, patients.records);
const names = await recordNames(strangers);
for (const quarter of QUARTERS) {
  const unheard = new Set(inQuarter(names, quarter));
  const heard = { ...plan, strangers: patients.strangers.filter(({ name }) => !unheard.has(name)) };
  const label = `final fit without quarter ${quarter + 1}`;
  const { network, weights } = await fitTaught(heard, label, seed, patients.records, teachers);
  writeFileSync(
    networkWithout(out, quarter),
    stepGraph(network, weights, { name: 'beats', trained: `${settings}, ${label}` }),
  );
}
await trainer.close();
