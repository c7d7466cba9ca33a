/** The ward as it is now: the newest things on the log, and which of them are too old. */
import { expect } from 'vitest';
import { freshSeconds } from '../../../dashboards/grafana/fresh.ts';
import { MDC } from '../../../schemas/codes.ts';
import { type AlarmEvent, Priority, SignalState } from '../../../schemas/generated/vigil/v1/alarms_pb.ts';
import { numbersOf, records } from '../expectations/expectation.ts';
import { sum } from './buckets.ts';
import type { Check, Checks } from './check.ts';
import { BEDS } from './devices.ts';
import { bedsOf, found, type Logged, marked, measured } from './logged.ts';
import { LEAVING_BED } from './play.ts';

/** Newest thing of each bed that has any. */
type Newest<A> = ReadonlyMap<string, { readonly atUs: number; readonly value: A }>;

const newestOf = <A>(
  logged: Logged,
  of: (bed: string) => readonly { readonly atUs: number; readonly value: A }[],
): Newest<A> =>
  new Map(
    bedsOf(logged).flatMap((bed) => {
      const newest = of(bed)
        .toSorted((a, b) => a.atUs - b.atUs)
        .at(-1);
      return newest === undefined ? [] : [[bed, newest] as const];
    }),
  );

/** Those that are not older than the limit at the moment of the question. */
const fresh = <A>(newest: Newest<A>, limitS: number, askedAtMs: number): Newest<A> =>
  new Map([...newest].filter(([, { atUs }]) => atUs > (askedAtMs - limitS * 1e3) * 1e3));

const SHOWN: readonly SignalState[] = [
  ...[SignalState.ON, SignalState.PAUSED, SignalState.LATCHED, SignalState.ACKNOWLEDGED],
];
const pictureOf = ({ signals }: AlarmEvent) => {
  const shown = signals.filter(({ state }) => SHOWN.includes(state));
  const count = (priority: Priority): number => shown.filter((signal) => signal.priority === priority).length;
  return {
    ...{ '*** high': count(Priority.HIGH), '** medium': count(Priority.MEDIUM), '* low': count(Priority.LOW) },
    'Gravest alarm': shown[0]?.text ?? '',
  };
};

const pictures = (logged: Logged) =>
  newestOf(logged, (bed) =>
    logged.alarms.filter((event) => event.bed === bed).map((event) => ({ atUs: event.atUs, value: pictureOf(event) })),
  );
const scores = (logged: Logged) =>
  newestOf(logged, (bed) =>
    found(logged, bed, 'score').map(({ atUs, value: { missing, value } }) => ({
      atUs,
      value: { 'Inputs missing': missing.length, NEWS2: value ?? null },
    })),
  );
const numbers = (logged: Logged, code: number, as: string) =>
  newestOf(logged, (bed) => measured(logged, bed, code).map(({ atUs, value }) => ({ atUs, value: { [as]: value } })));
const rhythms = (logged: Logged) =>
  newestOf(logged, (bed) => marked(logged, bed).map(({ atUs, value }) => ({ atUs, value: { Rhythm: value } })));

type Shown = readonly [
  refId: string,
  limitS: number,
  newest: (logged: Logged) => Newest<Readonly<Record<string, unknown>>>,
];
const shown: readonly Shown[] = [
  ['A', freshSeconds.picture, pictures],
  ['B', freshSeconds.score, scores],
  ['C', freshSeconds[MDC.ecgHeartRate], (logged) => numbers(logged, MDC.ecgHeartRate, 'HR')],
  ['D', freshSeconds[MDC.spo2], (logged) => numbers(logged, MDC.spo2, 'SpO₂')],
  ['E', freshSeconds.rhythm, rhythms],
];

/**
 * Whether nothing became old between two moments, and the monitors that speak are heard: the server may have judged at any
 * moment in between. Its clock is ours: both are this machine's.
 */
export const isClear = (logged: Logged, fromMs: number, toMs: number): boolean =>
  shown.every(([, limitS, newest]) => {
    const all = newest(logged);
    return (
      fresh(all, limitS, fromMs).size === fresh(all, limitS, toMs).size && fresh(all, limitS, toMs).size > BEDS / 2
    );
  });

const checksOf = ([refId, limitS, newest]: Shown): Checks => ({
  [`ward | Beds | ${refId}`]: {
    holds: ({ answer, page }, { logged }) => {
      const wanted = [...fresh(newest(logged), limitS, page.toMs)].map(([bed, { value }]) => ({ bed, ...value }));
      const byBed = (rows: readonly Readonly<Record<string, unknown>>[]) =>
        rows.toSorted((a, b) => String(a['bed']).localeCompare(String(b['bed'])));
      expect(byBed(records(answer.rows))).toEqual(byBed(wanted));
      // Its monitor went away a minute and a half ago.
      if (limitS < 60) expect(records(answer.rows).map(({ bed }) => bed)).not.toContain(LEAVING_BED);
    },
  },
  [`ward | Beds | ${refId}age`]: {
    holds: ({ answer }, { logged }) => {
      const { rows, columns } = answer.rows;
      const seen = rows.map((row) => [row[columns.indexOf('bed')], row[0]]);
      expect(seen.map(([bed]) => bed)).toContain(LEAVING_BED);
      expect(seen.toSorted()).toEqual(
        [...newest(logged)].map(([bed, { atUs }]) => [bed, Math.floor(atUs / 1e3)]).toSorted(),
      );
    },
  },
});

const shownNow = (name: '*** high' | '** medium' | '* low'): Check => ({
  holds: ({ answer, page }, { logged }) => {
    const told = [...fresh(pictures(logged), freshSeconds.picture, page.toMs).values()];
    expect(numbersOf(answer.curves[0]!)).toEqual([sum(told.map(({ value }) => value[name]))]);
  },
});

export const wardChecks: Checks = {
  'ward | unit': {
    holds: ({ answer }) =>
      expect(new Set(answer.curves.flatMap(({ points }) => points.map(([, it]) => it)))).toEqual(new Set(['icu'])),
  },
  'ward | *** high priority alarms now | A': shownNow('*** high'),
  'ward | ** medium priority alarms now | A': shownNow('** medium'),
  'ward | * low priority alarms now | A': shownNow('* low'),
  ...Object.assign({}, ...shown.map(checksOf)),
};
