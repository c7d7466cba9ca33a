import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  CINC2017_CLASSES,
  type Cinc2017Class,
  parseReference,
  referenceRows,
} from '../../recordings/cinc2017-reference.ts';
import { recordNames } from '../../recordings/wfdb/record.ts';

/** What a folder of CinC 2017 asks, and what of it cannot be asked. */
export interface Cinc2017Folder {
  /** Records that are there and have a class. */
  readonly reference: ReadonlyMap<string, Cinc2017Class>;
  /** Records that only one of list and folder knows, or whose class nobody knows: each with a sentence. */
  readonly troubles: readonly string[];
}

const LIST = 'REFERENCE.csv';

/** Holds `REFERENCE.csv` against the records that are there. Rejects when one of them cannot be read. */
export const readCinc2017Folder = async (directory: string): Promise<Cinc2017Folder> => {
  const text = await readFile(join(directory, LIST), 'utf8');
  const there = new Set(await recordNames(directory));
  const known = new Map(parseReference(text));
  const troubles: string[] = [];
  for (const [record, word] of referenceRows(text))
    if (!known.has(record))
      troubles.push(`${record}: ${LIST} says "${word}" of it, which is none of ${CINC2017_CLASSES.join(' ')}`);
  for (const record of known.keys())
    if (!there.has(record)) troubles.push(`${record}: ${LIST} names it, and there is no ${record}.hea`);
  const listed = new Set(referenceRows(text).map(([record]) => record));
  for (const record of there) if (!listed.has(record)) troubles.push(`${record}: ${LIST} does not name it`);
  return { reference: new Map([...known].filter(([record]) => there.has(record))), troubles };
};
