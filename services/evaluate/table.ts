/** A table that is said twice: as text for a terminal, and in a page. */
export interface Table {
  readonly caption: string;
  readonly head: readonly string[];
  /** The first cell of a row names it. */
  readonly rows: readonly (readonly string[])[];
}

const GAP = 2;

/** The table as lines of text: the first column to the left, the others to the right, each as wide as its widest cell. */
export const tableText = ({ head, rows }: Table): readonly string[] => {
  const lines = [head, ...rows];
  const widths = head.map((_, column) => Math.max(...lines.map((line) => (line[column] ?? '').length)));
  return lines.map((line) =>
    line
      .map((cell, column) =>
        column === 0 ? cell.padEnd(widths[column]!) : `${' '.repeat(GAP)}${cell.padStart(widths[column]!)}`,
      )
      .join('')
      .trimEnd(),
  );
};
