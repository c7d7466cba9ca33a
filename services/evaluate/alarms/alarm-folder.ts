import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type AlarmKind, kindOfAlarm } from '../../../stream-models/corroboration/claim.ts';

/** What a folder of CinC 2015 says of a record's alarm, apart from its samples. */
export interface AlarmLabel {
  /** The monitor's word, for example "Asystole". */
  readonly word: string;
  readonly kind: AlarmKind;
  /** undefined: nobody says. */
  readonly isTrue: boolean | undefined;
}

const LIST = 'ALARMS.csv';
const TRUE = /^true alarm$/i;
const FALSE = /^false alarm$/i;

/** Rows of `record,alarm,true` by record (the last column may be missing); empty when there is no such file. */
export const readAlarmList = async (directory: string): Promise<ReadonlyMap<string, readonly string[]>> => {
  let text: string;
  try {
    text = await readFile(join(directory, LIST), 'utf8');
  } catch {
    return new Map();
  }
  return new Map(
    text
      .split(/\r?\n/)
      .slice(1)
      .filter((line) => line.trim() !== '')
      .map((line) => {
        const [record, ...rest] = line.split(',').map((field) => field.trim());
        return [record!, rest] as const;
      }),
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
  list: ReadonlyMap<string, readonly string[]>,
): AlarmLabel | undefined => {
  const row = list.get(record);
  const verdict = comments.find((comment) => TRUE.test(comment) || FALSE.test(comment));
  const flag = row?.[1];
  const isTrue = verdict !== undefined ? TRUE.test(verdict) : flag === '1' ? true : flag === '0' ? false : undefined;
  for (const word of [...comments, row?.[0] ?? '']) {
    const kind = kindOfAlarm(word);
    if (kind !== undefined) return { word, kind, isTrue };
  }
  const known = kindsByInitial[record[0] ?? ''];
  return known && { word: known[0], kind: known[1], isTrue };
};
