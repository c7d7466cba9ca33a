import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import * as E from 'fp-ts/lib/Either.js';
import { openOrtInference } from '../../services/adapters/onnx/ort-inference.ts';
import { BEAT_MODEL } from '../../services/composition/open-adapters.ts';
import { labelOf, readAlarmList } from '../../services/evaluate/alarms/alarm-folder.ts';
import { hearRecords } from '../../services/evaluate/alarms/hear-records.ts';
import { recordNames } from '../../services/recordings/wfdb/record.ts';
import type { AlarmKind } from '../../stream-models/corroboration/claim.ts';
import { type Evidence, evidenceAt } from '../../stream-models/corroboration/features.ts';
import { inQuarter, networkWithout, QUARTERS } from './stranger-quarters.ts';

/** One alarm with its label and what all signals said before it. */
export interface AlarmCase {
  readonly record: string;
  readonly kind: AlarmKind;
  readonly isTrue: boolean;
  readonly evidence: Evidence;
}

/** `beats`: a folder of `beats-without-strangers.ts`; each record is then heard by a network that did not learn from it. */
const listen = async (directory: string, beats: string | undefined): Promise<AlarmCase[]> => {
  const names = await recordNames(directory);
  if (beats === undefined) return heardBy(directory, names, BEAT_MODEL);
  const cases: AlarmCase[] = [];
  for (const quarter of QUARTERS)
    cases.push(...(await heardBy(directory, inQuarter(names, quarter), networkWithout(beats, quarter))));
  return cases.sort((a, b) => names.indexOf(a.record) - names.indexOf(b.record));
};

const heardBy = async (directory: string, names: readonly string[], model: string): Promise<AlarmCase[]> => {
  const list = await readAlarmList(directory);
  const inference = openOrtInference({ providers: ['cpu'] });
  const { network } = await inference.load(model);
  const cases: AlarmCase[] = [];
  for await (const heard of hearRecords(directory, names, network)) {
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
export const readAlarmCases = async (
  directory: string,
  { file, beats }: { readonly file: string | undefined; readonly beats: string | undefined },
): Promise<AlarmCase[]> => {
  if (file !== undefined && existsSync(file)) return JSON.parse(readFileSync(file, 'utf8')) as AlarmCase[];
  const cases = await listen(directory, beats);
  if (file !== undefined) writeFileSync(file, JSON.stringify(cases));
  return cases;
};
