import type { Microseconds } from '../../schemas/units.ts';
import type { ClassifiedBeat } from '../analysis/sighting.ts';
import type { Claim } from './present-conditions.ts';

/** The newest RR intervals between beats that are not ectopic (ms), oldest first. */
export interface IrregularMemory {
  readonly intervals: readonly number[];
}

export const irregularStart: IrregularMemory = { intervals: [] };

export const judgeIrregular = (
  memory: IrregularMemory,
  _beat: ClassifiedBeat,
  _rr: Microseconds | undefined,
): readonly [IrregularMemory, readonly Claim[]] => [memory, []];
