/**
 * Goal: how the network of deterioration does on a ward that it never saw, before anybody sees another hospital, and what that costs.
 * Method: hospital A has three kinds of stays: those of two named units (Unit1, Unit2) and those that name none. One kind after the other is
 * left out: fit on four fifths of the other two, calibrate and choose the threshold on the last fifth, judge on the one left out. Beside it
 * the same stays by the folds of `vigil train deterioration` (its --out folder), whose networks knew other stays of the same ward.
 *
 *   node --disable-warning=ExperimentalWarning test/accuracy/sepsis-other-wards.ts cinc2019-a.csv FOLDS OUT [members] [OTHER]
 *
 * OUT keeps checkpoints: a run that was stopped goes on. Folds of other data or settings are not noticed: name those of this network.
 * OTHER: the OUT of another network (by another commit: its input may differ), which is compared stay by stay.
 */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { deserialize, serialize } from 'node:v8';
import { readStays, type Stay } from '../../services/stays/read-stays.ts';
import {
  decided,
  decisionBy,
  fitStays,
  type HeldOutFold,
  risksOf,
} from '../../services/train/deterioration/stay-folds.ts';
import { DETERIORATION_TRAINING, deteriorationPlan } from '../../services/train/deterioration/train-deterioration.ts';
import { bootstrap, type Interval } from '../../stream-models/evaluation/bootstrap.ts';
import { type JudgedStay, sepsisFigures } from '../../stream-models/evaluation/sepsis-figures.ts';
import { normalisedUtility, type StayUtility, stayUtility } from '../../stream-models/evaluation/sepsis-utility.ts';
import { foldsIn, foldsJudged } from './stay-folds-kept.ts';

const [csv, folds, out, members, other] = process.argv.slice(2);
if (csv === undefined || folds === undefined || out === undefined)
  throw new Error('Name the file of stays, the folds and a folder: sepsis-other-wards.ts cinc2019-a.csv FOLDS OUT');

type Ward = NonNullable<Stay['unit']>;
const WARDS: readonly Ward[] = ['Unit1', 'Unit2', 'none named'];

const shown = ({ value, low, high }: Interval, digits = 3): string =>
  `${value.toFixed(digits)} [${low.toFixed(digits)}, ${high.toFixed(digits)}]`;

const say = (name: string, stays: readonly JudgedStay[]): void => {
  const figures = sepsisFigures(stays, { areProbabilities: true, resamples: 200 });
  const { septicStays, utility, auroc, calibration, alarms } = figures;
  const { table, expectedCalibrationError } = calibration!;
  const [said, came] = (['said', 'came'] as const).map(
    (which) =>
      table.reduce((sum, row) => sum + row.cases * row[which], 0) / table.reduce((sum, { cases }) => sum + cases, 0),
  );
  console.log(
    `${name}: ${stays.length} stays, ${septicStays} septic; utility ${shown(utility)}, AUROC ${shown(auroc)}, ECE ${expectedCalibrationError.toFixed(4)}, said ${(100 * said!).toFixed(1)} %, came ${(100 * came!).toFixed(1)} %, ${alarms.alarmHoursPerDay.toFixed(1)} h in alarm a day`,
  );
};

const utilitiesOf = (stays: readonly JudgedStay[]): readonly StayUtility[] =>
  stays.map(({ labels, alarms }) => stayUtility(labels, alarms));

/** How much more utility `a` has than `b`: the same stays, drawn together. */
const sayMore = (name: string, a: readonly StayUtility[], b: readonly StayUtility[]): void => {
  const { more } = bootstrap({ patients: a.length, resamples: 1000, seed: 1, level: 0.95 }, (drawn) => ({
    more: normalisedUtility(a, drawn) - normalisedUtility(b, drawn),
  }));
  console.log(`  ${name}: utility ${shown(more)}`);
};

/** What is kept of a ward: utilities by stay, and what the network said of the fifth that decided and of the ward. */
interface KeptWard {
  readonly utilities: readonly StayUtility[];
  readonly chosenBy: ReturnType<typeof saidOf>;
  readonly outside: ReturnType<typeof saidOf>;
}
const saidOf = ({ stays: asked, risks }: HeldOutFold) => asked.map(({ labels }, i) => ({ labels, risks: risks[i]! }));
type KeptWards = Readonly<Record<Ward, KeptWard>>;

const stays: Stay[] = [];
for await (const stay of readStays(csv)) stays.push(stay);
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
const kept = new Map<Ward, KeptWard>();
const everyStrange: JudgedStay[] = [];
const everyKnown: JudgedStay[] = [];
for (const [number, ward] of WARDS.entries()) {
  const inside = stays.filter(({ unit }) => unit !== ward);
  const outside = stays.filter(({ unit }) => unit === ward);
  const chosenBy = inside.filter((_, i) => i % 5 === 0);
  const training = inside.filter((_, i) => i % 5 !== 0);
  const { joined } = await fitStays(plan, `without ${ward}`, plan.seed + number, training);
  const choosing = { stays: chosenBy, risks: await risksOf(joined, chosenBy) };
  const asked = { stays: outside, risks: await risksOf(joined, outside) };
  const decision = decisionBy([choosing]);
  const strange = decided(asked, decision);
  kept.set(ward, { utilities: utilitiesOf(strange), chosenBy: saidOf(choosing), outside: saidOf(asked) });
  const same = outside.map(({ patientId }) => known.get(patientId)!);
  say(`${ward}, a ward never seen`, strange);
  say(`${ward}, other stays of it seen`, same);
  sayMore('price of the strange ward', utilitiesOf(same), utilitiesOf(strange));
  everyStrange.push(...strange);
  everyKnown.push(...same);
}
await plan.trainer.close();
say('all three, wards never seen', everyStrange);
say('all three, other stays seen', everyKnown);
sayMore('price of the strange ward', utilitiesOf(everyKnown), utilitiesOf(everyStrange));
const here = Object.fromEntries(kept) as KeptWards;
await writeFile(join(out, 'wards.v8'), serialize(here));
if (other !== undefined) {
  const there = deserialize(await readFile(join(other, 'wards.v8'))) as KeptWards;
  for (const ward of WARDS) sayMore(`${ward}: more than the other`, here[ward].utilities, there[ward].utilities);
  const all = (wards: KeptWards) => WARDS.flatMap((ward) => wards[ward].utilities);
  sayMore('all three: more than the other', all(here), all(there));
}
