import type { JudgedStay } from '../../../stream-models/evaluation/sepsis-figures.ts';
import {
  type SepsisSubgroupFigures,
  sepsisSubgroupFigures,
} from '../../../stream-models/evaluation/sepsis-subgroup.ts';
import type { Stay } from '../../stays/read-stays.ts';
import {
  AGE_BANDS,
  ageBandOf,
  type Dimension,
  SEXES,
  type SubgroupFigure,
  sexOf,
  subgroupsOf,
  unlessTooFew,
} from '../subgroups.ts';

/** How the network did on a part of the stays; what would be of too few patients is not said. */
export type SepsisSubgroup = { readonly by: string; readonly name: string } & Pick<
  SepsisSubgroupFigures,
  'stays' | 'septicStays' | 'rows'
> &
  Readonly<Record<SubgroupShare, SubgroupFigure>>;

type SubgroupShare = 'utility' | 'auroc' | 'septicFound' | 'othersQuiet' | 'ppvStays' | 'said' | 'came';

/** A stay with what was said of it. */
export interface SaidStay {
  readonly stay: Stay;
  readonly judged: JudgedStay;
}

const FILE_TELLS_NOT = 'file tells not';
const DIMENSIONS: readonly Dimension<SaidStay>[] = [
  { by: 'sex', names: SEXES, nameOf: ({ stay }) => sexOf(stay.rows[0]!.patient.isMale) },
  { by: 'age', names: AGE_BANDS, nameOf: ({ stay }) => ageBandOf(stay.rows[0]!.patient.ageYears) },
  {
    by: 'unit',
    names: ['Unit1', 'Unit2', 'none named', FILE_TELLS_NOT],
    nameOf: ({ stay }) => stay.unit ?? FILE_TELLS_NOT,
  },
];

/** By sex, age and unit of the hospital (which the network does not know), with intervals by bootstrap over the stays of each part. */
export const sepsisSubgroups = (
  said: readonly SaidStay[],
  bootstrap: { readonly resamples: number; readonly seed: number },
): readonly SepsisSubgroup[] =>
  subgroupsOf(said, DIMENSIONS).map(({ by, name, members }) => {
    const { stays, septicStays, rows, utility, auroc, septicFound, othersQuiet, ppvStays, ...shares } =
      sepsisSubgroupFigures(
        members.map(({ judged }) => judged),
        bootstrap,
      );
    const others = stays - septicStays;
    const rang = members.filter(({ judged }) => Array.prototype.includes.call(judged.alarms, 1)).length;
    return {
      ...{ by, name, stays, septicStays, rows },
      utility: unlessTooFew(utility, septicStays),
      auroc: unlessTooFew(auroc, Math.min(septicStays, others)),
      septicFound: unlessTooFew(septicFound, septicStays),
      othersQuiet: unlessTooFew(othersQuiet, others),
      ppvStays: unlessTooFew(ppvStays, rang),
      said: unlessTooFew(shares.said, stays),
      came: unlessTooFew(shares.came, stays),
    };
  });
