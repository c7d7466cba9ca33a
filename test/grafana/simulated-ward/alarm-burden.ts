/** The alarm burden, counted once more from the transitions on the log. */
import { expect } from 'vitest';
import { SignalState } from '../../../schemas/generated/vigil/v1/alarms_pb.ts';
import { byName, numbersOf, records } from '../expectations/expectation.ts';
import { median, nearestRank, sum } from './buckets.ts';
import { type Asked, type Check, type Checks, onPage, type Played } from './check.ts';
import { bedsOf, type Changed, changes } from './logged.ts';

const RINGING: readonly SignalState[] = [SignalState.ON, SignalState.PAUSED];
const SHOWN: readonly SignalState[] = [...RINGING, SignalState.LATCHED, SignalState.ACKNOWLEDGED];

/** It began to ring. */
export const began = ({ transition: { from, to } }: Changed): boolean =>
  RINGING.includes(to) && !RINGING.includes(from);
/** What it was at the onset and at its worst; what has ended is shown no more and has no text. */
export const textOf = ({ event, transition }: Changed): string => {
  const { text = '', worst = '' } = event.signals.find(({ alarm }) => alarm === transition.alarm) ?? {};
  return worst === '' ? text : `${text}; at worst ${worst}`;
};

const sinceOnsetS = ({ atUs, transition }: Changed): number =>
  (atUs - Number(transition.alarm.split('/').at(-1))) / 1e6;

/** Seconds until a nurse answered. */
const answeredS = (change: Changed): readonly number[] => {
  const { by, from, to, alarm } = change.transition;
  if (by === 'vigil') return [];
  if (to === SignalState.ACKNOWLEDGED)
    return [(change.atUs - change.event.signals.find((signal) => signal.alarm === alarm)!.sinceUs) / 1e6];
  return from === SignalState.LATCHED && to === SignalState.OFF ? [sinceOnsetS(change)] : [];
};
const lastedS = (change: Changed): readonly number[] => {
  const { from, to } = change.transition;
  return to === SignalState.OFF && SHOWN.includes(from) ? [sinceOnsetS(change)] : [];
};

const onThePage = ({ page }: Asked, { logged }: Played): readonly Changed[] => onPage(changes(logged), page);
const rang = (changed: readonly Changed[]): number => changed.filter(began).length;
const answers = (changed: readonly Changed[]): number => changed.flatMap(answeredS).length;

const figure = (wanted: (changed: readonly Changed[], played: Played) => number, page?: Check['page']): Check => ({
  ...(page === undefined ? {} : { page }),
  holds: (asked, played) => {
    const [seen] = numbersOf(asked.answer.curves[0]!);
    expect(seen).toBeCloseTo(wanted(onThePage(asked, played), played), 6);
  },
});

/** Roll calls, and pauses of sound that changed no alarm. */
const bedMinutes = ({ logged, fromMs, toMs }: Played): number =>
  onPage(logged.alarms, { fromMs, toMs, chosen: {} }).filter(
    ({ transition, judged, worse }) => transition === undefined && judged === '' && worse === '',
  ).length;

const perDay = (of: (change: Changed) => string): Check => ({
  holds: (asked, played) => {
    const wanted = Map.groupBy(onThePage(asked, played).filter(began), of);
    const seen = byName(asked.answer.curves);
    expect(Object.keys(seen).toSorted()).toEqual([...wanted.keys()].toSorted());
    for (const [name, own] of wanted) expect(sum(numbersOf(seen[name]!)), name).toBe(own.length);
  },
});

const counts = (changed: readonly Changed[]) => ({
  ...{ Rang: rang(changed), Acknowledged: answers(changed), 'Not acknowledged': rang(changed) - answers(changed) },
});
/** Alarms that neither began nor were answered in the range are listed with zeros. */
const sorted = (rows: readonly Readonly<Record<string, unknown>>[]) =>
  rows.map((row) => JSON.stringify(row, Object.keys(row).toSorted())).toSorted();
const hasAny = (changed: readonly Changed[]): boolean => rang(changed) + answers(changed) > 0;

const byCondition = (changed: readonly Changed[]) => [
  ...Map.groupBy(changed, ({ condition, priority }) => `${condition} ${priority}`).values(),
];

const spread = (of: string, seconds: (change: Changed) => readonly number[]): Check => ({
  holds: (asked, played) => {
    const seen = records(asked.answer.rows);
    const wanted = byCondition(onThePage(asked, played)).filter((own) => own.some((each) => seconds(each).length > 0));
    expect(wanted.length).toBeGreaterThan(2);
    expect(seen).toHaveLength(wanted.length);
    for (const own of wanted) {
      const { condition } = own[0]!;
      const lengths = own.flatMap(seconds);
      const row = seen.find((each) => each['condition'] === condition)!;
      expect(row[`${of}: median`], condition).toBeCloseTo(median(lengths), 6);
      expect(row[`${of}: 90 %`], condition).toBeCloseTo(nearestRank(lengths, 90), 6);
      expect(row[`${of}: longest`], condition).toBeCloseTo(Math.max(...lengths), 6);
    }
  },
});

const byBed = (changed: readonly Changed[]): readonly (readonly [bed: string, rang: number])[] =>
  [...Map.groupBy(changed.filter(began), ({ bed }) => bed)]
    .map(([bed, own]) => [bed, own.length] as const)
    .toSorted(([, a], [, b]) => b - a);

const tables: Checks = {
  'alarm-burden | By condition and priority | A': {
    holds: (asked, played) => {
      const wanted = byCondition(onThePage(asked, played)).filter(hasAny);
      const rows = wanted.map((own) => ({ condition: own[0]!.condition, priority: own[0]!.priority, ...counts(own) }));
      expect(sorted(records(asked.answer.rows))).toEqual(sorted(rows));
    },
  },
  'alarm-burden | By condition and priority | B': spread('Answered', answeredS),
  'alarm-burden | By condition and priority | C': spread('Lasted', lastedS),
  'alarm-burden | The 10 beds that rang most | A': {
    holds: (asked, played) =>
      expect(sorted(records(asked.answer.rows))).toEqual(
        sorted(byBed(onThePage(asked, played)).map(([bed, Alarms]) => ({ bed, Alarms }))),
      ),
  },
  'alarm-burden | By bed | A': {
    holds: (asked, played) => {
      const beds = [...Map.groupBy(onThePage(asked, played), ({ bed }) => bed)].filter(([, own]) => hasAny(own));
      expect(sorted(records(asked.answer.rows))).toEqual(sorted(beds.map(([bed, own]) => ({ bed, ...counts(own) }))));
    },
  },
  'alarm-burden | Alarms by hour of the day | A': {
    holds: (asked, played) => {
      const seen = records(asked.answer.rows).map(({ Alarms }) => Number(Alarms));
      expect(sum(seen)).toBe(rang(onThePage(asked, played)));
    },
  },
};

export const alarmBurdenChecks: Checks = {
  'alarm-burden | unit': {
    holds: ({ answer }) => expect(answer.curves.flatMap(({ points }) => points.map(([, it]) => it))).toContain('icu'),
  },
  'alarm-burden | bed_minutes': figure((_, played) => bedMinutes(played)),
  'alarm-burden | tenth_less_one': figure((_, { logged }) => Math.ceil(bedsOf(logged).length / 10) - 1),
  ...Object.fromEntries(
    [['high', '***'] as const, ['medium', '**'] as const, ['low', '*'] as const].map(([priority, mark]) => [
      `alarm-burden | ${mark} ${priority}: rang | A`,
      figure((changed) => rang(changed.filter((each) => each.priority === priority))),
    ]),
  ),
  'alarm-burden | Rang and were not acknowledged | A': figure((changed) => {
    const grave = changed.filter(({ priority }) => priority !== 'low');
    return rang(grave) - answers(grave);
  }),
  'alarm-burden | Per bed and day | A': figure(
    (changed, played) => (rang(changed) * 1_440) / bedMinutes(played),
    (played) => ({ chosen: { bed_minutes: String(bedMinutes(played)) } }),
  ),
  'alarm-burden | Share of the worst 10 % of beds | A': figure(
    (changed) => (100 * byBed(changed)[0]![1]) / rang(changed),
    () => ({ chosen: { tenth_less_one: '0' } }),
  ),
  'alarm-burden | Alarms per bed and day | A': perDay(({ bed }) => bed),
  'alarm-burden | Alarms per priority and day | A': perDay(({ priority }) => priority),
  ...tables,
};
