import * as E from 'fp-ts/lib/Either.js';
import { uncalibratedSentence } from '../recordings/wfdb/header.ts';
import { readHeader } from '../recordings/wfdb/record.ts';
import type { Terminal } from './outcome.ts';

/** So many records are named; of a folder of thousands the rest is counted. */
const NAMED_MAX = 20;

/** Names the records whose header gives no gain, and which signals. What else is wrong with a record is said where it is played. */
export const tellUncalibrated = async (
  directory: string,
  records: readonly string[],
  terminal: Terminal,
): Promise<void> => {
  let found = 0;
  for (const name of records) {
    const header = await readHeader(directory, name);
    const sentence = E.isRight(header) ? uncalibratedSentence(header.right) : undefined;
    if (sentence === undefined) continue;
    found++;
    if (found <= NAMED_MAX) terminal.side(`${name}: ${sentence}`);
  }
  if (found > NAMED_MAX) terminal.side(`${found - NAMED_MAX} more records are uncalibrated and not named.`);
};
