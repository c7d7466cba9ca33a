/** The networks of the folds that `vigil train deterioration` left in its folder, asked again. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { deserialize } from 'node:v8';
import type { Stay } from '../../services/stays/read-stays.ts';
import { directRulePath, type KeptRule } from '../../services/train/deterioration/direct-rule.ts';
import {
  DIRECT_SHARE,
  type HeldOutFold,
  judgedByOthers,
  risksOf,
  stayFolds,
} from '../../services/train/deterioration/stay-folds.ts';
import type { WindowedFit } from '../../services/train/windowed-fit.ts';
import { DETERIORATION_MEMBER } from '../../stream-models/deterioration/network.ts';
import type { JudgedStay } from '../../stream-models/evaluation/sepsis-figures.ts';
import { joinedNetwork, type Weighted, withDirectPart } from '../../stream-models/network/joined.ts';

/** What is kept of one fit: the networks that remember, joined, and the direct rule. */
export interface KeptParts {
  readonly joined: Weighted;
  readonly rule: KeptRule['rule'];
}

/** The parts of the fit of this label. Throws an Error when there are none. */
export const partsIn = async (folder: string, label: string): Promise<KeptParts> => {
  const begin = `${label.replaceAll(' ', '-')}-member-`;
  const names = (await readdir(folder)).filter((name) => name.startsWith(begin) && name.endsWith('.checkpoint')).sort();
  if (names.length === 0) throw new Error(`${folder} holds no "${label}" of "vigil train deterioration"`);
  const members = await Promise.all(
    names.map(
      async (name) => (deserialize(await readFile(join(folder, name))) as { readonly fit: WindowedFit }).fit.mean,
    ),
  );
  const { rule } = deserialize(await readFile(directRulePath(folder, label))) as KeptRule;
  return { joined: joinedNetwork(DETERIORATION_MEMBER, members), rule };
};

/** The parts of every fold. Throws an Error when the folder holds no fold. */
export const partsOfFolds = async (folder: string): Promise<readonly KeptParts[]> => {
  const kept = (await readdir(folder)).find((name) => /^fold-\d+-of-\d+-member-\d+\.checkpoint$/.test(name));
  const count = Number(kept?.split('-')[3] ?? 0);
  if (count === 0) throw new Error(`${folder} holds no fold of "vigil train deterioration"`);
  return Promise.all(Array.from({ length: count }, (_, fold) => partsIn(folder, `fold ${fold + 1} of ${count}`)));
};

/** Networks by fold, joined as they ship. Throws an Error when the folder holds no fold. */
export const foldsIn = async (folder: string): Promise<readonly Weighted[]> =>
  (await partsOfFolds(folder)).map(({ joined, rule }) => withDirectPart(joined, rule, DIRECT_SHARE));

/** Each stay by the network that never saw it, charted as `habit` has it. */
export const foldsAsked = async (
  networks: readonly Weighted[],
  stays: readonly Stay[],
  habit: (rows: Stay['rows'], fold: number) => Stay['rows'] = (rows) => rows,
): Promise<readonly HeldOutFold[]> => {
  const asked: HeldOutFold[] = [];
  for (const [fold, held] of stayFolds(stays, networks.length).entries()) {
    const charted = held.map(({ rows }) => ({ rows: habit(rows, fold) }));
    asked.push({ stays: held, risks: await risksOf(networks[fold]!, charted) });
  }
  return asked;
};

/** Stays in their own order, decided by the other folds. */
export const foldsJudged = async (
  networks: readonly Weighted[],
  stays: readonly Stay[],
): Promise<readonly JudgedStay[]> => {
  const folds = await foldsAsked(networks, stays);
  const judged = judgedByOthers(folds);
  const inOrder = new Map(folds.flatMap((fold) => fold.stays).map(({ patientId }, i) => [patientId, judged[i]!]));
  return stays.map(({ patientId }) => inOrder.get(patientId)!);
};
