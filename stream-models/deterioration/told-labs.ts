import { elapsed, type Microseconds, type Moment, minutes } from '../../schemas/units.ts';
import type { LaboratorySeen } from '../vocabulary/sighting.ts';
import { labOf } from './lab-sources.ts';
import { LABS, plausible } from './parameters.ts';

/** A laboratory value that was told and belongs to no row yet. */
interface ToldLab {
  /** Place in LABS. */
  readonly lab: number;
  /** In the unit of LABS. */
  readonly value: number;
  /** When the specimen was taken. */
  readonly at: Moment;
  readonly told: Moment;
}

/** Laboratory values of a stay. Plain data, bounded: of each at most one for this row and one for the next. */
export interface ToldLabs {
  readonly waiting: readonly ToldLab[];
  /** Per lab the newest specimen that was taken in, then its value; NaN: none. */
  readonly newest: Float64Array;
}

export const noLabs: ToldLabs = { waiting: [], newest: new Float64Array(2 * LABS.length).fill(Number.NaN) };

/**
 * A specimen older than this when it is told is history (a list sent on connecting, a reference laboratory), not what the patient
 * is like now: the network would take it for measured in this hour.
 */
const SPECIMEN_AGE_MAX: Microseconds = minutes(24 * 60);

/**
 * One value more. It is news when its specimen is newer than those known, or when it corrects the newest; the same sent again is
 * none, nor an older specimen that comes later. `rowEnds`: when the row that is being gathered ends; what is told from then on
 * waits for the next. `since`: specimens from before are of no interest here; undefined: any may be of this patient.
 */
export const labTold = (
  labs: ToldLabs,
  { code, value, at, told }: Pick<LaboratorySeen, 'code' | 'value' | 'at' | 'told'>,
  rowEnds: Moment | undefined,
  since: Moment | undefined,
): ToldLabs => {
  const lab = labOf(code);
  if (lab === undefined || Number.isNaN(plausible(LABS[lab]!, value))) return labs;
  if ((since !== undefined && at < since) || elapsed(at, told) > SPECIMEN_AGE_MAX) return labs;
  const known = labs.newest[lab]!;
  if (at < known || (at === known && value === labs.newest[LABS.length + lab])) return labs;
  const newest = labs.newest.slice();
  newest[lab] = at;
  newest[LABS.length + lab] = value;
  const isNext = (moment: Moment): boolean => rowEnds !== undefined && moment >= rowEnds;
  const others = labs.waiting.filter((each) => each.lab !== lab || isNext(each.told) !== isNext(told));
  return { waiting: [...others, { lab, value, at, told }], newest };
};

/** What was told before the row ended, of each lab its newest, and what waits for the next row. */
export const labsUntil = (labs: ToldLabs, rowEnds: Moment): readonly [ToldLabs, readonly ToldLab[]] => {
  if (labs.waiting.length === 0) return [labs, []];
  const due = labs.waiting.filter(({ told }) => told < rowEnds);
  return [{ ...labs, waiting: labs.waiting.filter(({ told }) => told >= rowEnds) }, due];
};

/** The stay began at `since`: specimens from before it may be of who lay there before. */
export const labsSince = (labs: ToldLabs, since: Moment): ToldLabs => {
  const newest = labs.newest.slice();
  for (let lab = 0; lab < LABS.length; lab++)
    if (newest[lab]! < since)
      newest.fill(Number.NaN, lab, lab + 1).fill(Number.NaN, LABS.length + lab, LABS.length + lab + 1);
  return { waiting: labs.waiting.filter(({ at }) => at >= since), newest };
};
