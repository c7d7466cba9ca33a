import { readFile, rename, writeFile } from 'node:fs/promises';
import { deserialize, serialize } from 'node:v8';

/** Writes a value down so that a crash leaves either the old file or the new one, never half of one. */
export const saveCheckpoint = async (path: string, value: unknown): Promise<void> => {
  await writeFile(`${path}.new`, serialize(value));
  await rename(`${path}.new`, path);
};

/**
 * The value of a checkpoint made by the same `settings`; undefined when there is none or it was made by others. Rejects with an Error that
 * names a file that cannot be read or is damaged, as by a power cut.
 */
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
  const value = readOrThrow<Value>(path, bytes);
  return value.settings === settings ? value : undefined;
};

const readOrThrow = <Value>(path: string, bytes: Buffer): Value => {
  try {
    const value: unknown = deserialize(bytes);
    if (typeof value === 'object' && value !== null) return value as Value;
  } catch {
    // What V8 says of it helps nobody.
  }
  throw new Error(`${path} is damaged; delete it and resume again: what was trained up to it is trained anew`);
};
