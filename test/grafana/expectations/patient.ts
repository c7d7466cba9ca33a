import { expect } from 'vitest';
import { MDC, signalOf } from '../../../schemas/codes.ts';
import { RhythmKind } from '../../../schemas/generated/vigil/v1/findings_pb.ts';
import { LAB, laboratoryValueOf } from '../../../schemas/laboratory.ts';
import { tagValue } from '../../../schemas/tag-value.ts';
import type { Curve } from '../page.ts';
import { alarms, delayMs, priorityOf } from '../recorded-ward/alarms.ts';
import { everySecond, HEART_RATE_BASE, HEART_RATE_PEAK, nowAndThen, OLD } from '../recorded-ward/numbers.ts';
import {
  AGO,
  BED,
  BRIEF_BED,
  DAY,
  END_MS,
  gravity,
  HOUR,
  MINUTE,
  OTHER_BED,
  SECOND,
  SILENT_BED,
} from '../recorded-ward/story.ts';
import { R_WAVE_MV, STRIP_RATE_HZ } from '../recorded-ward/strips.ts';
import { byName, type Expectation, type Expectations, longestGapMs, numbersOf, records, told } from './expectation.ts';

const label = (code: number): string => signalOf(code)!.label;

const lastHour = { fromMs: END_MS - HOUR, toMs: END_MS };
const old = { fromMs: END_MS - AGO.old - 5 * DAY, toMs: END_MS - AGO.old + 5 * DAY };

/** Least, mean and most of a signal of the last hour, once a second. */
const eachSecond = (code: number, base: number, name = label(code)): Expectation => ({
  page: lastHour,
  curves: (curves) => {
    const named = byName(curves);
    expect(Object.keys(named).toSorted()).toEqual([`${name} max`, `${name} mean`, `${name} min`]);
    expect(Math.min(...numbersOf(named[`${name} min`]!))).toBe(base);
    expect(Math.max(...numbersOf(named[`${name} max`]!))).toBe(base + 2);
    const means = numbersOf(named[`${name} mean`]!);
    expect(means.reduce((sum, each) => sum + each, 0) / means.length).toBeCloseTo(base + 1, 1);
  },
});
/** A number that comes now and then; between two of them is a gap. */
const spot = (code: number): Expectation => {
  const [, everyMs, value] = nowAndThen.find(([each]) => each === code)!;
  return {
    page: lastHour,
    curves: (curves) => {
      for (const curve of curves) {
        expect(numbersOf(curve)).toEqual(Array.from({ length: HOUR / everyMs }, () => value));
        expect(curve.points.length).toBeGreaterThan(2 * numbersOf(curve).length);
      }
    },
  };
};
/** Of forty days ago only the minutes are left: least, mean by counts, most. */
const minutesOf = (base: number, name: string): Expectation => ({
  page: old,
  curves: (curves) => {
    const named = byName(curves);
    const value = (of: string): number => {
      const values = numbersOf(named[`${name} ${of} (minutes)`]!);
      expect(values).toHaveLength(1);
      return values[0]!;
    };
    expect(value('min')).toBe(base + OLD.min);
    expect(value('max')).toBe(base + OLD.max);
    // The server adds thirty floats.
    expect(value('mean')).toBeCloseTo(base + OLD.mean, 9);
  },
});
const perSecond = (title: string, codes: readonly number[]): Expectations =>
  Object.fromEntries(
    codes.flatMap((code, i) => {
      const base = everySecond.find(([each]) => each === code)![2];
      return [
        [`patient | ${title} | R${i}`, eachSecond(code, base)],
        [`patient | ${title} | M${i}`, minutesOf(base, label(code))],
      ];
    }),
  );
const spots = (title: string, codes: readonly number[]): Expectations =>
  Object.fromEntries(
    codes.flatMap((code, i) => {
      const value = nowAndThen.find(([each]) => each === code)![2];
      return [
        [`patient | ${title} | R${i}`, spot(code)],
        [`patient | ${title} | M${i}`, minutesOf(value, label(code))],
      ];
    }),
  );

const complete = (percent: number, zeros: number): Expectation => ({
  page: { fromMs: END_MS - HOUR + 30 * SECOND, toMs: END_MS },
  curves: ([curve]) => {
    // The bucket before the page makes the first one whole; the newest three minutes are not judged.
    const seen = curve!.points.filter(([at]) => at >= END_MS - HOUR && at < END_MS - 4 * MINUTE);
    expect(seen.length).toBeGreaterThan(50);
    expect(seen.filter(([, value]) => value === 0)).toHaveLength(zeros);
    expect(new Set(seen.map(([, value]) => value).filter((value) => value !== 0))).toEqual(new Set([percent]));
  },
});

/** The bucket that holds a moment. */
const at = (curve: Curve, moment: number): unknown => curve.points.findLast(([from]) => from <= moment)?.[1];
const own = alarms.filter(({ bed }) => bed === BED);
const marks = (priority: string): Expectation => ({
  curves: (curves) => {
    const [texts, conditions, priorities] = curves;
    const expected = own.filter((alarm) => priorityOf(alarm) === priority).toSorted((a, b) => b.ago - a.ago);
    expect(texts!.points).toEqual(expected.map((alarm) => [END_MS - alarm.ago + delayMs(alarm), alarm.text]));
    expect(conditions!.points.map(([, it]) => it)).toEqual(expected.map(({ condition }) => condition));
    expect(priorities!.points.every(([, it]) => it === priority)).toBe(true);
  },
});

export const patientExpectations: Expectations = {
  'patient | unit': {
    curves: (curves) => expect(curves.flatMap(({ points }) => points.map(([, it]) => it))).toContain('icu'),
  },
  'patient | bed': {
    page: { chosen: { unit: 'icu' } },
    curves: (curves) =>
      expect([...new Set(curves.flatMap(({ points }) => points.map(([, it]) => it)))].toSorted()).toEqual([
        ...[BED, OTHER_BED, SILENT_BED, BRIEF_BED],
      ]),
  },
  'patient | lead': {
    curves: (curves) =>
      expect(curves.flatMap(({ points }) => points.map(([, it]) => it)).toSorted()).toEqual(['II', 'PLETH']),
  },
  'patient | annotation *** high': marks('high'),
  'patient | annotation ** medium': marks('medium'),
  'patient | annotation * low': {
    page: { chosen: { bed: OTHER_BED } },
    curves: ([texts]) => expect(texts!.points.map(([, text]) => text)).toEqual(['ECG NOISY']),
  },
  // A gap in the ECG is not one: only what was concluded is void there.
  'patient | annotation another patient, or begun anew': {
    curves: ([why]) => expect(why!.points).toEqual([[END_MS - AGO.anotherPatient, 'another patient']]),
  },
  'patient | Rhythm | A': {
    curves: ([ribbon]) => {
      const vt = told(ribbon!).filter(([, value]) => value === gravity(RhythmKind.VT));
      expect(vt).toHaveLength(1);
      expect(at(ribbon!, END_MS - AGO.vt)).toBe(gravity(RhythmKind.VT));
      expect(at(ribbon!, END_MS - 4.5 * HOUR)).toBe(gravity(RhythmKind.AF));
      expect(at(ribbon!, END_MS - 2 * HOUR)).toBe(gravity(RhythmKind.SINUS_LIKE));
      // Two silent hours are empty: the rhythm before them is not drawn on.
      expect(at(ribbon!, END_MS - 9 * HOUR)).toBeNull();
      expect(longestGapMs(ribbon!)).toBeGreaterThan(AGO.silentFrom - AGO.silentTo - 10 * MINUTE);
    },
  },
  'patient | Rhythm | B': {
    page: old,
    curves: ([ribbon]) => expect(numbersOf(ribbon!)).toEqual([gravity(RhythmKind.VF)]),
  },
  'patient | Heart rate | R0': eachSecond(MDC.ecgHeartRate, 71, 'HR by Vigil'),
  'patient | Heart rate | M0': minutesOf(71, 'HR by Vigil'),
  'patient | Heart rate | R1': {
    curves: (curves) => {
      const most = byName(curves)['HR by the monitor max']!;
      expect(told(most).filter(([, value]) => value === HEART_RATE_PEAK)).toHaveLength(1);
      expect(at(most, END_MS - AGO.vt)).toBe(HEART_RATE_PEAK);
      const least = numbersOf(byName(curves)['HR by the monitor min']!);
      expect(Math.min(...least)).toBe(HEART_RATE_BASE);
      expect(at(most, END_MS - 9 * HOUR)).toBeNull();
    },
  },
  'patient | Heart rate | M1': minutesOf(HEART_RATE_BASE, 'HR by the monitor'),
  'patient | Heart rate | R2': eachSecond(MDC.pulseRate, 69),
  'patient | Heart rate | M2': minutesOf(69, label(MDC.pulseRate)),
  ...perSecond('Respiratory rate', [MDC.respRate, MDC.respRateCo2]),
  ...perSecond('Arterial pressure', [MDC.abpSystolic, MDC.abpMean, MDC.abpDiastolic]),
  ...perSecond('End-tidal CO₂', [MDC.etco2]),
  ...perSecond('Central venous pressure', [MDC.cvpMean]),
  ...perSecond('Oxygen saturation', [MDC.spo2]),
  ...spots('Non-invasive blood pressure', [MDC.nibpSystolic, MDC.nibpMean, MDC.nibpDiastolic]),
  ...spots('Temperature', [MDC.temperature]),
  ...spots('Lactate', [LAB.lactate]),
  ...spots('Potassium', [LAB.potassium]),
  ...spots('Creatinine', [LAB.creatinine]),
  ...spots('Bilirubin', [LAB.bilirubin]),
  ...spots('White cells', [LAB.leukocytes]),
  ...spots('Platelets', [LAB.platelets]),
  'patient | Laboratory values | A': {
    page: lastHour,
    rows: (rows) => {
      expect(rows.columns).toEqual(['Time', 'Analyte', 'Value', 'Unit']);
      const said = nowAndThen.filter(([code]) => laboratoryValueOf(code) !== undefined);
      expect(rows.rows).toHaveLength(2 * said.length);
      for (const [code, everyMs, value] of said)
        expect(rows.rows.filter(([, analyte]) => analyte === String(code))).toEqual([
          [END_MS - everyMs, String(code), value, tagValue(signalOf(code)!.ucum)],
          [END_MS - 2 * everyMs, String(code), value, tagValue(signalOf(code)!.ucum)],
        ]);
    },
  },
  'patient | NEWS2 | A': {
    page: lastHour,
    curves: ([curve]) => {
      expect(numbersOf(curve!)).toHaveLength(60);
      expect(numbersOf(curve!).filter((value) => value === 7)).toHaveLength(1);
    },
  },
  'patient | Risk of sepsis | A': {
    curves: ([curve]) => {
      expect(numbersOf(curve!)).toEqual([2, 12.5, 4]);
      expect(told(curve!).map(([time]) => Math.floor((END_MS - time) / HOUR))).toEqual([8, 7, 5]);
    },
  },
  'patient | Risk of sepsis | B': {
    curves: ([low, high]) => {
      expect(numbersOf(low!)).toEqual([1, 6.25, 2]);
      expect(numbersOf(high!)).toEqual([4, 25, 8]);
    },
  },
  'patient | Beats per minute, by class | A': {
    page: lastHour,
    curves: (curves) => {
      const { N, V } = byName(curves) as Record<'N' | 'V', Curve>;
      // No beat before the last ten minutes is no bar, not a bar of 0.
      expect(numbersOf(N)).toEqual(Array.from({ length: 10 }, () => 54));
      expect(numbersOf(V)).toEqual(Array.from({ length: 10 }, () => 6));
      expect(N.points.length).toBeGreaterThan(50);
    },
  },
  'patient | Alarms | A': {
    rows: (rows) => {
      expect(rows.columns).toEqual(['Time', 'Onset', 'Alarm', 'Priority', 'Condition', 'Why it rang']);
      const newestFirst = own.toSorted((a, b) => a.ago - b.ago);
      expect(rows.rows).toEqual(
        newestFirst.map((alarm) => [
          END_MS - alarm.ago + delayMs(alarm),
          END_MS - alarm.ago,
          alarm.text,
          priorityOf(alarm),
          alarm.condition,
          priorityOf(alarm) === 'high' ? 'condition present' : 'present for 2 s',
        ]),
      );
    },
  },
  'patient | Changes of the rhythm | A': {
    page: { fromMs: END_MS - DAY - MINUTE, toMs: END_MS },
    rows: (rows) => {
      expect(rows.rows.map(([, rhythm]) => rhythm)).toEqual([
        ...['sinus-like', 'AF', 'sinus-like', 'sinus-like', 'VT', 'sinus-like'],
      ]);
      expect(rows.rows[4]![0]).toBe(END_MS - AGO.vt);
    },
  },
  'patient | Strip: ${lead:text} | A': {
    page: { fromMs: END_MS - AGO.vt - 12 * SECOND, toMs: END_MS - AGO.vt + 12 * SECOND, chosen: { lead: 'II' } },
    curves: (curves) => {
      const named = byName(curves);
      const [least, most] = [named['II least, device 1']!, named['II most, device 1']!];
      // Every sample by itself, at its own millisecond; the hole of a second is one.
      expect(told(most)).toHaveLength(19 * STRIP_RATE_HZ);
      expect(numbersOf(least)).toEqual(numbersOf(most));
      expect(numbersOf(most).filter((value) => value === R_WAVE_MV)).toHaveLength(19);
      expect(told(most)[0]![0]).toBe(END_MS - AGO.vt - 10 * SECOND);
      expect(longestGapMs(most)).toBe(SECOND + 1e3 / STRIP_RATE_HZ);
    },
  },
  'patient | Completeness | C0': complete(100, 0),
  'patient | Completeness | C1': complete(100, 0),
  'patient | Completeness | C2': complete(100, 5),
  'patient | Completeness | C3': complete(100, 0),
  // One in two seconds is often enough for a pressure.
  'patient | Completeness | C4': complete(100, 0),
  'patient | What became of them | A': {
    rows: (rows) => {
      const all = records(rows);
      const steps = all.map(({ Condition, From, To }) => `${Condition}: ${From} → ${To}`);
      expect(steps).toEqual([
        ...['spo2-low: on → off', 'spo2-low: waiting → on', 'spo2-low: off → waiting'],
        ...['spo2-low: acknowledged → off', 'spo2-low: on → acknowledged'],
        ...['spo2-low: waiting → on', 'spo2-low: off → waiting'],
        ...['af: acknowledged → off', 'af: on → acknowledged', 'af: waiting → on', 'af: off → waiting'],
        // It was over before somebody came.
        ...['vt: latched → off', 'vt: on → latched', 'vt: off → on'],
      ]);
      // What has ended is shown no more, so it has no text, but a name.
      const texts = all.map(({ Alarm, To }) => (To === 'off' ? Alarm === '' : own.some(({ text }) => text === Alarm)));
      expect(texts).toEqual(all.map(() => true));
      expect(
        all.filter(({ By }) => By === 'Nurse Kim').map((row) => [row['Condition'], row['Why'], row['Answered after']]),
      ).toEqual([
        ...[
          ['spo2-low', 'acknowledged', 20],
          ['af', 'acknowledged', 100],
          ['vt', 'acknowledged', 40],
        ],
      ]);
    },
  },
};
