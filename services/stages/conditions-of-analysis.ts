import { type ConditionName, conditionNames, conditionsOfVigil } from '../../schemas/conditions.ts';

/** Said by others: the watch over delivery and over Vigil itself, and the alarms themselves. */
const ofOthers: readonly ConditionName[] = ['not-delivered', 'unanswered', 'screen-lost', ...conditionsOfVigil];

/** What analysis says of a bed, and takes back where it begins without memory of it. */
export const conditionsOfAnalysis: readonly ConditionName[] = conditionNames.filter(
  (name) => name === 'model-failed' || !ofOthers.includes(name),
);
