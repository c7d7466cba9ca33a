/** How Vigil itself did: what its processes reported on the log. */
import { expect } from 'vitest';
import { LATENCY_BOUNDS } from '../../../dashboards/grafana/engine/work.ts';
import type { EngineReport } from '../../../schemas/generated/vigil/v1/engine_pb.ts';
import { byName, numbersOf, records } from '../expectations/expectation.ts';
import { expectCurve, figures, inBuckets, sum } from './buckets.ts';
import { type Asked, type Check, type Checks, onPage, type Played } from './check.ts';
import type { Measured } from './logged.ts';

/** One figure of one process, as it was reported. */
interface Told extends Measured {
  readonly process: string;
  readonly label: string;
}

const reportsOn = ({ page }: Asked, { logged }: Played): readonly EngineReport[] => onPage(logged.reports, page);

const figuresOf = (asked: Asked, played: Played, metric: string): readonly Told[] =>
  reportsOn(asked, played).flatMap(({ process, atUs, readings }) =>
    readings.filter((each) => each.metric === metric).map(({ label, value }) => ({ process, atUs, label, value })),
  );

type Wanted = readonly (readonly [startMs: number, value: number])[];

const most = (told: readonly Told[], bucketMs: number): Wanted =>
  inBuckets(told, bucketMs).map(([at, values]) => [at, figures.max(values)]);

/** From the last figure of one bucket to that of the next; a curve has no growth before its second bucket. */
const growth = (told: readonly Told[], bucketMs: number): Wanted => {
  const last = inBuckets(told, bucketMs).map(([at, values]) => [at, figures.last(values)] as const);
  return last.slice(1).map(([at, value], i) => [at, value - last[i]![1]]);
};

/** Each curve by its name. */
const curvesBy = (
  metric: string,
  nameOf: (told: Told) => string,
  of: (told: readonly Told[], bucketMs: number) => Wanted,
): Check => ({
  holds: (asked, played) => {
    const wanted = Map.groupBy(figuresOf(asked, played, metric), nameOf);
    const seen = byName(asked.answer.curves);
    expect(wanted.size).toBeGreaterThan(0);
    expect(Object.keys(seen).toSorted()).toEqual([...wanted.keys()].toSorted());
    for (const [name, told] of wanted) expectCurve(seen[name], of(told, asked.bucketMs), name);
  },
});

const LATENCY = 'vigil_alert_latency_seconds_bucket';
const ofBound = (asked: Asked, played: Played, bound: string): Wanted => {
  const told = figuresOf(asked, played, LATENCY).filter(({ label }) => label === `le=${bound}`);
  const grown = [...Map.groupBy(told, ({ process }) => process).values()].flatMap((own) => growth(own, asked.bucketMs));
  const byBucket = Map.groupBy(grown, ([at]) => at);
  return [...byBucket]
    .map(([at, each]) => [at, sum(each.map(([, value]) => value))] as const)
    .toSorted(([a], [b]) => a - b);
};

const latency: Checks = Object.fromEntries(
  LATENCY_BOUNDS.map((bound, i) => [
    `engine | Latency of alerts | L${i}`,
    {
      holds: (asked, played) => {
        const below = i === 0 ? undefined : ofBound(asked, played, LATENCY_BOUNDS[i - 1]!);
        const wanted = ofBound(asked, played, bound).map(
          ([at, value], k) => [at, value - (below?.[k]?.[1] ?? 0)] as const,
        );
        expect(wanted.length).toBeGreaterThan(5);
        expectCurve(asked.answer.curves[0], wanted, bound);
      },
    } satisfies Check,
  ]),
);

const share = (bound: string): Check => ({
  holds: (asked, played) => {
    const all = ofBound(asked, played, '+Inf');
    const wanted = ofBound(asked, played, bound)
      .map(([at, value], i) => [at, (100 * value) / all[i]![1]] as const)
      .filter((_, i) => all[i]![1] > 0);
    expect(wanted.length).toBeGreaterThan(2);
    expectCurve(asked.answer.curves[0], wanted, bound);
  },
});

const perSecond = (told: readonly Told[], bucketMs: number): Wanted => {
  const last = inBuckets(told, bucketMs).map(([at, values]) => [at, figures.last(values)] as const);
  return last.slice(1).map(([at, value], i) => [at, (value - last[i]![1]) / ((at - last[i]![0]) / 1e3)]);
};

export const engineChecks: Checks = {
  ...latency,
  'engine | Alerts within a second | A': share('1'),
  'engine | Alerts within a second | B': share('0.25'),
  'engine | Parts of each process | A': {
    holds: (asked, played) => {
      const seen = byName(asked.answer.curves);
      expect(Object.keys(seen).toSorted()).toEqual(['analysis-0: inference', 'front: log']);
      const told = reportsOn(asked, played).filter(({ process }) => process === 'front');
      const wanted = inBuckets(
        told.map(({ atUs }) => ({ atUs, value: 1 })),
        asked.bucketMs,
      );
      expectCurve(
        seen['front: log'],
        wanted.map(([at]) => [at, 1]),
        'front: log',
      );
    },
  },
  'engine | Inference provider | A': curvesBy(
    'vigil_inference_provider_info',
    ({ process, label }) => `${process}: ${label}`,
    most,
  ),
  'engine | Lag of each stage | A': curvesBy('vigil_stage_lag_seconds', ({ label }) => label, most),
  'engine | Lag of each group | A': curvesBy('vigil_group_lag_records', ({ label }) => label, most),
  'engine | Rejected, by code | A': curvesBy('vigil_rejected_total', ({ label }) => label, growth),
  'engine | Rejected since the process started | A': {
    holds: (asked, played) => {
      const newest = figuresOf(asked, played, 'vigil_rejected_total').at(-1)!;
      expect(records(asked.answer.rows)).toEqual([{ process: 'front', label: newest.label, Messages: newest.value }]);
      expect(newest.value).toBeGreaterThan(4);
    },
  },
  'engine | Waves dropped | A': {
    // Nobody looked, so none were dropped: that is 0, and not nothing.
    holds: ({ answer }) => expect(new Set(numbersOf(answer.curves[0]!))).toEqual(new Set([0])),
  },
  'engine | Processor of each process | A': curvesBy('process_cpu_seconds_total', ({ process }) => process, perSecond),
  'engine | Memory of each process | A': curvesBy('process_resident_memory_bytes', ({ process }) => process, most),
  'engine | Starts of each process | A': {
    holds: ({ answer }) => {
      const seen = byName(answer.curves);
      expect(Object.keys(seen).toSorted()).toEqual(['analysis-0', 'front']);
      for (const curve of Object.values(seen)) expect(numbersOf(curve)).toEqual([1]);
    },
  },
};
