import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type AlarmKind, kindOfAlarm } from '../../../stream-models/corroboration/claim.ts';
import { rowsOf } from '../../recordings/table.ts';

/** What a folder of CinC 2015 says of a record's alarm, apart from its samples. */
export interface AlarmLabel {
  /** The monitor's word, for example "Asystole". */
  readonly word: string;
  readonly kind: AlarmKind;
  /** undefined: nobody says. */
  readonly isTrue: boolean | undefined;
}

export const ALARM_LIST = 'ALARMS.csv';
const TRUE = /^true alarm$/i;
const FALSE = /^false alarm$/i;

/** What a list says of a record's alarm. */
export interface ListedAlarm {
  readonly word: string;
  readonly isTrue: boolean | undefined;
}

/** Names of the columns, in the order that a list without a header has them. */
const COLUMNS: readonly (readonly string[])[] = [
  ['record', 'record name', 'record_name', 'name', 'file'],
  ['alarm', 'kind', 'type', 'alarm type', 'alarm_type'],
  ['true', 'label', 'truth', 'is_true', 'istrue'],
];

const truthOf = (text: string): boolean | undefined => {
  if (/^(?:1|true|true alarm|t|yes)$/i.test(text)) return true;
  return /^(?:0|false|false alarm|f|no)$/i.test(text) ? false : undefined;
};

/**
 * The list of alarms of a folder: record, alarm and true (which may be missing), by the names of its header in any order, or in that order
 * without one. Empty when there is no such file; rejects when it cannot be read.
 */
export const readAlarmList = async (directory: string): Promise<ReadonlyMap<string, ListedAlarm>> => {
  let text: string;
  try {
    text = await readFile(join(directory, ALARM_LIST), 'utf8');
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') return new Map();
    throw cause;
  }
  const rows = rowsOf(text);
  const header = (rows[0] ?? []).map((name) => name.toLowerCase());
  const named = COLUMNS.map((names) => header.findIndex((name) => names.includes(name)));
  const hasHeader = named[0]! >= 0;
  const [record, word, truth] = (hasHeader ? named : [0, 1, 2]) as [number, number, number];
  return new Map(
    rows
      .slice(hasHeader ? 1 : 0)
      .map((cells) => [cells[record] ?? '', { word: cells[word] ?? '', isTrue: truthOf(cells[truth] ?? '') }] as const),
  );
};

/** CinC 2015 names its records by their alarm: a… asystole, b… bradycardia, t… tachycardia, v… VT, f… VF. */
const kindsByInitial: Readonly<Record<string, readonly [string, AlarmKind]>> = {
  a: ['Asystole', 'asystole'],
  b: ['Bradycardia', 'extreme-brady'],
  t: ['Tachycardia', 'extreme-tachy'],
  v: ['Ventricular_Tachycardia', 'vt'],
  f: ['Ventricular_Flutter_Fib', 'vf'],
};

/**
 * A record's alarm from its header's comments, else from the list, else from its name. undefined: no alarm that Vigil judges.
 * Only `isTrue` is a label; a folder that says nothing of it can be judged as well.
 */
export const labelOf = (
  record: string,
  comments: readonly string[],
  list: ReadonlyMap<string, ListedAlarm>,
): AlarmLabel | undefined => {
  const row = list.get(record);
  const verdict = comments.find((comment) => TRUE.test(comment) || FALSE.test(comment));
  const isTrue = verdict === undefined ? row?.isTrue : TRUE.test(verdict);
  for (const word of [...comments, row?.word ?? '']) {
    const kind = kindOfAlarm(word);
    if (kind !== undefined) return { word, kind, isTrue };
  }
  const known = kindsByInitial[record[0] ?? ''];
  return known && { word: known[0], kind: known[1], isTrue };
};
