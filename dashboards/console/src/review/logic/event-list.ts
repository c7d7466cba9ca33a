/** The events of a bed: which kinds there are, which are shown, and which comes next. */
import type { ReviewEvent } from '../../../../../schemas/review.ts';

/** What a filter goes by: alarms of one condition, one rhythm, or beginnings. */
export const kindOf = ({ kind, name }: ReviewEvent): string => `${kind} ${name}`;

export interface EventKind {
  readonly key: string;
  readonly kind: ReviewEvent['kind'];
  readonly label: string;
  readonly count: number;
}

const ORDER: Readonly<Record<ReviewEvent['kind'], number>> = { alarm: 0, rhythm: 1, reset: 2 };

/** Alarms first, then by how many there are. */
export const kindsIn = (events: readonly ReviewEvent[]): readonly EventKind[] =>
  [...Map.groupBy(events, kindOf)]
    .map(([key, own]) => ({ key, kind: own[0]!.kind, label: own[0]!.label, count: own.length }))
    .sort((a, b) => ORDER[a.kind] - ORDER[b.kind] || b.count - a.count || (a.label < b.label ? -1 : 1));

/** Those whose kind is not hidden, in their order. */
export const shownOf = (events: readonly ReviewEvent[], hidden: ReadonlySet<string>): readonly ReviewEvent[] =>
  hidden.size === 0 ? events : events.filter((event) => !hidden.has(kindOf(event)));

/** The place of the next event after (by: 1) or before (by: -1) a moment; undefined: there is none. `events` in the order of their moments. */
export const nextEvent = (events: readonly ReviewEvent[], atUs: number, by: 1 | -1): number | undefined => {
  const found =
    by === 1 ? events.findIndex((event) => event.atUs > atUs) : events.findLastIndex((event) => event.atUs < atUs);
  return found === -1 ? undefined : found;
};

/** Which rows of a list are in sight, so that ten thousand cost no more than thirty. */
export const rowsInSight = (
  count: number,
  rowPx: number,
  scrolledPx: number,
  heightPx: number,
): { readonly from: number; readonly to: number } => {
  const from = Math.max(0, Math.floor(scrolledPx / rowPx) - 5);
  return { from, to: Math.min(count, from + Math.ceil(heightPx / rowPx) + 11) };
};
