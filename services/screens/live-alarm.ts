import { conditionLabel, conditions, isCondition } from '../../schemas/conditions.ts';
import {
  type AlarmEvent,
  type AlarmSignal,
  EscalationStep,
  Origin,
  Priority,
  type SignalState,
} from '../../schemas/generated/vigil/v1/alarms_pb.ts';
import type { LiveAlarm, LiveAsking, LiveChooser, LiveTransition, SignalStateName } from '../../schemas/live.ts';
import { type SignalWord, signalWord, stepWord } from '../../schemas/words.ts';
import { liveEvidence } from './live-evidence.ts';

const PRIORITIES: ReadonlyMap<Priority, LiveAlarm['priority']> = new Map([
  [Priority.LOW, 'low'],
  [Priority.MEDIUM, 'medium'],
  [Priority.HIGH, 'high'],
]);

const priorityOf = (signal: AlarmSignal): LiveAlarm['priority'] =>
  PRIORITIES.get(signal.priority) ?? (isCondition(signal.condition) ? conditions[signal.condition].priority : 'high');

/** A step of a newer Vigil asks more people than any that this one knows: everybody. */
const askingOf = ({ step, stepSinceUs, declinedBy }: AlarmSignal): { readonly asking?: LiveAsking } =>
  step === EscalationStep.UNSPECIFIED
    ? {}
    : { asking: { step: stepWord(step) ?? 'unit', sinceUs: stepSinceUs, declinedBy: [...declinedBy] } };

const liveAlarm = (signal: AlarmSignal, state: SignalStateName): LiveAlarm => ({
  alarm: signal.alarm,
  condition: signal.condition,
  label: conditionLabel(signal.condition),
  text: signal.text,
  ...(signal.worst === '' ? {} : { worst: { text: signal.worst, atUs: signal.worstUs } }),
  priority: priorityOf(signal),
  origin: signal.origin === Origin.TECHNICAL ? 'technical' : 'physiological',
  state,
  present: signal.present,
  onsetUs: signal.onsetUs,
  sinceUs: signal.sinceUs,
  preset: signal.preset,
  ...(signal.acknowledgedBy === '' ? {} : { acknowledgedBy: signal.acknowledgedBy }),
  ...(signal.pausedUntilUs === 0 ? {} : { pausedUntilUs: signal.pausedUntilUs }),
  ...(signal.appearance === 0 ? {} : { appearance: signal.appearance }),
  ...askingOf(signal),
  ...(signal.verdict === undefined ? {} : { evidence: liveEvidence(signal.verdict, signal.judgedUs) }),
});

/** A state of a newer Vigil, whatever it means, is no reason to be silent: it rings. */
const stateOf = (state: SignalState): SignalWord => signalWord(state) ?? 'on';

/** Every signal of the event that is not off, in its order (gravest first). */
export const liveAlarms = (event: AlarmEvent): readonly LiveAlarm[] =>
  event.signals.flatMap((signal) => {
    const state = stateOf(signal.state);
    return state === 'off' ? [] : [liveAlarm(signal, state)];
  });

/** Undefined: a roll call, which only repeats the picture. */
export const liveTransition = (event: AlarmEvent): LiveTransition | undefined => {
  const change = event.transition;
  if (change === undefined) return undefined;
  return {
    bed: event.bed,
    alarm: change.alarm,
    condition: change.condition,
    from: stateOf(change.from),
    to: stateOf(change.to),
    atUs: event.atUs,
    by: change.by,
    why: change.why,
  };
};

/** The act that has changed nothing, because what it meant had come back since, and what its console is to be told. */
export const actUnmet = (event: AlarmEvent): { readonly id: string; readonly sentence: string } | undefined => {
  const change = event.transition;
  if (change === undefined || change.act === '') return undefined;
  const sentence = `${conditionLabel(change.condition)}, bed ${event.bed}: it has come back since you looked, and is not acknowledged. Look again.`;
  return { id: change.act, sentence };
};

export const audioPausedUntil = (event: AlarmEvent): number | null =>
  event.audioPausedUntilUs === 0 ? null : event.audioPausedUntilUs;

/** Empty: it is everybody's. */
export const chosenBy = (event: AlarmEvent): readonly LiveChooser[] =>
  event.chosenBy.map(({ screen, name }) => ({ screen, name }));
