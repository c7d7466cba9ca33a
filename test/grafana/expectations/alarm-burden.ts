import { expect } from 'vitest';
import { alarms, BED_MINUTES, delayMs, priorityOf } from '../recorded-ward/alarms.ts';
import { BED, BRIEF_BED, DAY, END_MS, HOUR, OTHER_BED, SILENT_BED } from '../recorded-ward/story.ts';
import { byName, type Expectation, type Expectations, numbersOf, records } from './expectation.ts';

const rang = (priority: string): Expectation => ({
  curves: (curves) =>
    expect(curves.map(numbersOf)).toEqual([[alarms.filter((alarm) => priorityOf(alarm) === priority).length]]),
});

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

const week = { fromMs: END_MS - 7 * DAY, toMs: END_MS };
/** With what the hidden variables hold. */
const counted = { ...week, chosen: { bed_minutes: String(BED_MINUTES), tenth_less_one: '0' } };
const startOfDay = (atMs: number): number => Math.floor(atMs / DAY) * DAY;
/** Counted by hand, per calendar day in UTC. */
const perDay = (of: (alarm: (typeof alarms)[number]) => string): Expectation => ({
  page: week,
  curves: (curves) => {
    const named = byName(curves);
    expect(Object.keys(named).toSorted()).toEqual([...new Set(alarms.map(of))].toSorted());
    for (const [name, curve] of Object.entries(named)) {
      expect(curve.points).toHaveLength(8);
      for (const [day, count] of curve.points)
        expect([name, day, count]).toEqual([
          name,
          day,
          alarms.filter((alarm) => of(alarm) === name && startOfDay(END_MS - alarm.ago + delayMs(alarm)) === day)
            .length,
        ]);
    }
  },
});
export const alarmBurdenExpectations: Expectations = {
  'alarm-burden | unit': {
    page: week,
    curves: (curves) => expect(curves.flatMap(({ points }) => points.map(([, it]) => it))).toContain('icu'),
  },
  'alarm-burden | *** high: rang | A': { page: week, ...rang('high') },
  'alarm-burden | ** medium: rang | A': { page: week, ...rang('medium') },
  'alarm-burden | * low: rang | A': { page: week, ...rang('low') },
  'alarm-burden | Rang and were not acknowledged | A': {
    page: week,
    curves: (curves) => expect(curves.map(numbersOf)).toEqual([[2]]),
  },
  'alarm-burden | bed_minutes': {
    page: week,
    curves: (curves) => expect(curves.map(numbersOf)).toEqual([[BED_MINUTES]]),
  },
  'alarm-burden | tenth_less_one': {
    page: week,
    // Of five beds one.
    curves: (curves) => expect(curves.map(numbersOf)).toEqual([[0]]),
  },
  'alarm-burden | Per bed and day | A': {
    page: counted,
    curves: (curves) => expect(numbersOf(curves[0]!)[0]).toBeCloseTo(alarms.length / (BED_MINUTES / 1_440), 9),
  },
  'alarm-burden | Share of the worst 10 % of beds | A': {
    page: counted,
    curves: (curves) => expect(curves.map(numbersOf)).toEqual([[50]]),
  },
  'alarm-burden | Alarms by hour of the day | A': {
    page: week,
    rows: (rows) => {
      expect(rows.rows).toHaveLength(7 * 24 + 1);
      expect(sum(records(rows).map(({ Alarms }) => Number(Alarms)))).toBe(alarms.length);
    },
  },
  'alarm-burden | Alarms per bed and day | A': perDay(({ bed }) => bed),
  'alarm-burden | Alarms per priority and day | A': perDay(priorityOf),
  'alarm-burden | By condition and priority | A': {
    page: week,
    rows: (rows) => {
      const found = records(rows);
      expect(sum(found.map(({ Rang }) => Number(Rang)))).toBe(alarms.length);
      expect(found).toContainEqual({
        ...{ condition: 'spo2-low', priority: 'medium', Rang: 3, Acknowledged: 2, 'Not acknowledged': 1 },
      });
      expect(found).toContainEqual({
        ...{ condition: 'lead-off', priority: 'medium', Rang: 1, Acknowledged: 0, 'Not acknowledged': 1 },
      });
    },
  },
  'alarm-burden | By condition and priority | B': {
    page: week,
    rows: (rows) => {
      const found = records(rows);
      expect(found).toContainEqual({
        ...{ condition: 'spo2-low', priority: 'medium' },
        ...{ 'Answered: median': 40, 'Answered: 90 %': 60, 'Answered: longest': 60 },
      });
      expect(found).toContainEqual({
        ...{ condition: 'vt', priority: 'high' },
        ...{ 'Answered: median': 40, 'Answered: 90 %': 40, 'Answered: longest': 40 },
      });
      // Nobody answered: no time, and not 0 s.
      expect(found.find(({ condition }) => condition === 'lead-off')?.['Answered: median'] ?? null).toBeNull();
    },
  },
  'alarm-burden | By condition and priority | C': {
    page: week,
    rows: (rows) => {
      const found = records(rows);
      expect(found).toContainEqual({
        ...{ condition: 'spo2-low', priority: 'medium' },
        ...{ 'Lasted: median': 90, 'Lasted: 90 %': 300, 'Lasted: longest': 300 },
      });
      // It still goes on.
      expect(found.map(({ condition }) => condition)).not.toContain('hr-high');
    },
  },
  'alarm-burden | The 10 beds that rang most | A': {
    page: week,
    rows: (rows) =>
      expect(records(rows).toSorted((a, b) => Number(b['Alarms']) - Number(a['Alarms']))).toEqual([
        { Alarms: 4, bed: BED },
        { Alarms: 2, bed: OTHER_BED },
        { Alarms: 1, bed: SILENT_BED },
        { Alarms: 1, bed: BRIEF_BED },
      ]),
  },
  'alarm-burden | By bed | A': {
    page: { fromMs: END_MS - 4 * HOUR, toMs: END_MS },
    rows: (rows) =>
      expect(records(rows)).toEqual([
        { bed: BED, Rang: 2, Acknowledged: 1, 'Not acknowledged': 1 },
        { bed: OTHER_BED, Rang: 2, Acknowledged: 1, 'Not acknowledged': 1 },
      ]),
  },
};
