/**
 * Goal: what the networks that remember and the direct rule are worth, each alone and joined by other shares. Method: the parts that `vigil train
 * deterioration` kept of its folds, and those that `sepsis-other-wards.ts` kept of its wards, joined anew, asked anew; calibrated and decided as they
 * were. No network is fitted here.
 *
 *   node --disable-warning=ExperimentalWarning test/accuracy/sepsis-parts.ts cinc2019-a.csv FOLDS OUT [share …]
 *
 * FOLDS and OUT: the folders of those two. A share is the direct rule's part of the logit: 0 is the networks alone, 1 the rule alone.
 */
import { readStays, type Stay } from '../../services/stays/read-stays.ts';
import {
  decided,
  decisionBy,
  type HeldOutFold,
  judgedByOthers,
  risksOf,
  stayFolds,
} from '../../services/train/deterioration/stay-folds.ts';
import { type JudgedStay, sepsisFigures } from '../../stream-models/evaluation/sepsis-figures.ts';
import { withDirectPart } from '../../stream-models/network/joined.ts';
import { type KeptParts, partsIn, partsOfFolds } from './stay-folds-kept.ts';

const [csv, folds, out, ...given] = process.argv.slice(2);
if (csv === undefined || folds === undefined || out === undefined)
  throw new Error('Name the file of stays, the folds and the wards: sepsis-parts.ts cinc2019-a.csv FOLDS OUT');
const shares = given.length === 0 ? [0, 0.5, 1] : given.map(Number);

const stays: Stay[] = [];
for await (const stay of readStays(csv)) stays.push(stay);

const heldOut = async ({ joined, rule }: KeptParts, share: number, asked: readonly Stay[]): Promise<HeldOutFold> => ({
  stays: asked,
  risks: await risksOf(withDirectPart(joined, rule, share), asked),
});

const shown = (judged: readonly JudgedStay[]): string => {
  const { utility, auroc } = sepsisFigures(judged, { areProbabilities: true, resamples: 0 });
  return `utility ${utility.value.toFixed(3)}, AUROC ${auroc.value.toFixed(3)}`;
};

const parts = await partsOfFolds(folds);
const WARDS = ['Unit1', 'Unit2', 'none named'] as const;
for (const share of shares) {
  const here: HeldOutFold[] = [];
  for (const [fold, held] of stayFolds(stays, parts.length).entries())
    here.push(await heldOut(parts[fold]!, share, held));
  const there: JudgedStay[] = [];
  for (const ward of WARDS) {
    const kept = await partsIn(out, `without ${ward}`);
    const inside = stays.filter(({ unit }) => unit !== ward);
    const choosing = await heldOut(
      kept,
      share,
      inside.filter((_, i) => i % 5 === 0),
    );
    const asked = await heldOut(
      kept,
      share,
      stays.filter(({ unit }) => unit === ward),
    );
    there.push(...decided(asked, decisionBy([choosing])));
  }
  console.log(`share ${share}: in A ${shown(judgedByOthers(here))}; wards never seen ${shown(there)}`);
}
