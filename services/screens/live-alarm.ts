import { conditions, isCondition } from '../../schemas/conditions.ts';
import {
  type AlarmEvent,
  type AlarmSignal,
  Origin,
  Priority,
  SignalState,
} from '../../schemas/generated/vigil/v1/alarms_pb.ts';
import type { LiveAlarm, LiveTransition, SignalStateName } from '../../schemas/live.ts';
import { liveEvidence } from './live-evidence.ts';

const STATES: ReadonlyMap<SignalState, SignalStateName> = new Map([
  [SignalState.WAITING, 'waiting'],
  [SignalState.ON, 'on'],
  [SignalState.PAUSED, 'paused'],
  [SignalState.LATCHED, 'latched'],
  [SignalState.ACKNOWLEDGED, 'acknowledged'],
  [SignalState.HIDDEN, 'hidden'],
]);

const PRIORITIES: ReadonlyMap<Priority, LiveAlarm['priority']> = new Map([
  [Priority.LOW, 'low'],
  [Priority.MEDIUM, 'medium'],
  [Priority.HIGH, 'high'],
]);

/** A condition that this console's table does not know is shown by its name rather than not at all. */
const labelOf = (condition: string): string =>
  isCondition(condition) ? conditions[condition].label : condition.toUpperCase();

const priorityOf = (signal: AlarmSignal): LiveAlarm['priority'] =>
  PRIORITIES.get(signal.priority) ?? (isCondition(signal.condition) ? conditions[signal.condition].priority : 'high');

const liveAlarm = (signal: AlarmSignal, state: SignalStateName): LiveAlarm => ({
  alarm: signal.alarm,
  condition: signal.condition,
  label: labelOf(signal.condition),
  text: signal.text,
  priority: priorityOf(signal),
  origin: signal.origin === Origin.TECHNICAL ? 'technical' : 'physiological',
  state,
  present: signal.present,
  onsetUs: signal.onsetUs,
  sinceUs: signal.sinceUs,
  preset: signal.preset,
  ...(signal.acknowledgedBy === '' ? {} : { acknowledgedBy: signal.acknowledgedBy }),
  ...(signal.pausedUntilUs === 0 ? {} : { pausedUntilUs: signal.pausedUntilUs }),
  ...(signal.verdict === undefined ? {} : { evidence: liveEvidence(signal.verdict, signal.judgedUs) }),
});

/** Every signal of the event that is not off, in its order (gravest first). */
export const liveAlarms = (event: AlarmEvent): readonly LiveAlarm[] =>
  event.signals.flatMap((signal) => {
    const state = STATES.get(signal.state);
    return state === undefined ? [] : [liveAlarm(signal, state)];
  });

const stateName = (state: SignalState): string => STATES.get(state) ?? 'off';

/** Undefined: a roll call, which only repeats the picture. */
export const liveTransition = (event: AlarmEvent): LiveTransition | undefined => {
  const change = event.transition;
  if (change === undefined) return undefined;
  return {
    bed: event.bed,
    alarm: change.alarm,
    condition: change.condition,
    from: stateName(change.from),
    to: stateName(change.to),
    atUs: event.atUs,
    by: change.by,
    why: change.why,
  };
};

export const audioPausedUntil = (event: AlarmEvent): number | null =>
  event.audioPausedUntilUs === 0 ? null : event.audioPausedUntilUs;
