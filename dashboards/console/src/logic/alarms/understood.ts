/** Alarms as this page can show them: it may have been opened before Vigil was updated, and must drop or silence nothing that it does not know. */
import { priorityRank } from '../../../../../schemas/conditions.ts';
import type { LiveAlarm } from '../../../../../schemas/live.ts';
import { stateWords } from './alarm-look.ts';

/** An alarm in a state that a newer Vigil says rings; one of a priority that is not known is a high one. The same list (===) where all are known. */
export const understood = (alarms: readonly LiveAlarm[]): readonly LiveAlarm[] => {
  const isKnown = ({ state, priority }: LiveAlarm): boolean =>
    Object.hasOwn(stateWords, state) && Object.hasOwn(priorityRank, priority);
  if (alarms.every(isKnown)) return alarms;
  return alarms.map((alarm) => ({
    ...alarm,
    state: Object.hasOwn(stateWords, alarm.state) ? alarm.state : 'on',
    priority: Object.hasOwn(priorityRank, alarm.priority) ? alarm.priority : 'high',
  }));
};
