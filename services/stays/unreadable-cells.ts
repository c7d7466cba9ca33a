/** A cell of a column of numbers that holds none, as "fast", "36,5" or "<0.3". */
export interface UnreadableCell {
  readonly line: number;
  readonly column: string;
  readonly cell: string;
}

/** Hears of a cell that then counts as not measured. */
export type OnUnreadable = (cell: UnreadableCell) => void;

/** Unreadable cells of a file: all counted, the first ones kept to be named. */
export interface UnreadableCells {
  readonly count: number;
  readonly byColumn: Readonly<Record<string, number>>;
  readonly first: readonly UnreadableCell[];
}

export const NOTHING_UNREADABLE: UnreadableCells = { count: 0, byColumn: {}, first: [] };

/** So many are named; a file may have a million. */
const UNREADABLE_NAMED = 20;

export const withUnreadable = ({ count, byColumn, first }: UnreadableCells, cell: UnreadableCell): UnreadableCells => ({
  count: count + 1,
  byColumn: { ...byColumn, [cell.column]: (byColumn[cell.column] ?? 0) + 1 },
  first: count < UNREADABLE_NAMED ? [...first, cell] : first,
});

/** What was found in the columns of a file, by their places: cells with a number, and cells with something else. */
export interface ColumnTally {
  readonly numbers: Uint32Array;
  readonly unreadable: Uint32Array;
}

export const startTally = (columns: number): ColumnTally => ({
  numbers: new Uint32Array(columns),
  unreadable: new Uint32Array(columns),
});

/**
 * A few slips in a column are slips; this many, and more than there are numbers, are a way of writing (decimal commas, units beside the
 * numbers), and what is left of such a column would not be what was measured.
 */
const SLIPS_MAX = 9;

/** The places of columns that were written in a way that is not read here. */
export const mostlyUnreadable = ({ numbers, unreadable }: ColumnTally): readonly number[] =>
  [...numbers.keys()].filter((place) => unreadable[place]! > SLIPS_MAX && unreadable[place]! > numbers[place]!);
