import { describe, expect, it } from 'vitest';
import { kindOfAlarm } from '../../stream-models/corroboration/claim.ts';

describe("the kind of a monitor's alarm", () => {
  it.each([
    ['Asystole', 'asystole'],
    ['***ASYSTOLE', 'asystole'],
    ['Ventricular_Tachycardia', 'vt'],
    ['*** VTACH', 'vt'],
    ['Ventricular_Flutter_Fib', 'vf'],
    ['***VFIB/VTACH', 'vf'],
    ['Bradycardia', 'extreme-brady'],
    ['***Extreme Brady', 'extreme-brady'],
    ['Tachycardia', 'extreme-tachy'],
  ])('of "%s" is %s', (text, kind) => {
    expect(kindOfAlarm(text)).toBe(kind);
  });

  it.each([
    'Supraventricular tachycardia',
    '**SVT',
    '**AFIB',
    'Atrial flutter',
    'SpO2 low',
    '**BRADY LOW',
    'Tachy 130',
    '',
  ])('of "%s" is none that Vigil judges', (text) => {
    expect(kindOfAlarm(text)).toBeUndefined();
  });
});
