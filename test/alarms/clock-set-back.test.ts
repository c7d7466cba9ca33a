import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AlarmInput } from '../../stream-models/alarms/alarm-input.ts';
import { alarmMachine } from '../../stream-models/alarms/alarm-machine.ts';
import { runFold } from '../../stream-models/fold.ts';
import { absent, at, BED, nurse, patient, play, policy, present, tick } from './shift.ts';

const ticks = (from: number, to: number): AlarmInput[] =>
  Array.from({ length: to - from + 1 }, (_, i) => tick(from + i));
const HOUR = 3_600;
/** How the signals stand at the end: condition and state. */
const standing = (...inputs: readonly AlarmInput[]): readonly string[] =>
  play(inputs)[0].alarms.map(({ condition, shown }) => `${condition} ${shown}`);

describe('a clock that is set back by an hour', () => {
  it('makes no pause of sound last longer than two minutes', () => {
    const before = [...ticks(9_000, 9_010), present(9_010, 'vf'), nurse(9_011, 'pause-audio', {})];
    expect(standing(...before, ...ticks(9_012 - HOUR, 9_100 - HOUR))).toEqual(['vf paused']);
    expect(standing(...before, ...ticks(9_012 - HOUR, 9_140 - HOUR))).toEqual(['vf on']);
    const after = [...ticks(9_000, 9_010), ...ticks(9_011 - HOUR, 9_020 - HOUR), present(9_020 - HOUR, 'vf')];
    const paused = [...after, nurse(9_021 - HOUR, 'pause-audio', {})];
    expect(standing(...paused)).toEqual(['vf paused']);
    expect(standing(...paused, ...ticks(9_022 - HOUR, 9_142 - HOUR))).toEqual(['vf on']);
  });

  it('makes no delay longer, whether it ran or begins again', () => {
    const running = [...ticks(9_000, 9_010), present(9_010, 'spo2-low')];
    expect(standing(...running, ...ticks(9_011 - HOUR, 9_030 - HOUR))).toEqual(['spo2-low on']);
    const again = [...running, absent(9_015, 'spo2-low'), ...ticks(9_016 - HOUR, 9_020 - HOUR)];
    const begun = [...again, present(9_020 - HOUR, 'spo2-low')];
    expect(standing(...begun, ...ticks(9_021 - HOUR, 9_030 - HOUR))).toEqual(['spo2-low waiting']);
    expect(standing(...begun, ...ticks(9_021 - HOUR, 9_040 - HOUR))).toEqual(['spo2-low on']);
  });

  it('lets what begins after it have begun then, not in the hour that is still to come', () => {
    const before = [...ticks(9_000, 9_010), present(9_010, 'vf'), nurse(9_011, 'acknowledge'), absent(9_012, 'vf')];
    const [{ alarms }] = play([...before, ...ticks(9_013 - HOUR, 9_020 - HOUR), present(9_020 - HOUR, 'vf')]);
    expect(alarms.map(({ onset }) => onset)).toEqual([at(9_020 - HOUR) + 1]);
  });

  it('ends no signal and silences none, whatever stood', () => {
    const event = fc.constantFrom(
      ...[present, absent].flatMap((make) =>
        (['vf', 'vt', 'asystole', 'spo2-low', 'lead-off'] as const).map((name) => (s: number) => make(s, name)),
      ),
      (s: number) => nurse(s, 'acknowledge', {}),
      (s: number) => nurse(s, 'pause-audio', {}),
      (s: number) => patient(s, 'p1'),
    );
    fc.assert(
      fc.property(fc.array(event, { maxLength: 30 }), (events) => {
        const [before] = play(events.map((make, i) => make(9_000 + i)));
        const [after] = runFold(alarmMachine(policy, BED), [tick(9_030 - HOUR)], before);
        expect(after.alarms).toHaveLength(before.alarms.length);
        for (const { id, shown } of before.alarms)
          expect(after.alarms.find((alarm) => alarm.id === id)?.shown, id).toBe(shown);
      }),
      { numRuns: 200 },
    );
  });
});
