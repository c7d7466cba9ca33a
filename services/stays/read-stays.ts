import { createReadStream } from 'node:fs';
import type { StayHour } from '../../stream-models/deterioration/stay.ts';
import {
  misplaced,
  readHeader,
  readRow,
  refuseUnreadable,
  type StayColumns,
  StayFileFault,
  type Unit,
} from './stay-csv.ts';
import { type OnUnreadable, startTally } from './unreadable-cells.ts';

/** One stay in an ICU. */
export interface Stay {
  readonly patientId: string;
  readonly rows: readonly StayHour[];
  /** One per row, 1 from 6 h before the onset of sepsis on; undefined: not known in every row. */
  readonly labels: Uint8Array | undefined;
  /** Where it was, for subgroups in reports; undefined: the file does not say. */
  readonly unit?: Unit | undefined;
}

interface OpenStay {
  readonly patientId: string;
  readonly unit: Unit | undefined;
  readonly rows: StayHour[];
  readonly labels: (number | undefined)[];
}

/** Who hears of what while a file is read. */
export interface ReadingStays {
  /** How much of the file has been read, bytes. */
  readonly onBytes?: (done: number) => void;
  /** A measurement that is no number, which then counts as not measured. Without it such a cell is a fault. */
  readonly onUnreadable?: OnUnreadable;
}

/**
 * Reads stays one after the other; only one is held, besides the names of those that were read. The file is the one of the CinC 2019
 * challenge in one piece: a header, then hourly rows, those of one patient together and in the order of ICULOS. Throws a StayFileFault
 * (what, where, what to do), at the end of the file also when most of a column could not be read.
 */
export async function* readStays(
  path: string,
  { onBytes = () => {}, onUnreadable }: ReadingStays = {},
): AsyncGenerator<Stay, void> {
  let line = 0;
  let columns: StayColumns | undefined;
  let tally = startTally(0);
  let open: OpenStay | undefined;
  const seen = new Set<string>();
  for await (const { text, bytes } of linesOf(path)) {
    line++;
    if (columns === undefined) {
      const trouble = troubleOf(text);
      if (trouble !== undefined) throw new StayFileFault(`${path} ${trouble}`);
      columns = readHeader(path, text.replace(/^\uFEFF/, ''));
      tally = startTally(columns.names.length);
      continue;
    }
    if (text === '') continue;
    const { patientId, row, label, unit } = readRow(path, line, text, columns, tally, onUnreadable);
    if (open?.patientId !== patientId) {
      if (open !== undefined) yield closed(open);
      if (seen.has(patientId)) throw misplaced(path, line, patientId, 'parted');
      seen.add(patientId);
      open = { patientId, unit, rows: [], labels: [] };
      onBytes(bytes);
    }
    const before = open.rows.at(-1);
    if (before !== undefined && row.hour <= before.hour) throw misplaced(path, line, patientId, 'not later');
    open.rows.push(row);
    open.labels.push(label);
  }
  if (columns === undefined) throw new StayFileFault(`${path} is empty. It needs a header and rows.`);
  refuseUnreadable(path, columns, tally);
  if (open === undefined) throw new StayFileFault(`${path} has no row below its header.`);
  yield closed(open);
}

/** Why a first line cannot be one of a table in lines; undefined: it can. */
const troubleOf = (firstLine: string): string | undefined => {
  if (firstLine.includes('\r'))
    return 'has line ends of carriage returns alone. Save it with those of Unix or Windows.';
  // Compressed files, spreadsheets and UTF-16 have zeros, or bytes that are nothing in UTF-8.
  const isText = !['\u0000', '\u001f', '\ufffd'].some((letter) => firstLine.includes(letter));
  return isText ? undefined : 'is no text in UTF-8. Unpack it if it is compressed, or save it as CSV in UTF-8.';
};

const closed = ({ patientId, unit, rows, labels }: OpenStay): Stay => {
  const known = labels.filter((label) => label !== undefined);
  return { patientId, unit, rows, labels: known.length === rows.length ? Uint8Array.from(known) : undefined };
};

async function* linesOf(path: string): AsyncGenerator<{ readonly text: string; readonly bytes: number }, void> {
  const stream = createReadStream(path, { encoding: 'utf8', highWaterMark: 1 << 18 });
  let rest = '';
  try {
    for await (const chunk of stream) {
      const lines = (rest + String(chunk)).split('\n');
      rest = lines.pop()!;
      for (const text of lines) yield { text: text.endsWith('\r') ? text.slice(0, -1) : text, bytes: stream.bytesRead };
    }
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'EISDIR')
      throw new StayFileFault(
        `${path} is a folder. Name one file with all stays, its column PatientID telling them apart.`,
      );
    throw new StayFileFault(`${path} cannot be read: ${cause instanceof Error ? cause.message : cause}`, { cause });
  }
  if (rest !== '') yield { text: rest.endsWith('\r') ? rest.slice(0, -1) : rest, bytes: stream.bytesRead };
}
