/**
 * Goal: what the network of deterioration leans on that another hospital would not have. Method: the held-out stays of every fold, charted as
 * other hospitals might have charted them (other-hospitals.ts), asked of the fold's network; calibration and threshold by the other folds
 * as they were charted here. Only charting changes, patients and labels do not: a bound from below for what a real hospital costs.
 *
 *   node --disable-warning=ExperimentalWarning test/accuracy/sepsis-other-hospitals.ts cinc2019-a.csv FOLDS [every nth stay]
 *
 * FOLDS: the folder of `vigil train deterioration`.
 */
import { readStays, type Stay } from '../../services/stays/read-stays.ts';
import { decided, decisionBy } from '../../services/train/deterioration/stay-folds.ts';
import { diceFrom } from '../../stream-models/dice.ts';
import { bootstrap } from '../../stream-models/evaluation/bootstrap.ts';
import { type JudgedStay, sepsisFigures } from '../../stream-models/evaluation/sepsis-figures.ts';
import { normalisedUtility, stayUtility } from '../../stream-models/evaluation/sepsis-utility.ts';
import { type Habit, OTHER_HOSPITALS } from './other-hospitals.ts';
import { foldsAsked, foldsIn } from './stay-folds-kept.ts';

const [csv, folder, every = '1'] = process.argv.slice(2);
if (csv === undefined || folder === undefined)
  throw new Error('Name the file of stays and the folds: sepsis-other-hospitals.ts cinc2019-a.csv FOLDS');

const networks = await foldsIn(folder);
const stays: Stay[] = [];
let read = 0;
// Of every fold the same share.
for await (const stay of readStays(csv))
  if (Math.floor(read++ / networks.length) % Number(every) === 0) stays.push(stay);

const ask = (habit: Habit) => {
  const dice = networks.map((_, fold) => diceFrom(5 + fold));
  return foldsAsked(networks, stays, (rows, fold) => habit(rows, dice[fold]!));
};
const here = await ask((rows) => rows);
const decisions = here.map((_, fold) => decisionBy(here.filter((_other, other) => other !== fold)));
const utilities = (judged: readonly JudgedStay[]) => judged.map(({ labels, alarms }) => stayUtility(labels, alarms));

const asHere = utilities(here.flatMap((fold, number) => decided(fold, decisions[number]!)));
for (const [name, habit] of OTHER_HOSPITALS) {
  const judged = (await ask(habit)).flatMap((fold, number) => decided(fold, decisions[number]!));
  const { utility, auroc, calibration, alarms } = sepsisFigures(judged, { areProbabilities: true, resamples: 0 });
  const there = utilities(judged);
  const { change } = bootstrap({ patients: judged.length, resamples: 1000, seed: 1, level: 0.95 }, (drawn) => ({
    change: normalisedUtility(there, drawn) - normalisedUtility(asHere, drawn),
  }));
  const shown = [change.value, change.low, change.high].map((value) => value.toFixed(3));
  console.log(
    `${name}: utility ${utility.value.toFixed(3)} (${shown[0]} [${shown[1]}, ${shown[2]}]), AUROC ${auroc.value.toFixed(3)}, ECE ${calibration!.expectedCalibrationError.toFixed(4)}, ${alarms.alarmHoursPerDay.toFixed(1)} h in alarm a day`,
  );
}
