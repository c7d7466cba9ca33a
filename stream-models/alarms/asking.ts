import { type ConditionName, conditions } from '../../schemas/conditions.ts';
import { after, type Microseconds, type Moment } from '../../schemas/units.ts';
import type { StepWord } from '../../schemas/words.ts';
import type { Alarm, Asking, BedAlarms, ShownState } from './alarm.ts';
import type { AlarmPolicy } from './policy.ts';

/** How long each step is asked; undefined: alarms of this condition are not passed on. What is technical is not: it would ask for itself. */
export const stepLasts = (condition: ConditionName, { escalateAfter }: AlarmPolicy): Microseconds | undefined => {
  const { priority, origin } = conditions[condition];
  const span = origin === 'physiological' ? escalateAfter?.[priority] : undefined;
  return span !== undefined && span > 0 && Number.isFinite(span) ? span : undefined;
};

export const nextStep: Readonly<Record<Exclude<StepWord, 'unanswered'>, StepWord>> = {
  own: 'unit',
  unit: 'unanswered',
};

/** It is in the room, and nobody has answered: also what ended unseen. */
const asksSomeone = (shown: ShownState): boolean => shown === 'on' || shown === 'latched';

/** A step begins. While the sound is paused somebody is at the bed: its time begins when the pause is over. */
export const beginStep = (
  step: StepWord,
  at: Moment,
  span: Microseconds,
  shown: ShownState,
): Pick<Asking, 'step' | 'since' | 'until'> => ({
  step,
  since: at,
  ...(step === 'unanswered' || !asksSomeone(shown) ? {} : { until: after(at, span) }),
});

const withoutUntil = ({ until: _stopped, ...asking }: Asking): Asking => asking;

/** Whom an alarm asks once it shows `to`; undefined: nobody. */
export const askingAfter = (
  { condition, asking }: Alarm,
  to: ShownState,
  { chosenBy = [] }: BedAlarms,
  policy: AlarmPolicy,
  at: Moment,
): Asking | undefined => {
  const span = stepLasts(condition, policy);
  if (to === 'paused') return asking && withoutUntil(asking);
  if (!asksSomeone(to) || (span === undefined && asking === undefined)) return undefined;
  if (asking === undefined)
    return { ...beginStep(chosenBy.length > 0 ? 'own' : 'unit', at, span!, to), declinedBy: [] };
  // Also where the site has ended passing on meanwhile: what was begun stands, and goes no further.
  if (asking.until !== undefined || asking.step === 'unanswered' || span === undefined) return asking;
  return { ...asking, until: after(at, span) };
};
