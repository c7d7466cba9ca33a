import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import * as E from 'fp-ts/lib/Either.js';
import { openOrtInference } from '../../services/adapters/onnx/ort-inference.ts';
import { BEAT_MODEL, RHYTHM_MODEL } from '../../services/composition/open-adapters.ts';
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

/** Folders of networks that did not learn from a quarter of the records each; absent: what ships hears all. */
export interface Unheard {
  /** Of `beats-without-strangers.ts`. */
  readonly beats?: string | undefined;
  /** Of `rhythm-without-alarms.ts`. */
  readonly rhythm?: string | undefined;
}

const listen = async (directory: string, { beats, rhythm }: Unheard): Promise<AlarmCase[]> => {
  const names = await recordNames(directory);
  const cases: AlarmCase[] = [];
  for (const quarter of QUARTERS) {
    const models = {
      beats: beats === undefined ? BEAT_MODEL : networkWithout(beats, quarter),
      rhythm: rhythm === undefined ? RHYTHM_MODEL : networkWithout(rhythm, quarter),
    };
    cases.push(...(await heardBy(directory, inQuarter(names, quarter), models)));
  }
  return cases.sort((a, b) => names.indexOf(a.record) - names.indexOf(b.record));
};

const heardBy = async (
  directory: string,
  names: readonly string[],
  models: { readonly beats: string; readonly rhythm: string },
): Promise<AlarmCase[]> => {
  const list = await readAlarmList(directory);
  const inference = openOrtInference({ providers: ['cpu'] });
  const { network: beats } = await inference.load(models.beats);
  const { network: rhythm } = await inference.load(models.rhythm);
  const cases: AlarmCase[] = [];
  for await (const heard of hearRecords(directory, names, { beats, rhythm })) {
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
  { file, ...unheard }: Unheard & { readonly file: string | undefined },
): Promise<AlarmCase[]> => {
  if (file !== undefined && existsSync(file)) return JSON.parse(readFileSync(file, 'utf8')) as AlarmCase[];
  const cases = await listen(directory, unheard);
  if (file !== undefined) writeFileSync(file, JSON.stringify(cases));
  return cases;
};
