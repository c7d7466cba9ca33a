import { describe, expect, it } from 'vitest';
import { toAlarmEvent } from '../../stream-models/alarms/alarm-event.ts';
import type { AlarmInput } from '../../stream-models/alarms/alarm-input.ts';
import { suppressed } from '../../stream-models/alarms/suppressed.ts';
import { runFold } from '../../stream-models/fold.ts';
import { absent, BED, nurse, play, present } from './shift.ts';

/** What was suppressed, and what followed, of a shift that the alarm machine itself plays. */
const report = (...inputs: readonly AlarmInput[]): readonly string[] => {
  const events = play(inputs)[1].map((said) => toAlarmEvent(BED, said));
  return runFold(suppressed, events)[1].map((said) => {
    const { condition, rule, atUs, why, text } = said.suppressed;
    const one = `${atUs / 1e6}s ${condition} (${text}) by ${rule}, ${why}`;
    return said.tag === 'Suppressed' ? one : `${one}; then ${said.red.atUs / 1e6}s ${said.red.condition}`;
  });
};

describe('a suppressed alarm', () => {
  it('that a red one follows within a quarter of an hour is told, with the rule that hid it', () => {
    expect(
      report(present(0, 'spo2-low', 'SpO₂ 88 < 90'), absent(9, 'spo2-low'), present(300, 'spo2-desaturation')),
    ).toEqual([
      '9s spo2-low (SpO₂ 88 < 90) by delay, condition ended',
      '9s spo2-low (SpO₂ 88 < 90) by delay, condition ended; then 300s spo2-desaturation',
    ]);
  });

  it('is counted and no more where no red one follows, or follows later', () => {
    expect(report(present(0, 'spo2-low'), absent(9, 'spo2-low'), present(910, 'vt'))).toHaveLength(1);
    expect(report(present(0, 'spo2-low'), absent(9, 'spo2-low'), present(60, 'af'))).toHaveLength(1);
  });

  it('is told also where it stood behind a graver one, or began in a pause of sound', () => {
    expect(report(present(0, 'vt'), present(5, 'couplet', 'V COUPLET'), present(60, 'vf')).slice(-1)).toEqual([
      '5s couplet (V COUPLET) by chain, behind VTACH; then 60s vf',
    ]);
    expect(
      report(present(0, 'af'), nurse(1, 'pause-audio'), present(5, 'bigeminy'), present(60, 'vt')).slice(-1),
    ).toEqual(['5s bigeminy () by pause, condition present; then 60s vt']);
  });

  it('is no alarm that had been heard before a graver one came', () => {
    expect(report(present(0, 'couplet'), present(5, 'vt'), present(60, 'vf'))).toEqual([]);
  });
});
