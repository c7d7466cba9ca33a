/**
 * Goal: how the network of deterioration does on a ward that it never saw, before anybody sees another hospital, and what that costs.
 * Method: hospital A has three kinds of stays: those of two named units (Unit1, Unit2) and those that name none. One kind after the other is
 * left out: fit on four fifths of the other two, calibrate and choose the threshold on the last fifth, judge on the one left out. Beside it
 * the same stays by the folds of `vigil train deterioration` (its --out folder), whose networks knew other stays of the same ward.
 *
 *   node --disable-warning=ExperimentalWarning test/accuracy/sepsis-other-wards.ts cinc2019-a.csv FOLDS OUT [members]
 *
 * OUT keeps checkpoints: a run that was stopped goes on. Folds of other data or settings are not noticed: name those of this network.
 */
import { readFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { readStays, type Stay } from '../../services/stays/read-stays.ts';
import { decided, decisionBy, fitStays, risksOf } from '../../services/train/deterioration/stay-folds.ts';
import { DETERIORATION_TRAINING, deteriorationPlan } from '../../services/train/deterioration/train-deterioration.ts';
import { bootstrap, type Interval } from '../../stream-models/evaluation/bootstrap.ts';
import { type JudgedStay, sepsisFigures } from '../../stream-models/evaluation/sepsis-figures.ts';
import { normalisedUtility, stayUtility } from '../../stream-models/evaluation/sepsis-utility.ts';
import { foldsIn, foldsJudged } from './stay-folds-kept.ts';

const [csv, folds, out, members] = process.argv.slice(2);
if (csv === undefined || folds === undefined || out === undefined)
  throw new Error('Name the file of stays, the folds and a folder: sepsis-other-wards.ts cinc2019-a.csv FOLDS OUT');

type Ward = 'Unit1' | 'Unit2' | 'no unit named';
const WARDS: readonly Ward[] = ['Unit1', 'Unit2', 'no unit named'];

const wardsIn = (path: string): ReadonlyMap<string, Ward> => {
  const [header, ...lines] = readFileSync(path, 'utf8').split('\n');
  const columns = header!.trim().split(',');
  const [id, first] = [columns.indexOf('PatientID'), columns.indexOf('Unit1')];
  const found = new Map<string, Ward>();
  for (const line of lines) {
    const cells = line.split(',');
    if (cells.length > first)
      found.set(cells[id]!, cells[first] === '' ? WARDS[2]! : WARDS[cells[first] === '1' ? 0 : 1]!);
  }
  return found;
};

const shown = ({ value, low, high }: Interval, digits = 3): string =>
  `${value.toFixed(digits)} [${low.toFixed(digits)}, ${high.toFixed(digits)}]`;

const say = (name: string, stays: readonly JudgedStay[]): void => {
  const { septicStays, utility, auroc, calibration } = sepsisFigures(stays, { areProbabilities: true, resamples: 200 });
  const error = calibration!.expectedCalibrationError.toFixed(4);
  console.log(
    `${name}: ${stays.length} stays, ${septicStays} septic; utility ${shown(utility)}, AUROC ${shown(auroc)}, ECE ${error}`,
  );
};

/** The price in utility: the same stays, drawn together. */
const sayPrice = (strange: readonly JudgedStay[], known: readonly JudgedStay[]): void => {
  const [a, b] = [strange, known].map((stays) => stays.map(({ labels, alarms }) => stayUtility(labels, alarms)));
  const { price } = bootstrap({ patients: strange.length, resamples: 1000, seed: 1, level: 0.95 }, (drawn) => ({
    price: normalisedUtility(b!, drawn) - normalisedUtility(a!, drawn),
  }));
  console.log(`  price of the strange ward: utility ${shown(price)}`);
};

const stays: Stay[] = [];
for await (const stay of readStays(csv)) stays.push(stay);
const wardOf = wardsIn(csv);
const known = new Map(
  (await foldsJudged(await foldsIn(folds), stays)).map((judged, i) => [stays[i]!.patientId, judged]),
);

await mkdir(out, { recursive: true });
const plan = await deteriorationPlan({
  seed: 1,
  epochs: DETERIORATION_TRAINING.epochs,
  members: Number(members ?? DETERIORATION_TRAINING.members),
  out,
  settings: 'other wards',
  resume: true,
  signal: undefined,
  onEpoch: (note) => console.error(note),
});
const everyStrange: JudgedStay[] = [];
const everyKnown: JudgedStay[] = [];
for (const [number, ward] of WARDS.entries()) {
  const inside = stays.filter(({ patientId }) => wardOf.get(patientId) !== ward);
  const outside = stays.filter(({ patientId }) => wardOf.get(patientId) === ward);
  const chosenBy = inside.filter((_, i) => i % 5 === 0);
  const training = inside.filter((_, i) => i % 5 !== 0);
  const { joined } = await fitStays(plan, `without ${ward}`, plan.seed + number, training);
  const decision = decisionBy([{ stays: chosenBy, risks: await risksOf(joined, chosenBy) }]);
  const strange = decided({ stays: outside, risks: await risksOf(joined, outside) }, decision);
  const same = outside.map(({ patientId }) => known.get(patientId)!);
  say(`${ward}, a ward never seen`, strange);
  say(`${ward}, other stays of it seen`, same);
  sayPrice(strange, same);
  everyStrange.push(...strange);
  everyKnown.push(...same);
}
await plan.trainer.close();
say('all three, wards never seen', everyStrange);
say('all three, other stays seen', everyKnown);
sayPrice(everyStrange, everyKnown);
