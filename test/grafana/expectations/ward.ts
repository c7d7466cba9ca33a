import { expect } from 'vitest';
import { RhythmKind } from '../../../schemas/generated/vigil/v1/findings_pb.ts';
import { BED, BRIEF_BED, gravity, ODD_BED, OTHER_BED, SILENT_BED } from '../recorded-ward/story.ts';
import { type Expectations, numbersOf, records } from './expectation.ts';

const live = true;
const now = (sum: number) =>
  ({
    live,
    curves: (curves: Parameters<NonNullable<Expectations[string]['curves']>>[0]) =>
      expect(curves.map(numbersOf)).toEqual([[sum]]),
  }) as const;

/** Newest of each bed; the bed that fell silent has an age and no number. */
const aged = (...beds: readonly string[]) =>
  ({
    live,
    rows: (rows: Parameters<NonNullable<Expectations[string]['rows']>>[0]) => {
      expect(rows.rows.map((row) => row[rows.columns.indexOf('bed')]).toSorted()).toEqual(beds.toSorted());
      for (const [at] of rows.rows) expect(Date.now() - Number(at)).toBeLessThan(86_400e3);
    },
  }) as const;

export const wardExpectations: Expectations = {
  'ward | unit': {
    curves: (curves) =>
      expect(new Set(curves.flatMap(({ points }) => points.map(([, it]) => it)))).toEqual(new Set(['icu', 'ccu/3.1'])),
  },
  'ward | *** high priority alarms now | A': now(1),
  'ward | ** medium priority alarms now | A': now(2),
  'ward | * low priority alarms now | A': now(1),
  'ward | Beds | A': {
    live,
    rows: (rows) =>
      expect(records(rows)).toEqual([
        { bed: ODD_BED, '*** high': 0, '** medium': 0, '* low': 1, 'Gravest alarm': 'ECG NOISY' },
        { bed: BED, '*** high': 1, '** medium': 2, '* low': 0, 'Gravest alarm': 'VTACH 190/min' },
        { bed: OTHER_BED, '*** high': 0, '** medium': 0, '* low': 0, 'Gravest alarm': '' },
      ]),
  },
  // Every bed that had an alarm, also the one of which nothing else was kept.
  'ward | Beds | Aage': aged(BED, OTHER_BED, ODD_BED, SILENT_BED, BRIEF_BED),
  'ward | Beds | B': {
    live,
    rows: (rows) =>
      expect(records(rows)).toEqual([
        { bed: BED, 'Inputs missing': 0, NEWS2: 6 },
        { bed: OTHER_BED, 'Inputs missing': 2, NEWS2: null },
      ]),
  },
  'ward | Beds | Bage': aged(BED, OTHER_BED),
  'ward | Beds | C': { live, rows: (rows) => expect(records(rows)).toEqual([{ bed: BED, HR: 132 }]) },
  'ward | Beds | Cage': aged(BED, OTHER_BED, SILENT_BED),
  'ward | Beds | D': {
    live,
    rows: (rows) =>
      expect(records(rows)).toEqual([
        { bed: BED, 'SpO₂': 93 },
        { bed: OTHER_BED, 'SpO₂': 98 },
      ]),
  },
  'ward | Beds | Dage': aged(BED, OTHER_BED, SILENT_BED),
  'ward | Beds | E': {
    live,
    rows: (rows) => expect(records(rows)).toEqual([{ bed: BED, Rhythm: gravity(RhythmKind.VT) }]),
  },
  'ward | Beds | Eage': aged(BED),
};
