import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import * as E from 'fp-ts/lib/Either.js';
import { openOrtInference } from '../../services/adapters/onnx/ort-inference.ts';
import { BEAT_MODEL } from '../../services/composition/open-adapters.ts';
import { labelOf, readAlarmList } from '../../services/evaluate/alarms/alarm-folder.ts';
import { hearRecords } from '../../services/evaluate/alarms/hear-records.ts';
import { recordNames } from '../../services/recordings/wfdb/record.ts';
import type { AlarmKind } from '../../stream-models/corroboration/claim.ts';
import { type Evidence, evidenceAt } from '../../stream-models/corroboration/features.ts';

/** One alarm with its label and what all signals said before it. */
export interface AlarmCase {
  readonly record: string;
  readonly kind: AlarmKind;
  readonly isTrue: boolean;
  readonly evidence: Evidence;
}

const listen = async (directory: string): Promise<AlarmCase[]> => {
  const list = await readAlarmList(directory);
  const inference = openOrtInference({ providers: ['cpu'] });
  const { network } = await inference.load(BEAT_MODEL);
  const cases: AlarmCase[] = [];
  for await (const heard of hearRecords(directory, await recordNames(directory), network)) {
    if (E.isLeft(heard)) throw new Error(`${heard.left.name}: ${heard.left.sentence}`);
    const { name: record, comments, witnesses, at } = heard.right;
    const label = labelOf(record, comments, list);
    if (label?.isTrue === undefined) continue;
    cases.push({ record, kind: label.kind, isTrue: label.isTrue, evidence: evidenceAt(witnesses, at) });
  }
  await inference.close();
  return cases;
};

/** The labelled alarms of a folder of CinC 2015, from `file` if it is there, else heard and kept there. */
export const readAlarmCases = async (directory: string, file: string | undefined): Promise<AlarmCase[]> => {
  if (file !== undefined && existsSync(file)) return JSON.parse(readFileSync(file, 'utf8')) as AlarmCase[];
  const cases = await listen(directory);
  if (file !== undefined) writeFileSync(file, JSON.stringify(cases));
  return cases;
};
