import type { UnreadableCells } from '../stays/unreadable-cells.ts';

/** Letters of a cell that are shown: a file that is none may have a page in one. */
const CELL_SHOWN = 40;

/** What a person is told of cells that were no numbers; no line where there were none. */
export const unreadableLines = (csv: string, { count, byColumn, first }: UnreadableCells): readonly string[] => {
  if (count === 0) return [];
  const named = first.map(({ line, column, cell }) => {
    const shown = cell.length > CELL_SHOWN ? `${cell.slice(0, CELL_SHOWN)}…` : cell;
    return `${csv}, line ${line}: ${column} is ${JSON.stringify(shown)}, which is no number. It counts as not measured.`;
  });
  const columns = Object.entries(byColumn).map(([column, cells]) => `${column} ${cells}`);
  const rest = count > first.length ? [`${count - first.length} more are not named.`] : [];
  const sum = `${count} ${count === 1 ? 'cell is no number and counts' : 'cells are no numbers and count'} as not measured: ${columns.join(', ')}.`;
  return [...named, ...rest, sum];
};
