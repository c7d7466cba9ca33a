import * as E from 'fp-ts/lib/Either.js';
import type { AlarmKind } from '../../../stream-models/corroboration/claim.ts';
import { type AlarmVerdict, judgeAlarm } from '../../../stream-models/corroboration/judge.ts';
import { recordNames } from '../../recordings/wfdb/record.ts';
import { ALARM_LIST, type AlarmLabel, disagreement, labelOf, readAlarmList } from './alarm-folder.ts';
import { type PulseSignals, pulsesAmong } from './alarm-subgroups.ts';
import { type AlarmNetworks, hearRecords, type UnreadableRecord } from './hear-records.ts';

/** The verdict on one record's alarm, which rang at the record's end. */
export interface RecordVerdict extends AlarmVerdict {
  readonly record: string;
  /** The monitor's word. */
  readonly word: string;
  readonly kind: AlarmKind;
  readonly isTrue: boolean | undefined;
  readonly pulses: PulseSignals;
}

export interface JudgedFolder {
  readonly verdicts: readonly RecordVerdict[];
  /** Records that are in no figure. */
  readonly unreadable: readonly UnreadableRecord[];
  /** What is to be known of records that are judged, a sentence each. */
  readonly notes: readonly string[];
}

export interface JudgeFolderOptions {
  readonly directory: string;
  readonly networks: AlarmNetworks;
  readonly onProgress?: (done: number, total: number, record: string) => void;
}

/** Judges the alarm of every record of a folder. A record that cannot be read, or has no alarm of a kind we judge, is named. */
export const judgeFolder = async ({ directory, networks, onProgress }: JudgeFolderOptions): Promise<JudgedFolder> => {
  const names = await recordNames(directory);
  const list = await readAlarmList(directory);
  const verdicts: RecordVerdict[] = [];
  const unreadable: UnreadableRecord[] = [];
  const disagreements: string[] = [];
  const cutOff: string[] = [];
  for (const name of list.keys())
    if (!names.includes(name))
      unreadable.push({ name, sentence: `${ALARM_LIST} names it, and there is no ${name}.hea` });
  let done = 0;
  for await (const heard of hearRecords(directory, names, networks)) {
    done++;
    if (E.isLeft(heard)) {
      unreadable.push(heard.left);
      continue;
    }
    const { name: record, comments, codes, witnesses, at, unheardSeconds } = heard.right;
    const label: AlarmLabel | undefined = labelOf(record, comments, list);
    if (label === undefined) unreadable.push({ name: record, sentence: 'it has no alarm of a kind that Vigil judges' });
    else verdicts.push({ record, pulses: pulsesAmong(codes), ...label, ...judgeAlarm(witnesses, label.kind, at) });
    const trouble = label && disagreement(record, comments, list);
    if (trouble !== undefined) disagreements.push(`${record}: ${trouble}.`);
    if (unheardSeconds > 0 && label !== undefined) cutOff.push(record);
    onProgress?.(done, names.length, record);
  }
  const notes =
    cutOff.length === 0
      ? disagreements
      : [...disagreements, `The alarm rang at 5:00, and what follows was not heard, in ${cutOff.join(', ')}.`];
  return { verdicts, unreadable, notes };
};
