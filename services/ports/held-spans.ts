import { type Moment, minutes, moment } from '../../schemas/units.ts';
import { type Hold, stands } from './holds.ts';
import type { TimeRange } from './series-store.ts';

/** A minute, or a block of waves, that reaches into a span begins before it. */
const REACHES_IN = minutes(10);
/** Before every moment that a store may have: the year 1684, where InfluxDB's time nearly begins. */
export const BEGINNING = moment(-9e15);

/** The spans of each bed that standing holds keep, each from ten minutes before; in order, and none touches another. */
export const heldSpans = (holds: readonly Hold[]): ReadonlyMap<string, readonly TimeRange[]> => {
  const spans = new Map<string, TimeRange[]>();
  for (const { bed, from, to } of holds.filter(stands).toSorted((a, b) => a.from - b.from)) {
    const own = spans.get(bed) ?? [];
    spans.set(bed, own);
    const span = { from: moment(from - REACHES_IN), to: to ?? moment(Number.POSITIVE_INFINITY) };
    const last = own.at(-1);
    if (last === undefined || last.to < span.from) own.push(span);
    else own[own.length - 1] = { from: last.from, to: moment(Math.max(last.to, span.to)) };
  }
  return spans;
};

/** What lies before `until` and in none of these spans. */
export const notHeld = (spans: readonly TimeRange[], until: Moment): readonly TimeRange[] => {
  const free: TimeRange[] = [];
  let from = BEGINNING;
  for (const span of spans) {
    if (span.from >= until) break;
    if (span.from > from) free.push({ from, to: span.from });
    from = span.to;
  }
  if (from < until) free.push({ from, to: until });
  return free;
};

/** What of these spans lies before `until`. */
export const heldBefore = (spans: readonly TimeRange[], until: Moment): readonly TimeRange[] =>
  spans.filter(({ from }) => from < until).map(({ from, to }) => ({ from, to: moment(Math.min(to, until)) }));
