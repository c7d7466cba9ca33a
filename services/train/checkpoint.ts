import { readFile, rename, writeFile } from 'node:fs/promises';
import { deserialize, serialize } from 'node:v8';

/** Writes a value down so that a crash leaves either the old file or the new one, never half of one. */
export const saveCheckpoint = async (path: string, value: unknown): Promise<void> => {
  await writeFile(`${path}.new`, serialize(value));
  await rename(`${path}.new`, path);
};

/**
 * The value of a checkpoint made by the same `settings`; undefined when there is none. Rejects with an Error that names a file that cannot be
 * read, is damaged, as by a power cut, or was made by other settings: going on would write over hours of work that was meant to be kept.
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
  if (value.settings !== settings)
    throw new Error(
      `${path} is of another training (${differences(value.settings, settings)}). To go on ask for the same data and settings; to train anew leave --resume out, or choose another --out.`,
    );
  return value;
};

const parsed = (settings: string): Readonly<Record<string, unknown>> => {
  try {
    const value: unknown = JSON.parse(settings);
    return typeof value === 'object' && value !== null ? { ...value } : { settings: value };
  } catch {
    return { settings };
  }
};

/** What two trainings were asked differently, by name; of tensors and networks that they differ. */
const differences = (there: string, here: string): string => {
  const [was, is] = [parsed(there), parsed(here)];
  const names = [...new Set([...Object.keys(was), ...Object.keys(is)])];
  const word = (value: unknown): string => (value === undefined ? 'none' : String(value));
  return names
    .filter((name) => JSON.stringify(was[name]) !== JSON.stringify(is[name]))
    .map((name) => {
      const isPlain = [was[name], is[name]].every((value) => typeof value !== 'object' && word(value).length < 20);
      return isPlain ? `${name}: ${word(was[name])} there, ${word(is[name])} here` : `other ${name}`;
    })
    .join('; ');
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
