import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import * as E from 'fp-ts/lib/Either.js';
import { ALARM_LIST } from '../evaluate/alarms/alarm-folder.ts';
import { readRecord, recordNames, type WfdbRecord } from '../recordings/wfdb/record.ts';

/** A folder of WFDB records inside a folder of such folders, and what it is for. */
export interface RecordingFolder {
  readonly path: string;
  /** Long: with annotations (.atr). Short: one word per record, in REFERENCE.csv. Alarmed: ended by a monitor's alarm, true or not, in ALARMS.csv. */
  readonly kind: 'long' | 'short' | 'alarmed' | 'noise';
  readonly names: readonly string[];
}

const NOISE_RECORDS = ['bw', 'em', 'ma'];

/**
 * What each folder of recordings is for: by REFERENCE.csv, ALARMS.csv, the names of noise recordings, or annotations. Others are passed
 * over. Throws an Error where none has annotations, or some records of a folder have and others have not.
 */
export const recordingFolders = async (data: string): Promise<readonly RecordingFolder[]> => {
  const entries = (await readdir(data, { withFileTypes: true })).filter((entry) => entry.isDirectory());
  const folders: RecordingFolder[] = [];
  for (const { name } of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const path = join(data, name);
    const files = new Set(await readdir(path));
    const names = await recordNames(path);
    if (files.has('REFERENCE.csv')) folders.push({ path, kind: 'short', names });
    else if (files.has(ALARM_LIST)) folders.push({ path, kind: 'alarmed', names });
    else if (names.length > 0 && names.every((each) => NOISE_RECORDS.includes(each)))
      folders.push({ path, kind: 'noise', names });
    else if (names.some((each) => files.has(`${each}.atr`))) {
      const bare = names.filter((each) => !files.has(`${each}.atr`));
      if (bare.length > 0)
        throw new Error(`${path}: no annotations (.atr) for ${bare.join(', ')}; add them, or take those records out`);
      folders.push({ path, kind: 'long', names });
    }
  }
  if (!folders.some(({ kind }) => kind === 'long'))
    throw new Error(`${data} holds no folder of records with annotations (.atr); it needs one, such as mitdb or vfdb`);
  return folders;
};

/** Reads a record. Throws an Error that names it. */
export const openedRecord = async (path: string, name: string): Promise<WfdbRecord> => {
  const record = await readRecord(path, name);
  if (E.isLeft(record)) throw new Error(`record ${name}: ${record.left.sentence}`);
  return record.right;
};
