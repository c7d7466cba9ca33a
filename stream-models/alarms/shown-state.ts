import { type ConditionName, type ConditionSettings, conditions } from '../../schemas/conditions.ts';
import type { Alarm, BedAlarms, ShownState } from './alarm.ts';
import type { AlarmPolicy } from './policy.ts';

const isHigh = (condition: ConditionName): boolean => conditions[condition].priority === 'high';

const isPaused = (alarm: Alarm, bed: BedAlarms, policy: AlarmPolicy): boolean => {
  if (bed.pause === undefined || alarm.signal.tag !== 'Ringing') return false;
  const isNew = alarm.signal.turn > bed.pause.turn;
  return !isNew || (!isHigh(alarm.condition) && policy.newLesserDuringPause === 'stays silent');
};

/** It tells more than what hides it, so that nobody who has silenced that has silenced this: it is red, or measured by another sensor. */
const isNews = (condition: ConditionName): boolean => {
  const { ownSensor = false }: ConditionSettings = conditions[condition];
  return ownSensor || isHigh(condition);
};

/**
 * The graver alarm that stands before this one, if there is one. Only a condition that is still present hides another.
 * What tells more is never hidden behind one that had been silenced before it began: then nobody would hear it.
 */
export const hiderOf = (alarm: Alarm, bed: BedAlarms, policy: AlarmPolicy): Alarm | undefined => {
  const { signal } = alarm;
  if (signal.tag !== 'Ringing') return undefined;
  const graver: readonly string[] = conditions[alarm.condition].hiddenBy;
  return bed.alarms.find((other) => {
    if (!other.present || !graver.includes(other.condition)) return false;
    if (other.signal.tag !== 'Ringing' && other.signal.tag !== 'Acknowledged') return false;
    const silenced = silencedAt(other, bed, policy);
    return !isNews(alarm.condition) || silenced === undefined || signal.turn < silenced;
  });
};

/** The turn at which someone silenced this alarm, or what it stands behind, if it is silent although its condition is present. */
const silencedAt = (alarm: Alarm, bed: BedAlarms, policy: AlarmPolicy): number | undefined => {
  if (alarm.signal.tag === 'Acknowledged') return alarm.signal.turn;
  if (isPaused(alarm, bed, policy)) return bed.pause?.turn;
  // No chain goes in a circle (a test says so).
  const hider = hiderOf(alarm, bed, policy);
  return hider && silencedAt(hider, bed, policy);
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
