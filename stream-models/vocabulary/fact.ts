import type { ConditionName } from '../../schemas/conditions.ts';
import type { Moment } from '../../schemas/units.ts';
import type { RhythmName } from '../../schemas/words.ts';

/** What is concluded of one bed, in the order in which it was said. */
export type Fact =
  | (Timed & {
      readonly tag: 'Condition';
      readonly condition: ConditionName;
      readonly present: boolean;
      readonly evidence: string;
      /** Who has ended it; absent: nobody. */
      readonly by?: string;
      /** What it misses may have been taken off on purpose. */
      readonly mayBeTakenOff?: true;
    })
  /** What a condition that stands is made of has become worse than at any time since its onset. No new condition, and no new onset. */
  | (Timed & { readonly tag: 'Worse'; readonly condition: ConditionName; readonly evidence: string })
  | (Timed & { readonly tag: 'Rhythm'; readonly rhythm: RhythmName })
  /** A number that Vigil measured itself, for example the heart rate (MDC 147842, "/min"). */
  | (Timed & { readonly tag: 'Derived'; readonly code: number; readonly unit: string; readonly value: number })
  | (Timed & {
      readonly tag: 'Score';
      readonly name: string;
      /** undefined: incomplete; never made of missing inputs. */
      readonly value: number | undefined;
      readonly missing: readonly string[];
      readonly points: Readonly<Record<string, number>>;
      readonly response: string;
      /** Which of the two SpO₂ scales of NEWS2 the points are of. */
      readonly spo2Scale: 1 | 2;
    })
  | (Timed & {
      readonly tag: 'Quality';
      readonly code: number;
      readonly index: number;
      readonly flat: boolean;
      readonly saturated: boolean;
      readonly off: boolean;
    })
  /** Which limits apply is to be said: they have changed, or a nurse has acted or asked. */
  | (Timed & { readonly tag: 'Limits'; readonly act: string; readonly refused: string })
  | (Timed & { readonly tag: 'Reset'; readonly what: string; readonly why: string });

interface Timed {
  readonly at: Moment;
  readonly said: Moment;
}
