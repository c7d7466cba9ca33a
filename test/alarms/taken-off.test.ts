/** A device that is taken off on purpose: nobody need see its VALUE LOST until the bed is let go. */
import { describe, expect, it } from 'vitest';
import { type AlarmInput, readAlarmInput } from '../../stream-models/alarms/alarm-input.ts';
import { factAlarmInput } from '../../stream-models/analysis/say.ts';
import { absent, at, BED, chart, nurse, patient, present, room, tick } from './shift.ts';

const silent = (s: number): AlarmInput => ({
  ...(present(s, 'value-lost', 'nothing from oximeter (SpO₂ was 97)') as Extract<AlarmInput, { tag: 'Condition' }>),
  mayBeTakenOff: true,
});

describe('a device of which nothing comes, and of which somebody has taken note', () => {
  it('stands for ten minutes as a reminder, and then counts as taken off, with who took note', () => {
    expect(room(silent(0), nurse(30, 'acknowledge'), tick(629))).toEqual(['value-lost acknowledged']);
    expect(chart(silent(0), nurse(30, 'acknowledge'), tick(700)).at(-1)).toBe(
      '630s value-lost acknowledged → off (vigil: acknowledged by nurse Ada, and nothing from the device for 600 s since: taken off)',
    );
  });
  it('is told as ever when it is missed anew, or when it speaks before', () => {
    const takenOff = [silent(0), nurse(30, 'acknowledge'), tick(700)];
    expect(room(...takenOff, absent(900, 'value-lost'), silent(1_000))).toEqual(['value-lost on']);
    // One more is missed: analysis ends what stands and begins it anew.
    expect(room(...takenOff, absent(900, 'value-lost'), present(900, 'value-lost'))).toEqual(['value-lost on']);
    expect(chart(silent(0), nurse(30, 'acknowledge'), absent(60, 'value-lost'), tick(700)).at(-1)).toMatch(
      /^60s value-lost acknowledged → off/,
    );
  });
  it('stands until somebody has taken note, however long', () => {
    expect(room(silent(0), tick(7_200))).toEqual(['value-lost on']);
    expect(room(silent(0), nurse(30, 'pause-audio'), tick(7_200))).toEqual(['value-lost on']);
  });
  it('is reminded of for as long where the clock is set back meanwhile', () => {
    const setBack = [silent(10_000), nurse(10_030, 'acknowledge'), tick(10_130), tick(130)];
    expect(room(...setBack, tick(629))).toEqual(['value-lost acknowledged']);
    expect(room(...setBack, tick(630))).toEqual([]);
  });
  it('is not let go where a value was beyond its limit when it was lost', () => {
    const beyond = present(0, 'value-lost', 'SpO₂ was 70, unknown now');
    expect(room(beyond, nurse(30, 'acknowledge'), tick(7_200))).toEqual(['value-lost acknowledged']);
  });
  it('is called so on the log', () => {
    const said = {
      tag: 'Condition',
      condition: 'value-lost',
      present: true,
      evidence: '',
      at: at(1),
      said: at(1),
    } as const;
    const heard = (mayBeTakenOff: { readonly mayBeTakenOff?: true }) =>
      readAlarmInput(factAlarmInput(BED, { ...said, ...mayBeTakenOff }, 'adult')!);
    expect(heard({ mayBeTakenOff: true })).toMatchObject({ right: { mayBeTakenOff: true } });
    expect(heard({})).not.toMatchObject({ right: { mayBeTakenOff: true } });
  });
  it('ends with its patient', () => {
    expect(room(patient(0, 'a'), silent(1), nurse(30, 'acknowledge'), patient(60, 'b'), tick(700))).toEqual([]);
  });
});
