import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach } from 'vitest';
import { temporaryFolder } from '../recordings/made-record.ts';

/** A data folder, new for each test of the file, and the words that point a command at it. */
export const freshDataFolder = (): { readonly path: string; readonly config: readonly string[] } => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  const file = (): string => join(folder.path, 'vigil.json');
  beforeEach(async () => {
    folder = await temporaryFolder();
    await writeFile(file(), JSON.stringify({ dataDir: folder.path }));
  });
  afterEach(() => folder[Symbol.asyncDispose]());
  return {
    get path() {
      return folder.path;
    },
    get config() {
      return ['--config', file()];
    },
  };
};
