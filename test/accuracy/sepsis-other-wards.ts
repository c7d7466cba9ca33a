/**
 * Goal: how the network of deterioration does where things are measured otherwise, before anybody sees another hospital.
 * Method: half of the stays of hospital A name no unit (Unit1, Unit2 empty). Fit on four fifths of those that do, calibrate and choose the
 * threshold on the last fifth, judge on the stays without a unit; beside it the same fifth-for-fifth inside the named units.
 *
 *   node --disable-warning=ExperimentalWarning test/accuracy/sepsis-other-wards.ts cinc2019-a.csv [epochs] [members]
 */
import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readStays, type Stay } from '../../services/stays/read-stays.ts';
import {
  decided,
  decisionBy,
  fitMembers,
  risksOf,
  type StayPlan,
} from '../../services/train/deterioration/stay-folds.ts';
import { DETERIORATION_TRAINING, deteriorationPlan } from '../../services/train/deterioration/train-deterioration.ts';
import { sepsisFigures } from '../../stream-models/evaluation/sepsis-figures.ts';

const [csv, epochs, members] = process.argv.slice(2);
if (csv === undefined) throw new Error('Name the file of stays: test/accuracy/sepsis-other-wards.ts cinc2019-a.csv');

const withUnit = (): ReadonlySet<string> => {
  const [header, ...lines] = readFileSync(csv, 'utf8').split('\n');
  const columns = header!.split(',');
  const [id, unit] = [columns.indexOf('PatientID'), columns.indexOf('Unit1')];
  const named = new Set<string>();
  for (const line of lines) {
    const cells = line.split(',');
    if (cells.length > unit && cells[unit] !== '') named.add(cells[id]!);
  }
  return named;
};

const stays: Stay[] = [];
for await (const stay of readStays(csv)) stays.push(stay);
const named = withUnit();
const inside = stays.filter(({ patientId }) => named.has(patientId));
const outside = stays.filter(({ patientId }) => !named.has(patientId));
const training = inside.filter((_, i) => i % 5 !== 0);
const chosenBy = inside.filter((_, i) => i % 5 === 0);

const out = await mkdtemp(join(tmpdir(), 'vigil-wards-'));
const plan: StayPlan = await deteriorationPlan({
  seed: 1,
  epochs: Number(epochs ?? DETERIORATION_TRAINING.epochs),
  members: Number(members ?? DETERIORATION_TRAINING.members),
  out,
  settings: 'other wards',
  resume: false,
  signal: undefined,
  onEpoch: (note) => console.error(note),
});
const { joined } = await fitMembers(plan, 'other wards', plan.seed, training);
await plan.trainer.close();
const held = { stays: chosenBy, risks: await risksOf(joined, chosenBy) };
const decision = decisionBy([held]);
for (const [name, some] of [
  ['the fifth that chose the threshold (flattering)', held],
  ['stays without a unit', { stays: outside, risks: await risksOf(joined, outside) }],
] as const) {
  const figures = sepsisFigures(decided(some, decision), { areProbabilities: true, resamples: 200 });
  const shown = ({ value, low, high }: { value: number; low: number; high: number }) =>
    `${value.toFixed(3)} [${low.toFixed(3)}, ${high.toFixed(3)}]`;
  console.log(
    `${name}: ${figures.stays} stays, ${figures.septicStays} septic; utility ${shown(figures.utility)}, AUROC ${shown(figures.auroc)}, ECE ${figures.calibration!.expectedCalibrationError.toFixed(4)}`,
  );
}
await rm(out, { recursive: true });
