import { readFile, rename, writeFile } from 'node:fs/promises';
import { deserialize, serialize } from 'node:v8';

/** Writes a value down so that a crash leaves either the old file or the new one, never half of one. */
export const saveCheckpoint = async (path: string, value: unknown): Promise<void> => {
  await writeFile(`${path}.new`, serialize(value));
  await rename(`${path}.new`, path);
};

/** The value of a checkpoint made by the same `settings`; undefined when there is none or it was made by others. */
export const loadCheckpoint = async <Value extends { readonly settings: string }>(
  path: string,
  settings: string,
): Promise<Value | undefined> => {
  let bytes: Buffer;
  try {
    bytes = await readFile(path);
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw cause;
  }
  const value = deserialize(bytes) as Value;
  return value.settings === settings ? value : undefined;
};
