/** The secrets of a deployment in containers: one file each, made once, read by whoever needs it. */
import { randomBytes } from 'node:crypto';
import { link, open, readFile, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { TOKEN_LENGTH_MIN } from '../config/settings.ts';
import { makeFolder } from '../make-folder.ts';

export interface SecretFile {
  readonly name: string;
  readonly means: string;
  /** Owner only, or the owner's group too where a program of another user reads it. */
  readonly mode: 0o600 | 0o640;
  /** A list has one token a line, the newest first. A single value has no line end to trip over. */
  readonly holds: 'a list' | 'one value';
}

/** What `docker-compose.yml` needs, under the names that it asks for. */
export const secretFiles: readonly SecretFile[] = [
  { name: 'gateway-tokens', means: 'who may send telemetry', mode: 0o600, holds: 'a list' },
  { name: 'console-tokens', means: 'who may watch and acknowledge', mode: 0o600, holds: 'a list' },
  { name: 'influx-token', means: 'the series store’s token; Grafana reads it too', mode: 0o640, holds: 'one value' },
  { name: 'influx-password', means: 'the series store’s first user', mode: 0o600, holds: 'one value' },
  { name: 'grafana-password', means: 'Grafana’s admin', mode: 0o640, holds: 'one value' },
];

export type SecretFound =
  | { readonly tag: 'Made'; readonly name: string }
  | { readonly tag: 'ThereAlready'; readonly name: string; readonly othersMayRead: boolean }
  /** There, but nothing that could be guessed only with difficulty: it is not overwritten, a person decides. */
  | { readonly tag: 'TooShort'; readonly name: string };

const SECRET_BYTES = 24;
const newSecret = (): string => randomBytes(SECRET_BYTES).toString('hex');
const isNo = (cause: unknown, code: string): boolean => (cause as NodeJS.ErrnoException).code === code;

/** Writes a file beside the one that is meant, so that it can be put in its place whole. */
const writtenBeside = async (path: string, mode: number, text: string): Promise<string> => {
  const beside = `${path}.${randomBytes(4).toString('hex')}`;
  const file = await open(beside, 'wx', mode);
  try {
    await file.chmod(mode);
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
  return beside;
};

const textOf = ({ holds }: SecretFile, tokens: readonly string[]): string =>
  holds === 'a list' ? tokens.map((token) => `${token}\n`).join('') : tokens[0]!;

/** Linked into place: the file appears whole or not at all, and never over another. False: it was there. */
const putNew = async (path: string, secret: SecretFile): Promise<boolean> => {
  const beside = await writtenBeside(path, secret.mode, textOf(secret, [newSecret()]));
  try {
    await link(beside, path);
    return true;
  } catch (cause) {
    if (isNo(cause, 'EEXIST')) return false;
    throw cause;
  } finally {
    await rm(beside);
  }
};

const lookAt = async (path: string, name: string): Promise<SecretFound | undefined> => {
  try {
    const text = await readFile(path, 'utf8');
    if (text.trim().length < TOKEN_LENGTH_MIN) return { tag: 'TooShort', name };
    return { tag: 'ThereAlready', name, othersMayRead: ((await stat(path)).mode & 0o007) !== 0 };
  } catch (cause) {
    if (isNo(cause, 'ENOENT')) return undefined;
    throw cause;
  }
};

/** Makes the secrets that are missing in a folder. What is there stays as it is. */
export const makeSecrets = async (folder: string): Promise<readonly SecretFound[]> => {
  makeFolder(folder, 0o750);
  const found: SecretFound[] = [];
  for (const secret of secretFiles) {
    const { name } = secret;
    const path = join(folder, name);
    const there = await lookAt(path, name);
    if (there !== undefined) found.push(there);
    else if (await putNew(path, secret)) found.push({ tag: 'Made', name });
    else found.push({ tag: 'ThereAlready', name, othersMayRead: false });
  }
  return found;
};

/** A step of a rotation: another token before those that are good, none but the newest, or a value that others made. */
export type SecretChange =
  | { readonly tag: 'Add' }
  | { readonly tag: 'Retire' }
  | { readonly tag: 'Set'; readonly value: string };

/** Changes one secret; its file is replaced whole. Answers how many tokens it holds now. */
export const changeSecret = async (folder: string, secret: SecretFile, change: SecretChange): Promise<number> => {
  const path = join(folder, secret.name);
  const before = (await readFile(path, 'utf8')).split('\n').filter((line) => line.trim() !== '');
  const after =
    change.tag === 'Add' ? [newSecret(), ...before] : change.tag === 'Retire' ? before.slice(0, 1) : [change.value];
  await rename(await writtenBeside(path, secret.mode, textOf(secret, after)), path);
  return after.length;
};
