import { PARAMETERS } from '../../stream-models/deterioration/parameters.ts';
import type { StayHour } from '../../stream-models/deterioration/stay.ts';
import { cellsOf, type Separator, separatorOf } from '../recordings/table.ts';
import { type ColumnTally, mostlyUnreadable, type OnUnreadable } from './unreadable-cells.ts';

/** Where each column that is used stands in a line. */
export interface StayColumns {
  readonly patientId: number;
  readonly hour: number;
  readonly age: number;
  readonly gender: number;
  readonly hospitalTime: number;
  /** Of PARAMETERS, in their order. */
  readonly values: readonly number[];
  /** Undefined: the file has no labels. */
  readonly label: number | undefined;
  /** Of UNITS, in their order; undefined: the file does not say which unit a stay was in. */
  readonly units: readonly number[] | undefined;
  /** All columns, as the header writes them. */
  readonly names: readonly string[];
  readonly separator: Separator;
}

const NAMED = {
  patientId: 'PatientID',
  hour: 'ICULOS',
  age: 'Age',
  gender: 'Gender',
  hospitalTime: 'HospAdmTime',
} as const;
const LABEL = 'SepsisLabel';

/** Units that the files of the CinC 2019 challenge name. Never an input of the network: they are names of one hospital's wards. */
const UNITS = ['Unit1', 'Unit2'] as const;
export type Unit = (typeof UNITS)[number] | 'none named';

/** A file of stays that cannot be used: what is wrong, where, and what to do. */
export class StayFileFault extends Error {}

const fault = (path: string, line: number, what: string, todo: string): StayFileFault =>
  new StayFileFault(`${path}, line ${line}: ${what}. ${todo}.`);

/** Finds the columns by their names, whatever their order and case; others are passed over. Throws a StayFileFault that names what is missing. */
export const readHeader = (path: string, line: string): StayColumns => {
  const separator = separatorOf(line);
  const written = cellsOf(line, separator).map((name) => name.trim());
  const names = written.map((name) => name.toLowerCase());
  const place = (name: string): number => names.indexOf(name.toLowerCase());
  const twice = written.find((name, i) => name !== '' && place(name) !== i);
  if (twice !== undefined) throw fault(path, 1, `the column ${twice} is there twice`, 'Leave one of them');
  const wanted = [...Object.values(NAMED), ...PARAMETERS.map(({ name }) => name)];
  const missing = wanted.filter((name) => place(name) < 0);
  if (missing.length === wanted.length)
    throw fault(
      path,
      1,
      'this is no header of a file of stays',
      `It must name the columns ${NAMED.patientId}, ${NAMED.hour}, HR …, separated by commas, semicolons, tabs or |`,
    );
  if (missing.length > 0)
    throw fault(
      path,
      1,
      `the header lacks ${missing.join(', ')}`,
      'Add what is missing; a column that nobody measured may be empty',
    );
  return {
    patientId: place(NAMED.patientId),
    hour: place(NAMED.hour),
    age: place(NAMED.age),
    gender: place(NAMED.gender),
    hospitalTime: place(NAMED.hospitalTime),
    values: PARAMETERS.map(({ name }) => place(name)),
    label: place(LABEL) < 0 ? undefined : place(LABEL),
    units: UNITS.every((name) => place(name) >= 0) ? UNITS.map(place) : undefined,
    names: written,
    separator,
  };
};

/** One row, as read. */
export interface StayRow {
  readonly patientId: string;
  readonly row: StayHour;
  /** 1 or 0; undefined: not known. */
  readonly label: number | undefined;
  /** Undefined: the file does not say. */
  readonly unit: Unit | undefined;
}

/**
 * Reads one row. A measurement, age, sex or time in hospital that is no number is told to `onUnreadable` and counts as not known; without
 * `onUnreadable`, and where it is the hour or the label, it is a fault. Throws a StayFileFault that names line, column and cell.
 */
export const readRow = (
  path: string,
  line: number,
  text: string,
  columns: StayColumns,
  tally: ColumnTally,
  onUnreadable: OnUnreadable | undefined,
): StayRow => {
  const cells = cellsOf(text, columns.separator);
  if (cells.length !== columns.names.length)
    throw fault(
      path,
      line,
      `${cells.length} cells where the header has ${columns.names.length}`,
      'Mend the row or its separators',
    );
  const number = (place: number, column: string, unreadable?: OnUnreadable): number => {
    const cell = cells[place]!.trim();
    if (cell === '' || NOT_MEASURED.test(cell)) return Number.NaN;
    const value = Number(cell);
    if (DECIMAL.test(cell) && Number.isFinite(value)) {
      tally.numbers[place]!++;
      return value;
    }
    if (unreadable === undefined) {
      const what = `${column} is "${cell}", which is no number`;
      throw fault(path, line, what, 'Leave the cell empty if nothing was measured');
    }
    tally.unreadable[place]!++;
    unreadable({ line, column, cell });
    return Number.NaN;
  };
  const patientId = cells[columns.patientId]!;
  if (patientId.trim() === '') throw fault(path, line, 'there is no PatientID', 'Every row needs one');
  const hour = number(columns.hour, NAMED.hour);
  if (!Number.isFinite(hour)) throw fault(path, line, 'there is no ICULOS', 'Every row needs the hours in the ICU');
  const values = new Float64Array(PARAMETERS.length);
  for (let i = 0; i < PARAMETERS.length; i++) values[i] = number(columns.values[i]!, PARAMETERS[i]!.name, onUnreadable);
  const label = columns.label === undefined ? Number.NaN : number(columns.label, LABEL);
  if (!Number.isNaN(label) && label !== 0 && label !== 1)
    throw fault(
      path,
      line,
      `${LABEL} is "${cells[columns.label!]}"`,
      'It must be 0 or 1, or empty where it is not known',
    );
  const admitted = number(columns.hospitalTime, NAMED.hospitalTime, onUnreadable);
  const patient = {
    ageYears: number(columns.age, NAMED.age, onUnreadable),
    isMale: number(columns.gender, NAMED.gender, onUnreadable),
    // The file counts the hours from the ICU to the hospital backwards; a few are a little above 0.
    hoursInHospitalBefore: Math.max(0, -admitted),
  };
  const unit = columns.units && (UNITS.find((_, i) => Number(cells[columns.units![i]!]) === 1) ?? 'none named');
  return { patientId, row: { hour, values, patient }, label: Number.isNaN(label) ? undefined : label, unit };
};

/** What JavaScript takes for numbers besides, as a blank for 0, is a slip here. */
const DECIMAL = /^[-+.\deE]+$/;

/** How Python, R and databases write what was not measured. */
const NOT_MEASURED = /^(?:nan|na|null)$/i;

/** A stay's rows are in the order of time and not parted by others'. */
export const misplaced = (
  path: string,
  line: number,
  patientId: string,
  what: 'parted' | 'not later',
): StayFileFault =>
  what === 'parted'
    ? fault(
        path,
        line,
        `rows of ${patientId} were already seen before those of others`,
        'Sort the file by PatientID and ICULOS',
      )
    : fault(
        path,
        line,
        `ICULOS of ${patientId} does not grow`,
        'Sort the file by PatientID and ICULOS, one row per hour',
      );

/** Throws a StayFileFault where most of a column was written in a way that is not read here; `names` are those of the header. */
export const refuseUnreadable = (path: string, { names }: StayColumns, tally: ColumnTally): void => {
  const columns = mostlyUnreadable(tally).map((place) => {
    const unreadable = tally.unreadable[place]!;
    return `${unreadable} of ${unreadable + tally.numbers[place]!} cells of ${names[place]}`;
  });
  if (columns.length > 0)
    throw new StayFileFault(
      `${path}: ${columns.join(', ')} are no numbers. Write numbers alone, decimals with a point; leave a cell empty if nothing was measured.`,
    );
};
