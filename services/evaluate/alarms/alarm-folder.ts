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

/** CinC 2015 names its records by their alarm, as a103l: a… asystole, b… bradycardia, t… tachycardia, v… VT, f… VF. */
const CINC2015_NAME = /^[abtvf]\d+[ls]?$/;
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
  const known = CINC2015_NAME.test(record) ? kindsByInitial[record[0]!] : undefined;
  return known && { word: known[0], kind: known[1], isTrue };
};

/**
 * What header and list say otherwise of a record's alarm, in a sentence: the header counts. undefined: nothing, or only one of them
 * speaks.
 */
export const disagreement = (
  record: string,
  comments: readonly string[],
  list: ReadonlyMap<string, ListedAlarm>,
): string | undefined => {
  const row = list.get(record);
  const verdict = comments.find((comment) => TRUE.test(comment) || FALSE.test(comment));
  if (verdict === undefined || row?.isTrue === undefined || row.isTrue === TRUE.test(verdict)) return undefined;
  return `its header says "${verdict}" and ${ALARM_LIST} the opposite; the header counts`;
};

/** The recordings of CinC 2015 that go on for half a minute after their alarm (a103l) are as long as this. */
const RETROSPECTIVE_S = 330;
const RETROSPECTIVE_NAME = /^[abtvf]\d{3}l$/;
const ALARM_AT_S = 300;

/**
 * When the alarm of a recording rang, seconds from its first sample: at its end, but at 5:00 in the challenge's recordings of 5:30, whose
 * last half minute no bedside could have heard.
 */
export const alarmAtSeconds = (record: string, lengthSeconds: number): number =>
  RETROSPECTIVE_NAME.test(record) && Math.abs(lengthSeconds - RETROSPECTIVE_S) < 1 ? ALARM_AT_S : lengthSeconds;
