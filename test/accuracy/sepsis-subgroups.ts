/**
 * How the network of deterioration does by sex, age and unit, every stay judged by a fold that never saw it, calibrated and decided by the
 * other folds: the table of `vigil evaluate sepsis`, cross-validated.
 *
 *   node --disable-warning=ExperimentalWarning test/accuracy/sepsis-subgroups.ts cinc2019-a.csv FOLDS
 *
 * FOLDS: the folder of `vigil train deterioration`.
 */
import { sepsisSubgroups } from '../../services/evaluate/sepsis/sepsis-subgroups.ts';
import { subgroupTable } from '../../services/evaluate/sepsis/sepsis-text.ts';
import { readStays, type Stay } from '../../services/stays/read-stays.ts';
import { foldsIn, foldsJudged } from './stay-folds-kept.ts';

const [csv, folder] = process.argv.slice(2);
if (csv === undefined || folder === undefined)
  throw new Error('Name the file of stays and the folds: sepsis-subgroups.ts cinc2019-a.csv FOLDS');

const stays: Stay[] = [];
for await (const stay of readStays(csv)) stays.push(stay);
const judged = await foldsJudged(await foldsIn(folder), stays);
const said = judged.map((each, i) => ({ stay: stays[i]!, judged: each }));
const { head, rows } = subgroupTable(sepsisSubgroups(said, { resamples: 400, seed: 1 }));
for (const cells of [head, head.map(() => '---'), ...rows]) console.log(`| ${cells.join(' | ')} |`);
