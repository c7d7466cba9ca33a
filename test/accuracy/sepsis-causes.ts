/**
 * Goal: what a risk is said to lean on is what it leans on. Method: the deletion test on held-out stays: of every stay with an alarm one hour in
 * alarm, drawn; its named cause is the signal that raises the number most, as the bed says it (hidden in that hour alone, hidden-inputs.ts). Then
 * that signal is hidden in every hour of the stay, so that nothing is left of it in what the network remembers, and beside it another signal
 * that is known there, drawn: which lowers the number more? The network is the fold's that never saw the stay; alarms by the other folds' decision.
 *
 *   node --disable-warning=ExperimentalWarning test/accuracy/sepsis-causes.ts cinc2019-a.csv FOLDS [every nth stay]
 *
 * FOLDS: the folder of `vigil train deterioration`.
 */

import { moment } from '../../schemas/units.ts';
import { openGraph } from '../../services/adapters/onnx/graph-session.ts';
import { readStays, type Stay } from '../../services/stays/read-stays.ts';
import { decided, decisionBy } from '../../services/train/deterioration/stay-folds.ts';
import { deteriorationInput } from '../../stream-models/deterioration/deterioration-input.ts';
import { CAUSES, hiddenInputs } from '../../stream-models/deterioration/hidden-inputs.ts';
import { PARAMETERS } from '../../stream-models/deterioration/parameters.ts';
import { causeMessage } from '../../stream-models/deterioration/risk-causes.ts';
import { diceFrom } from '../../stream-models/dice.ts';
import { bootstrap } from '../../stream-models/evaluation/bootstrap.ts';
import { stepGraph } from '../../stream-models/network/step-graph.ts';
import { foldsAsked, foldsIn } from './stay-folds-kept.ts';

const [csv, folder, every = '10'] = process.argv.slice(2);
if (csv === undefined || folder === undefined)
  throw new Error('Name the file of stays and the folds: sepsis-causes.ts cinc2019-a.csv FOLDS');

const networks = await foldsIn(folder);
const stays: Stay[] = [];
let read = 0;
// Of every fold the same share.
for await (const stay of readStays(csv))
  if (Math.floor(read++ / networks.length) % Number(every) === 0) stays.push(stay);
const folds = await foldsAsked(networks, stays);

const NOTHING_NEWEST = new Float64Array(2 * PARAMETERS.length).fill(Number.NaN);
/** Lane 0 hears everything, lane i + 1 never hears cause i. */
const LANES = CAUSES.length + 1;

type AskLanes = (
  xs: readonly Float32Array[],
  states: readonly Float32Array[],
) => Promise<{ readonly risks: readonly number[]; readonly states: readonly Float32Array[] }>;

/** How much the number of an hour has by each cause that is known: hidden in that hour alone, and in every hour up to it. */
const weightsAt = async (ask: AskLanes, hidden: number, rows: Stay['rows'], at: number) => {
  let watched = deteriorationInput.start;
  let states: readonly Float32Array[] = Array.from({ length: LANES }, () => new Float32Array(hidden));
  for (const [hour, row] of rows.slice(0, at + 1).entries()) {
    const [next, [input]] = deteriorationInput.step(watched, row);
    watched = next;
    const without = hiddenInputs(watched, row, NOTHING_NEWEST);
    const xs = new Array<Float32Array>(LANES).fill(input!.x);
    for (const { cause, x } of without) xs[cause + 1] = x;
    const always = await ask(xs, states);
    if (hour === at) {
      const alone = await ask(xs, new Array<Float32Array>(LANES).fill(states[0]!));
      const weight = (risks: readonly number[], cause: number): number => always.risks[0]! - risks[cause + 1]!;
      return without.map(({ cause }) => ({
        cause,
        inHour: weight(alone.risks, cause),
        inStay: weight(always.risks, cause),
      }));
    }
    states = always.states;
  }
  throw new RangeError('the hour is not in the stay');
};

interface Tested {
  readonly cause: number;
  readonly named: number;
  readonly other: number;
  readonly isStrongest: boolean;
}

const dice = diceFrom(7);
const tested: Tested[] = [];
for (const [number, fold] of folds.entries()) {
  const { network, weights } = networks[number]!;
  const graph = await openGraph(stepGraph(network, weights));
  const { features, hidden } = network;
  const ask: AskLanes = async (xs, before) => {
    const x = Float32Array.from(xs.flatMap((each) => [...each]));
    const state = Float32Array.from(before.flatMap((each) => [...each]));
    const { y, next } = await graph.run({
      x: { dimensions: [xs.length, features], values: x },
      state: { dimensions: [xs.length, hidden], values: state },
    });
    return {
      risks: xs.map((_, lane) => y![2 * lane + 1]!),
      states: xs.map((_, lane) => next!.slice(lane * hidden, (lane + 1) * hidden)),
    };
  };
  const judged = decided(fold, decisionBy(folds.filter((other) => other !== fold)));
  for (const [i, { alarms }] of judged.entries()) {
    const hours = Array.from(alarms, (alarm, hour) => (alarm === 1 ? hour : -1)).filter((hour) => hour >= 0);
    if (hours.length === 0) continue;
    const found = await weightsAt(ask, hidden, fold.stays[i]!.rows, hours[dice.below(hours.length)]!);
    const named = found.reduce((a, b) => (b.inHour > a.inHour ? b : a));
    // Nothing raises it: nothing is named that does.
    if (named.inHour <= 0) continue;
    const others = found.filter((each) => each !== named);
    const other = others[dice.below(others.length)]!;
    const isStrongest = others.every(({ inStay }) => inStay <= named.inStay);
    tested.push({ cause: named.cause, named: named.inStay, other: other.inStay, isStrongest });
  }
  await graph.close();
}

const share = (of: (each: Tested) => boolean): string => {
  const { found } = bootstrap({ patients: tested.length, resamples: 1000, seed: 1, level: 0.95 }, (drawn) => ({
    found: tested.reduce((sum, each, i) => sum + drawn[i]! * Number(of(each)), 0) / tested.length,
  }));
  return `${(100 * found.value).toFixed(1)} % [${(100 * found.low).toFixed(1)}, ${(100 * found.high).toFixed(1)}]`;
};
console.log(`${tested.length} stays with an alarm, one hour of each`);
console.log(
  `hiding the named cause lowers the number more than another: ${share(({ named, other }) => named > other)}`,
);
console.log(`hiding it lowers the number: ${share(({ named }) => named > 0)}`);
console.log(`nothing else, hidden, lowers it more: ${share(({ isStrongest }) => isStrongest)}`);
const nameOf = (cause: number): string =>
  causeMessage({ cause, weight: 0, value: Number.NaN, at: moment(Number.NaN) }).name;
const counts = [...Map.groupBy(tested, ({ cause }) => cause)].sort((a, b) => b[1].length - a[1].length);
console.log(`named: ${counts.map(([cause, of]) => `${nameOf(cause)} ${of.length}`).join(', ')}`);
