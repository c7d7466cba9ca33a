/** What a query must answer on the played ward. */
import type { Answer, Query } from '../asked-queries.ts';
import { intervalMs, type Page } from '../page.ts';
import { bedsOf, type Logged } from './logged.ts';

export interface Played {
  readonly logged: Logged;
  /** What was played before the first question. */
  readonly fromMs: number;
  readonly toMs: number;
}

/** A question and what came back. */
export interface Asked {
  readonly query: Query;
  readonly page: Page;
  readonly answer: Answer;
  readonly bed: string;
  readonly bucketMs: number;
}

export interface Check {
  /** Absent: the whole play. */
  readonly page?: (played: Played) => Partial<Page>;
  /** Of every bed, or of the beds that are named; absent: it is not about one bed. */
  readonly beds?: 'each' | readonly string[];
  /** Why the play has nothing of it; absent: it must have something. */
  readonly emptyBecause?: string;
  readonly holds: (asked: Asked, played: Played) => void;
}

export type Checks = Readonly<Record<string, Check>>;

/** The pages on which a query is asked. */
export const pagesOf = (check: Check, played: Played): readonly Page[] => {
  const { fromMs, toMs } = played;
  const beds = check.beds === 'each' ? bedsOf(played.logged) : (check.beds ?? ['icu-01']);
  const { chosen, ...range } = check.page?.(played) ?? {};
  return beds.map((bed) => ({ fromMs, toMs, ...range, chosen: { bed, lead: 'II', ...chosen } }));
};

export const asked = (query: Query, page: Page, answer: Answer): Asked => ({
  ...{ query, page, answer, bed: page.chosen['bed']!, bucketMs: intervalMs(query.panel, page) },
});

/** What lies on the page. */
export const onPage = <A extends { readonly atUs: number }>(
  points: readonly A[],
  { fromMs, toMs }: Page,
): readonly A[] => points.filter(({ atUs }) => atUs >= fromMs * 1e3 && atUs <= toMs * 1e3);
