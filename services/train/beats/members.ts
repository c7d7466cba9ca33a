/**
 * What each member of the joined network learns from. A network whose copies have premature atrial beats seldom misses most
 * of them where they are as frequent as normal ones; one that has seen any frequency takes more beats for them, and
 * ventricular ones too, unless it learns from further patients what is normal elsewhere. Joined they do better than either
 * (`stream-models/beats/TRIED.md`).
 */
import type { PrematureBeats } from './copies/ectopy.ts';

/** One member: its seed beside the fit's, what it learns from, and what a beat counts by its class there. */
export interface Member {
  readonly seedOffset: number;
  /** How often premature atrial beats come in the copies that it learns from. */
  readonly premature: PrematureBeats;
  /** Whether it learns from patients as well of whom only the rhythm is known. */
  readonly hasFurther: boolean;
  /** Whether it learns from strangers what the members that do not are sure of there. */
  readonly hasStrangers: boolean;
  readonly classWeights: readonly number[];
}

/**
 * What a beat counts by its class, in the order of BEAT_CLASSES: rare ones more, ventricular ones most for their number
 * (they raise alarms); fusion beats little, since nearly all of DS1's are one patient's. Where premature atrial beats are of
 * any frequency there are so many more of them that each counts less.
 */
export const CLASS_WEIGHTS: Readonly<Record<PrematureBeats, readonly number[]>> = {
  seldom: [1, 3.5, 4, 2, 1],
  'any-frequency': [1, 1.5, 4, 2, 1],
};

/**
 * What the members learn from, in order. Patients of whom only the rhythm is known teach the last ones what is not premature;
 * the first learn that from strangers, by the last ones' word.
 */
const KINDS: readonly Pick<Member, 'premature' | 'hasFurther' | 'hasStrangers'>[] = [
  { premature: 'seldom', hasFurther: false, hasStrangers: true },
  { premature: 'seldom', hasFurther: false, hasStrangers: true },
  { premature: 'any-frequency', hasFurther: false, hasStrangers: true },
];
const LATER_KIND = { premature: 'any-frequency', hasFurther: true, hasStrangers: false } as const;
const SEED_STEP = 1_000;

/** `count` members, in order. Those of each kind count their seeds from the first one's again. */
export const membersOf = (count: number): readonly Member[] => {
  const kinds = Array.from({ length: count }, (_, i) => KINDS[i] ?? LATER_KIND);
  return kinds.map((kind, i) => {
    const alikeBefore = kinds
      .slice(0, i)
      .filter(({ premature, hasFurther }) => premature === kind.premature && hasFurther === kind.hasFurther);
    return {
      ...kind,
      seedOffset: SEED_STEP * alikeBefore.length,
      classWeights: CLASS_WEIGHTS[kind.premature],
    };
  });
};
