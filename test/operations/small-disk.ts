/**
 * A disk that fills up: a tmpfs of a few megabytes in a mount namespace of its own, which goes with the last process in it.
 * Where namespaces are not allowed, a limit on the size of files stands in: it fails a write in the same place.
 */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { follow, VIGIL, type VigilProcess } from './vigil-process.ts';

export interface SmallDisk {
  /** Where it is, for the process that is started on it. */
  readonly folder: string;
  /** What Vigil calls such a disk, be it the log's or the series'. */
  readonly says: RegExp;
  readonly start: (words: readonly string[], env: Readonly<Record<string, string>>) => VigilProcess;
  /** The disk grows, as when somebody clears it up. */
  readonly makeRoom: () => void;
  /** A copy of what lies on it. */
  readonly copyTo: (folder: string) => Promise<void>;
  readonly discard: () => Promise<void>;
}

const SIZE_MB = 6;
const ROOM_MB = 256;
const unshare = process.getuid?.() === 0 ? ['--mount'] : ['--user', '--map-root-user', '--mount'];

const namespacesAreAllowed = (): boolean => {
  try {
    execFileSync('unshare', [...unshare, 'mount', '-t', 'tmpfs', 'tmpfs', '/mnt'], { stdio: 'ignore' });
    return true;
  } catch {
    return false; // not permitted here, or not installed
  }
};

const tmpfs = async (folder: string): Promise<SmallDisk> => {
  const script = `mount -t tmpfs -o size=${SIZE_MB}m tmpfs "$0" && echo mounted && exec sleep 1000000`;
  const holder = spawn('unshare', [...unshare, 'sh', '-c', script, folder], { stdio: ['ignore', 'pipe', 'inherit'] });
  const endWithUs = (): void => void holder.kill('SIGKILL');
  process.once('exit', endWithUs);
  await once(holder.stdout, 'data');
  const inside = ['-t', String(holder.pid), ...(unshare.length > 1 ? ['-U', '--preserve-credentials'] : []), '-m'];
  return {
    folder,
    says: /(?:the disk of \S+|its disk) is full; make room there, and (?:Vigil|it) goes on by itself/,
    start: (words, env) => {
      const { PATH = '' } = process.env;
      return follow(
        spawn('nsenter', [...inside, ...VIGIL, ...words], { env: { PATH, ...env }, stdio: ['ignore', 'pipe', 'pipe'] }),
      );
    },
    makeRoom: () => void execFileSync('nsenter', [...inside, 'mount', '-o', `remount,size=${ROOM_MB}m`, folder]),
    copyTo: (target) => cp(`/proc/${holder.pid}/root${folder}`, target, { recursive: true }),
    discard: async () => {
      process.off('exit', endWithUs);
      const gone = once(holder, 'exit');
      if (holder.kill('SIGKILL')) await gone;
    },
  };
};

const limitedFiles = (folder: string): SmallDisk => {
  let child: ChildProcess;
  return {
    folder,
    says: /(?:the disk of \S+|its disk) failed/,
    start: (words, env) => {
      const { PATH = '' } = process.env;
      child = spawn('prlimit', [`--fsize=${SIZE_MB << 19}:unlimited`, ...VIGIL, ...words], {
        ...{ env: { PATH, ...env }, stdio: ['ignore', 'pipe', 'pipe'] },
      });
      return follow(child);
    },
    makeRoom: () => void execFileSync('prlimit', ['--pid', String(child.pid), '--fsize=unlimited']),
    copyTo: (target) => cp(folder, target, { recursive: true }),
    discard: async () => undefined,
  };
};

/** @param place a folder of the test, for the mount point or the files. */
export const smallDisk = async (place: string): Promise<SmallDisk> => {
  const folder = join(place, 'disk');
  await mkdir(folder);
  return namespacesAreAllowed() ? tmpfs(folder) : limitedFiles(folder);
};
