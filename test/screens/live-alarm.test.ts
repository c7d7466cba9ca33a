import { create, fromBinary, type MessageInitShape, toBinary } from '@bufbuild/protobuf';
import { describe, expect, it } from 'vitest';
import {
  type AlarmEvent,
  AlarmEventSchema,
  type AlarmSignalSchema,
  EscalationStep,
  Origin,
  Priority,
  SignalState,
} from '../../schemas/generated/vigil/v1/alarms_pb.ts';
import { mustBeReceived } from '../../services/screens/delivery.ts';
import { liveAlarms, liveTransition } from '../../services/screens/live-alarm.ts';

/** What a newer Vigil may say one day: protobuf hands on a number that it does not know. */
const OF_A_NEWER_VIGIL = 12 as SignalState;

const desaturation = (signal: MessageInitShape<typeof AlarmSignalSchema>): AlarmEvent => {
  const known = {
    ...{ alarm: 'icu-01/spo2-desaturation/1', condition: 'spo2-desaturation', text: 'SpO₂ 79 < 80', present: true },
    ...{ priority: Priority.HIGH, origin: Origin.PHYSIOLOGICAL, state: SignalState.ON, onsetUs: 1, sinceUs: 1 },
  };
  const event = create(AlarmEventSchema, { bed: 'icu-01', atUs: 2, saidUs: 2, signals: [{ ...known, ...signal }] });
  return fromBinary(AlarmEventSchema, toBinary(AlarmEventSchema, event));
};

describe('an alarm on a screen', () => {
  it('in a state that only a newer Vigil knows rings, rather than vanish', () => {
    for (const state of [OF_A_NEWER_VIGIL, SignalState.UNSPECIFIED]) {
      const [alarm] = liveAlarms(desaturation({ state }));
      expect(alarm).toMatchObject({ state: 'on', priority: 'high', label: 'DESAT' });
      expect(mustBeReceived(alarm!)).toBe(true);
    }
    expect(liveAlarms(desaturation({ state: SignalState.OFF }))).toEqual([]);
  });

  it('says whom it asks; a step that only a newer Vigil knows asks everybody', () => {
    const asking = (signal: MessageInitShape<typeof AlarmSignalSchema>) => liveAlarms(desaturation(signal))[0]?.asking;
    expect(asking({})).toBeUndefined();
    expect(asking({ step: EscalationStep.OWN, stepSinceUs: 3, declinedBy: ['Ada'] })).toEqual({
      ...{ step: 'own', sinceUs: 3, declinedBy: ['Ada'] },
    });
    expect(asking({ step: 12 as EscalationStep, stepSinceUs: 3 })).toMatchObject({ step: 'unit' });
  });

  it('that goes into such a state is told as one that goes on', () => {
    const transition = { alarm: 'icu-01/spo2-desaturation/1', condition: 'spo2-desaturation', by: 'vigil', why: '' };
    const event = create(AlarmEventSchema, {
      ...{ bed: 'icu-01', atUs: 2, saidUs: 2 },
      transition: { ...transition, from: SignalState.WAITING, to: OF_A_NEWER_VIGIL },
    });
    expect(liveTransition(event)).toMatchObject({ from: 'waiting', to: 'on' });
  });

  it('has the words of its onset, and the worst since with its time once there is one', () => {
    expect(liveAlarms(desaturation({}))[0]).not.toHaveProperty('worst');
    expect(liveAlarms(desaturation({ worst: 'SpO₂ 70 < 80', worstUs: 9 }))[0]).toMatchObject({
      ...{ text: 'SpO₂ 79 < 80', worst: { text: 'SpO₂ 70 < 80', atUs: 9 } },
    });
  });
});
