import { elapsed, type Microseconds, type Moment, minutes, moment } from '../../schemas/units.ts';
import { PARAMETERS, standardised, VITALS } from './parameters.ts';
import { KEPT, type Watched } from './watched.ts';

/** One input that a risk is made of. */
export interface RiskBasis {
  /** Place in PARAMETERS. */
  readonly place: number;
  /** In the parameter's unit: of a vital sign the median of the minutes of the newest hour that had any. */
  readonly value: number;
  /** When it was last measured; of a laboratory value when the specimen was taken. */
  readonly at: Moment;
}

/** An input older than this is not named: the network hardly sees it any more. */
const AGE_MAX: Microseconds = minutes(24 * 60);
/** Laboratory values that are named: a line that nobody reads to its end tells less. */
const LABS_MAX = 6;

/**
 * What is named of the inputs at the end of an hour: the vital signs, and of the laboratory values those that are farthest from what
 * is usual; farthest first. `newest`: per parameter value, then time (RiskMemory).
 */
export const basisOf = (newest: Float64Array, { numbers }: Watched, at: Moment): readonly RiskBasis[] => {
  const farness = ({ place, value }: RiskBasis): number => Math.abs(standardised(PARAMETERS[place]!, value));
  const named = PARAMETERS.flatMap((_, place): RiskBasis[] => {
    const measured = moment(newest[PARAMETERS.length + place]!);
    // What is not plausible was no value for the network.
    const isTaken = numbers[KEPT.last + place] === newest[place];
    return isTaken && elapsed(measured, at) <= AGE_MAX ? [{ place, value: newest[place]!, at: measured }] : [];
  }).sort((a, b) => farness(b) - farness(a));
  let labs = 0;
  return named.filter(({ place }) => place < VITALS.length || labs++ < LABS_MAX);
};
