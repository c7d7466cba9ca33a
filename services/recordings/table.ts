/** Tables as text: what spreadsheets, R, pandas and the challenges of PhysioNet write. */

/** What parts the cells of a line. */
export type Separator = ',' | ';' | '\t' | '|';
const SEPARATORS: readonly Separator[] = [',', ';', '\t', '|'];

/**
 * The cells of one line, as RFC 4180 has them: a cell in quotes may hold separators, and a quote twice for one. A quote that is not
 * closed goes on to the end of the line, so that the row has too few cells.
 */
export const cellsOf = (line: string, separator: Separator = ','): readonly string[] => {
  if (!line.includes('"')) return line.split(separator);
  const cells: string[] = [];
  let cell = '';
  let isQuoted = false;
  for (let i = 0; i < line.length; i++) {
    const letter = line[i]!;
    if (letter === '"' && isQuoted && line[i + 1] === '"') cell += line[++i]!;
    else if (letter === '"' && (isQuoted || cell.trim() === '')) isQuoted = !isQuoted;
    else if (letter === separator && !isQuoted) {
      cells.push(cell);
      cell = '';
    } else cell += letter;
  }
  return [...cells, cell];
};

/** The separator that parts a header into the most cells; a comma where none does. */
export const separatorOf = (header: string): Separator =>
  SEPARATORS.reduce((best, each) => (cellsOf(header, each).length > cellsOf(header, best).length ? each : best));

/** A cell as it stands in a line with commas. */
export const cellText = (cell: string): string => (/[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell);

/** The lines of a small table that say anything, each in cells without blanks around them; without a byte order mark. */
export const rowsOf = (text: string): readonly (readonly string[])[] => {
  const lines = text.replace(/^\uFEFF/, '').split(/\r\n|\r|\n/);
  const separator = separatorOf(lines[0] ?? '');
  return lines.filter((line) => line.trim() !== '').map((line) => cellsOf(line, separator).map((cell) => cell.trim()));
};
