import type { PriorityName } from './conditions.ts';

/** What would have rung while the line of a device was down, by the numbers that came too late to ring. */
export interface LiveMissed {
  readonly source: string;
  /** The first and the last frame that came late. */
  readonly fromUs: number;
  readonly toUs: number;
  readonly frames: number;
  readonly numbers: number;
  readonly alarms: readonly {
    readonly label: string;
    readonly text: string;
    readonly priority: PriorityName;
    readonly atUs: number;
    /** null: its end is not among what came late. */
    readonly endedUs: number | null;
    /** Of before the patient who lay there when this was said was assigned. */
    readonly ofBefore: boolean;
  }[];
  /** Further ones that are not listed. */
  readonly more: number;
}
