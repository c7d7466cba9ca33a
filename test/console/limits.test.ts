/** What the console says of limits, and what it sends. */
import { describe, expect, it } from 'vitest';
import {
  changeText,
  type WishedSide,
  whyNot,
  wishedFrom,
  wishOf,
} from '../../dashboards/console/src/logic/ward/limit-wish.ts';
import { bedLimitsText, isSomeOff, tileLimitsText } from '../../dashboards/console/src/logic/ward/limits-words.ts';
import type { LiveLimit, LivePatientLimit } from '../../schemas/live-limits.ts';
import { at, bed } from './live-ward.ts';

const own = (sides: Pick<LivePatientLimit, 'low' | 'high'>): LivePatientLimit => ({
  ...sides,
  ...{ by: 'Ada', reason: '', atUs: at(0), untilUs: at(3_600) },
});
const limit = (measure: string, more: Partial<LiveLimit> = {}): LiveLimit => ({
  ...{ measure, label: measure.toUpperCase(), unit: '/min', low: 50, high: 120 },
  ...{ lowRange: [40, 80], highRange: [90, 140], mayBeOff: true },
  ...more,
});
const withLimits = (...limits: readonly LiveLimit[]) =>
  bed('icu-04', { limits: { atUs: at(0), rules: 'vigil', population: 'adult', limits } });

describe('a tile', () => {
  it('says nothing where the unit’s limits apply, or nobody has said', () => {
    expect([tileLimitsText(bed('icu-04')), tileLimitsText(withLimits(limit('hr')))]).toEqual(['', '']);
  });
  it('says what is the patient’s own, and before all else what is turned off', () => {
    const hr = limit('hr', { patient: own({ low: 42 }) });
    const rr = limit('rr', { patient: own({ high: 'off' }) });
    const pulse = limit('pulse', { patient: own({ low: 'off', high: 'off' }) });
    expect(tileLimitsText(withLimits(hr))).toBe('own limit HR 42–120');
    expect(tileLimitsText(withLimits(hr, limit('rr', { patient: own({ high: 130 }) })))).toBe('2 own limits');
    expect(tileLimitsText(withLimits(hr, rr))).toBe('RR high limit OFF');
    expect(tileLimitsText(withLimits(hr, rr, pulse))).toBe('3 limits OFF');
    expect(isSomeOff(withLimits(hr))).toBe(false);
    expect(bedLimitsText(withLimits(hr, rr))).toBe('HR 42–120 (unit 50–120) · RR 50–OFF (unit 50–120)');
  });
});

describe('a form', () => {
  const side = (text: string, off = false): WishedSide => ({ text, off });
  const hr = limit('hr', { patient: own({ low: 42 }) });

  it('begins with what applies', () => {
    expect([wishedFrom('low', hr), wishedFrom('high', hr)]).toEqual([side('42'), side('120')]);
    expect(wishedFrom('low', limit('hr', { patient: own({ low: 'off' }) }))).toEqual(side('50', true));
    expect(wishedFrom('high', limit('spo2', { high: null }))).toEqual(side(''));
  });
  it('shows old and new, and sends what was seen with what is wished; the unit’s own is left out', () => {
    expect(changeText(hr, side('45'), side('130'))).toBe('42–120 → 45–130');
    expect(wishOf(hr, side('45'), side('120'))).toEqual({ measure: 'hr', low: 45, seenLow: 42, seenHigh: 120 });
    expect(wishOf(hr, side('50'), side('', true))).toEqual({ measure: 'hr', high: 'off', seenLow: 42, seenHigh: 120 });
    const spo2 = limit('spo2', { low: 90, high: null });
    expect(wishOf(spo2, side('86'), side(''))).toEqual({ measure: 'spo2', low: 86, seenLow: 90 });
  });
  it.each([
    ['', side('42'), side('130'), ''],
    ['low must be 40 to 80.', side('39'), side('130'), ''],
    ['high must be 90 to 140.', side('42'), side('1300'), ''],
    ['Give a number for low.', side('4o'), side('130'), ''],
    ['Give a number for high.', side('42'), side(''), ''],
    ['Turning a limit off needs a reason.', side('42', true), side('130'), ' '],
    ['', side('42', true), side('130'), 'palliative'],
  ])('says "%s"', (why, low, high, reason) => {
    expect(whyNot(limit('hr'), low, high, reason)).toBe(why);
  });
});
