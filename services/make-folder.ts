import { existsSync, mkdirSync, statSync } from 'node:fs';
import { dirname } from 'node:path';

const isFolder = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;

/**
 * Makes a folder, and those above it that are missing. Node's own `recursive` tries for ever where a parent is there and takes no
 * folders, as /proc does. Throws the system's error (with code, syscall and path).
 */
export const makeFolder = (path: string, mode?: number): void => {
  const above = dirname(path);
  if (above !== path && !existsSync(above)) makeFolder(above, mode);
  try {
    mkdirSync(path, mode === undefined ? {} : { mode });
  } catch (cause) {
    if (!isFolder(path)) throw cause;
  }
};
