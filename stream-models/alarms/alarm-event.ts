import { create } from '@bufbuild/protobuf';
import { conditions, type OriginName, type PriorityName } from '../../schemas/conditions.ts';
import {
  type AlarmEvent,
  AlarmEventSchema,
  type AlarmSignal,
  AlarmSignalSchema,
  Origin,
  Priority,
  TransitionSchema,
} from '../../schemas/generated/vigil/v1/alarms_pb.ts';
import { escalationSteps, signalStates } from '../../schemas/words.ts';
import { type Alarm, type AlarmSaid, appearanceOf } from './alarm.ts';
import { toVerdict } from './alarm-evidence.ts';

const priorities: Readonly<Record<PriorityName, Priority>> = {
  high: Priority.HIGH,
  medium: Priority.MEDIUM,
  low: Priority.LOW,
};
const origins: Readonly<Record<OriginName, Origin>> = {
  physiological: Origin.PHYSIOLOGICAL,
  technical: Origin.TECHNICAL,
};

const toSignal = (alarm: Alarm, pausedUntilUs: number): AlarmSignal => {
  const { priority, origin } = conditions[alarm.condition];
  return create(AlarmSignalSchema, {
    alarm: alarm.id,
    condition: alarm.condition,
    priority: priorities[priority],
    origin: origins[origin],
    state: signalStates[alarm.shown],
    onsetUs: alarm.onset,
    sinceUs: alarm.since,
    text: alarm.evidence,
    preset: alarm.preset,
    present: alarm.present,
    acknowledgedBy: alarm.shown === 'acknowledged' && alarm.signal.tag === 'Acknowledged' ? alarm.signal.by : '',
    pausedUntilUs: alarm.shown === 'paused' ? pausedUntilUs : 0,
    appearance: appearanceOf(alarm),
    ...(alarm.asking === undefined
      ? {}
      : {
          step: escalationSteps[alarm.asking.step],
          stepSinceUs: alarm.asking.since,
          declinedBy: [...alarm.asking.declinedBy],
        }),
    ...(alarm.worst === undefined ? {} : { worst: alarm.worst.evidence, worstUs: alarm.worst.at }),
    ...(alarm.verdict === undefined
      ? {}
      : { verdict: toVerdict(alarm.condition, alarm.verdict), judgedUs: alarm.verdict.judged }),
  });
};

/** What the machine said, as the message of vigil.alarms. */
export const toAlarmEvent = (bed: string, said: AlarmSaid): AlarmEvent => {
  const pausedUntilUs = said.pausedUntil ?? 0;
  const event = create(AlarmEventSchema, {
    bed,
    atUs: said.at,
    saidUs: said.said,
    signals: said.alarms.map((alarm) => toSignal(alarm, pausedUntilUs)),
    audioPausedUntilUs: pausedUntilUs,
    judged: said.judged ?? '',
    worse: said.worse ?? '',
    missed: said.missed.map(({ from, to, alarms, ...rest }) => ({
      ...rest,
      ...{ fromUs: from, toUs: to },
      alarms: alarms.map(({ condition, at, ended = 0, evidence, ofBefore }) => ({
        ...{ condition, atUs: at, endedUs: ended, text: evidence, ofBefore },
      })),
    })),
    chosenBy: said.chosenBy.map(({ screen, name }) => ({ screen, name })),
  });
  if (said.transition) {
    const { from, to, ...rest } = said.transition;
    event.transition = create(TransitionSchema, { ...rest, from: signalStates[from], to: signalStates[to] });
  }
  return event;
};
