import { type ConditionName, conditions } from '../../schemas/conditions.ts';
import type { Alarm, BedAlarms, ShownState } from './alarm.ts';
import type { AlarmPolicy } from './policy.ts';

const isHigh = (condition: ConditionName): boolean => conditions[condition].priority === 'high';

/** The turn at which someone silenced this alarm, if it is silent although its condition is present. */
const silencedAt = (alarm: Alarm, bed: BedAlarms, policy: AlarmPolicy): number | undefined => {
  if (alarm.signal.tag === 'Acknowledged') return alarm.signal.turn;
  return isPaused(alarm, bed, policy) ? bed.pause?.turn : undefined;
};

const isPaused = (alarm: Alarm, bed: BedAlarms, policy: AlarmPolicy): boolean => {
  if (bed.pause === undefined || alarm.signal.tag !== 'Ringing') return false;
  const isNew = alarm.signal.turn > bed.pause.turn;
  return !isNew || (!isHigh(alarm.condition) && policy.newLesserDuringPause === 'stays silent');
};

/**
 * The graver alarm that stands before this one, if there is one. Only a condition that is still present hides another.
 * A red alarm is never hidden behind a graver one that had been silenced before it began: then nobody would hear it.
 */
export const hiderOf = (alarm: Alarm, bed: BedAlarms, policy: AlarmPolicy): Alarm | undefined => {
  const { signal } = alarm;
  if (signal.tag !== 'Ringing') return undefined;
  const graver: readonly string[] = conditions[alarm.condition].hiddenBy;
  return bed.alarms.find((other) => {
    if (!other.present || !graver.includes(other.condition)) return false;
    if (other.signal.tag !== 'Ringing' && other.signal.tag !== 'Acknowledged') return false;
    const silenced = silencedAt(other, bed, policy);
    return !isHigh(alarm.condition) || silenced === undefined || signal.turn < silenced;
  });
};

/** What the room shall see of an alarm, all alarms and the pause of the bed considered. */
export const shownStateOf = (alarm: Alarm, bed: BedAlarms, policy: AlarmPolicy): ShownState => {
  switch (alarm.signal.tag) {
    case 'Waiting':
      return 'waiting';
    case 'Latched':
      return 'latched';
    case 'Acknowledged':
      return 'acknowledged';
    case 'Over':
      return 'off';
    case 'Ringing':
      if (hiderOf(alarm, bed, policy)) return 'hidden';
      return isPaused(alarm, bed, policy) ? 'paused' : 'on';
  }
};
