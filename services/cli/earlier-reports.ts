import { rm } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * Removes the reports that an earlier run left in a folder, before the work of this one begins: whatever becomes of it, nobody may
 * take their figures for its. To be called when the data that was asked for is there, so that a slip of the pen costs no report.
 */
export const removeEarlierReports = async (out: string | undefined, names: readonly string[]): Promise<void> => {
  if (out === undefined) return;
  for (const name of names) await rm(join(out, name), { force: true });
};
