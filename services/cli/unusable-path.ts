/** What a person reads instead of a bare error number when a path that was given cannot be used. */
import { accessSync, constants, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { makeFolder } from '../make-folder.ts';
import { misused } from './outcome.ts';

const WHY: Readonly<Record<string, string>> = {
  EACCES: 'this user may not',
  EPERM: 'this user may not',
  EROFS: 'the disk is read-only',
  ENOSPC: 'the disk is full',
  EDQUOT: 'the share of this user on the disk is used up',
  ENOENT: 'it, or a folder above it, is not there and cannot be made',
  ENOTDIR: 'a part of the path is a file, not a folder',
  EISDIR: 'it is a folder, not a file',
  EEXIST: 'something else has that name',
  EMFILE: 'too many files are open',
  ENAMETOOLONG: 'a name in it is too long',
};

const DONE: Readonly<Record<string, string>> = {
  open: 'opened',
  mkdir: 'made',
  scandir: 'read',
  read: 'read',
  write: 'written',
  rename: 'put in its place',
  access: 'written',
};

interface SystemError extends Error {
  readonly code: string;
  readonly syscall: string;
  readonly path?: string;
}

const isSystemError = (cause: unknown): cause is SystemError =>
  cause instanceof Error && 'code' in cause && typeof cause.code === 'string' && 'syscall' in cause;

/** A sentence with what to do, of the system's error about a file or folder; undefined: it is another kind of error. */
export const unusablePath = (cause: unknown): string | undefined => {
  if (!isSystemError(cause) || cause.path === undefined) return undefined;
  const why = WHY[cause.code];
  if (why === undefined) return undefined;
  const done = DONE[cause.syscall] ?? 'used';
  return `${cause.path} cannot be ${done}: ${why} (${cause.code}). Choose another path, or give this one to the user that runs this.`;
};

const orMisused = (option: string, work: () => void): void => {
  try {
    work();
  } catch (cause) {
    const sentence = unusablePath(cause);
    if (sentence === undefined) throw cause;
    throw misused(`${option}: ${sentence}`);
  }
};

/** Makes the folder that is written to, before the work that takes long. Throws a sentence when nothing can be written there. */
export const outFolder = (path: string, option = '--out'): void =>
  orMisused(option, () => {
    makeFolder(path);
    accessSync(path, constants.W_OK);
  });

/** The same for a file: its folder must be there. */
export const outFile = (path: string, option = '--out'): void => {
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory() === true)
    throw misused(`${option}: ${path} is a folder; name a file in it.`);
  const folder = dirname(path);
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory() !== true)
    throw misused(`${option}: there is no folder ${folder} for ${path}; make it, or choose another.`);
  orMisused(option, () => accessSync(folder, constants.W_OK));
};
