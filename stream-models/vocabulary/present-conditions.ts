import type { ConditionName } from '../../schemas/conditions.ts';
import { type Moment, moment } from '../../schemas/units.ts';
import type { Fact } from './fact.ts';

/** The conditions that are present now. Memory, so a plain list; never long. */
export type PresentConditions = readonly ConditionName[];

/** What one rule holds of one condition at a moment. */
export interface Claim {
  readonly condition: ConditionName;
  readonly present: boolean;
  /** The moment spoken of: when the condition began, or when it ended. */
  readonly at: Moment;
  readonly evidence: string;
  /** What it misses may have been taken off on purpose (see alarms/policy.ts, TAKEN_OFF_AFTER). */
  readonly mayBeTakenOff?: true;
}

/** What is said when all that is present of some conditions ends for one reason. */
export const endAll = (
  present: PresentConditions,
  which: readonly ConditionName[],
  at: Moment,
  evidence: string,
): readonly Claim[] =>
  present.filter((name) => which.includes(name)).map((condition) => ({ condition, present: false, at, evidence }));

const NO_FACTS: readonly Fact[] = [];

/** Only changes become facts: a claim that says what is known says nothing. A later claim of a list corrects an earlier. */
export const settle = (
  present: PresentConditions,
  claims: readonly Claim[],
  said: Moment,
): readonly [PresentConditions, readonly Fact[]] => {
  if (claims.length === 0) return [present, NO_FACTS];
  let after = present;
  const facts: Fact[] = [];
  for (const claim of claims) {
    if (after.includes(claim.condition) === claim.present) continue;
    after = claim.present ? [...after, claim.condition] : after.filter((name) => name !== claim.condition);
    facts.push({ tag: 'Condition', ...claim, at: moment(Math.min(claim.at, said)), said });
  }
  return [after, facts];
};
