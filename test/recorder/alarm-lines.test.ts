import { create } from '@bufbuild/protobuf';
import { describe, expect, it } from 'vitest';
import { MDC } from '../../schemas/codes.ts';
import { type AlarmEvent, AlarmEventSchema, SignalState } from '../../schemas/generated/vigil/v1/alarms_pb.ts';
import { Says, VerdictKind } from '../../schemas/generated/vigil/v1/findings_pb.ts';
import { alarmLines } from '../../services/adapters/influx/influx-alarms.ts';

const ALARM = 'icu-01/asystole/5';
const verdict = {
  ...{ text: 'ASYSTOLE', condition: 'asystole', verdict: VerdictKind.REFUTED, own: true },
  testimonies: [
    { code: MDC.ecgII, says: Says.FOR },
    { code: MDC.pleth, says: Says.AGAINST },
    { code: MDC.abpWave, says: Says.NOTHING },
  ],
};
const event = (more: Parameters<typeof create<typeof AlarmEventSchema>>[1]): AlarmEvent =>
  create(AlarmEventSchema, { bed: 'icu-01', atUs: 9e6, saidUs: 9e6, ...(more as object) });
const linesOf = (one: AlarmEvent) => alarmLines({ event: one, place: 7n });

describe('an alarm as lines of the series', () => {
  it('says in words what all signals say of it, once it was judged', () => {
    const transition = { alarm: ALARM, condition: 'asystole', from: SignalState.ON, to: SignalState.LATCHED };
    const [line] = linesOf(event({ transition, signals: [{ alarm: ALARM, condition: 'asystole', verdict }] }));
    expect(line).toContain('verdict="refuted · for: II · against: PLETH"');
    const [before] = linesOf(event({ transition, signals: [{ alarm: ALARM, condition: 'asystole' }] }));
    expect(before).not.toContain('verdict=');
  });

  it('says what it was at its onset and at its worst', () => {
    const transition = { alarm: ALARM, condition: 'asystole', from: SignalState.ON, to: SignalState.ACKNOWLEDGED };
    const signal = { alarm: ALARM, condition: 'asystole', text: 'SpO₂ 88 < 90', worst: 'SpO₂ 80 < 90', worstUs: 8e6 };
    expect(linesOf(event({ transition, signals: [signal] }))[0]).toContain(
      'text="SpO₂ 88 < 90; at worst SpO₂ 80 < 90"',
    );
  });

  it('of a value that became worse is no roll call, and takes the place of none and of no verdict', () => {
    const signals = [{ alarm: ALARM, condition: 'asystole' }];
    const [worse, ...others] = linesOf(event({ worse: ALARM, signals }));
    expect(others).toEqual([]);
    expect(worse).toMatch(/ (.*,)?judged_place=7i/);
    const times = [{ worse: ALARM, signals }, { judged: ALARM, signals }, { signals }].map((one) =>
      linesOf(event(one))[0]!.split(' ').at(-1),
    );
    expect(new Set(times).size).toBe(3);
  });

  it('of a verdict is no roll call, by which watched minutes are counted, and takes no place of one', () => {
    const signals = [{ alarm: ALARM, condition: 'asystole', verdict }];
    const [judged, ...others] = linesOf(event({ judged: ALARM, signals }));
    expect(others).toEqual([]);
    expect(judged).toMatch(/ (.*,)?judged_place=7i/);
    expect(judged).not.toMatch(/[ ,]place=/);
    const [rollCall] = linesOf(event({ signals }));
    expect(rollCall).toMatch(/[ ,]place=7i/);
    expect(rollCall!.split(' ').at(-1)).not.toBe(judged!.split(' ').at(-1));
  });
});
