import type { Curve, Page, Rows } from '../page.ts';

/** What a query must answer on the recorded ward. */
export interface Expectation {
  /** Absent: the last day of the bed of the story. */
  readonly page?: Partial<Pick<Page, 'fromMs' | 'toMs'>> & { readonly chosen?: Page['chosen'] };
  /** The beds are heard right before the question. */
  readonly live?: true;
  /** Either, by the format of the query. */
  readonly curves?: (curves: readonly Curve[]) => void;
  readonly rows?: (rows: Rows) => void;
}

export type Expectations = Readonly<Record<string, Expectation>>;

/** Values of the buckets that have one. */
export const told = ({ points }: Curve): readonly (readonly [number, number])[] =>
  points.filter((point): point is readonly [number, number] => typeof point[1] === 'number');

export const numbersOf = (curve: Curve): readonly number[] => told(curve).map(([, value]) => value);

/** Lengths of time between neighbours with a value. */
export const longestGapMs = (curve: Curve): number => {
  const times = told(curve).map(([at]) => at);
  return Math.max(...times.slice(1).map((at, i) => at - times[i]!));
};

export const byName = (curves: readonly Curve[]): Readonly<Record<string, Curve>> =>
  Object.fromEntries(curves.map((curve) => [curve.name, curve]));

/** A table as records, without its times. */
export const records = ({ columns, rows }: Rows): readonly Readonly<Record<string, unknown>>[] =>
  rows.map((row) =>
    Object.fromEntries(columns.map((name, i) => [name, row[i]] as const).filter(([name]) => name !== 'Time')),
  );
