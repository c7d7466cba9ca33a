/**
 * Goal: what a stricter threshold costs in the hospital that it was chosen in, and gains on wards that were never seen. Method: thresholds that
 * give up so much of the utility on held-out stays, and thresholds that are the same everywhere; judged by stay (folds, each decided by the
 * others) and on wards never seen (what `sepsis-other-wards.ts` left in its OUT). No network is fitted here.
 *
 *   node --disable-warning=ExperimentalWarning test/accuracy/sepsis-thresholds.ts cinc2019-a.csv FOLDS OUT
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { deserialize } from 'node:v8';
import { readStays, type Stay } from '../../services/stays/read-stays.ts';
import { type Decision, decided, decisionBy, type HeldOutFold } from '../../services/train/deterioration/stay-folds.ts';
import { plattProbability } from '../../stream-models/evaluation/platt.ts';
import type { JudgedStay } from '../../stream-models/evaluation/sepsis-figures.ts';
import { normalisedUtility, stayUtility } from '../../stream-models/evaluation/sepsis-utility.ts';
import { bestThreshold } from '../../stream-models/evaluation/threshold.ts';
import { foldsAsked, foldsIn } from './stay-folds-kept.ts';

const [csv, folder, out] = process.argv.slice(2);
if (csv === undefined || folder === undefined || out === undefined)
  throw new Error('Name the file of stays, the folds and the wards: sepsis-thresholds.ts cinc2019-a.csv FOLDS OUT');

/** Stays to be judged, and those that decide about them. */
interface Asked {
  readonly judged: HeldOutFold;
  readonly deciding: readonly HeldOutFold[];
}

const stays: Stay[] = [];
for await (const stay of readStays(csv)) stays.push(stay);
const folds = await foldsAsked(await foldsIn(folder), stays);
const here: readonly Asked[] = folds.map((judged) => ({ judged, deciding: folds.filter((fold) => fold !== judged) }));

type Said = readonly { readonly labels: Uint8Array; readonly risks: Float64Array }[];
const foldOf = (said: Said): HeldOutFold => ({
  stays: said.map(({ labels }) => ({ patientId: '', rows: [], labels })),
  risks: said.map(({ risks }) => risks),
});
const wards = deserialize(await readFile(join(out, 'wards.v8'))) as Record<string, { chosenBy: Said; outside: Said }>;
const there = new Map<string, Asked>(
  Object.entries(wards).map(([ward, { chosenBy, outside }]) => [
    ward,
    { judged: foldOf(outside), deciding: [foldOf(chosenBy)] },
  ]),
);

const utility = (judged: readonly JudgedStay[]): number =>
  normalisedUtility(judged.map(({ labels, alarms }) => stayUtility(labels, alarms)));
const say = (name: string, decide: (deciding: readonly HeldOutFold[]) => Decision): void => {
  const utilityOf = (asked: readonly Asked[]) =>
    utility(asked.flatMap(({ judged, deciding }) => decided(judged, decide(deciding)))).toFixed(3);
  const each = [...there].map(([ward, asked]) => `${ward} ${utilityOf([asked])}`).join(', ');
  console.log(`${name}: by stay ${utilityOf(here)}, wards never seen ${utilityOf([...there.values()])} (${each})`);
};

for (const givesUp of [0, 0.002, 0.005, 0.01, 0.015, 0.02])
  say(`gives up ${givesUp}`, (deciding) => decisionBy(deciding, givesUp));
for (const threshold of [0.02, 0.025, 0.03, 0.035, 0.04, 0.045, 0.05])
  say(`threshold ${threshold}`, (deciding) => ({ ...decisionBy(deciding), threshold }));
for (const [ward, { judged, deciding }] of there) {
  const { platt, threshold } = decisionBy(deciding);
  const best = bestThreshold(judged.stays.map(({ labels }, i) => ({ scores: judged.risks[i]!, labels: labels! })));
  console.log(
    `${ward}: threshold ${threshold.toFixed(4)} from elsewhere; its own best, which nobody would know: ${plattProbability(platt, best.threshold).toFixed(4)}, utility ${best.utility.toFixed(3)}`,
  );
}
