/** The secrets of a deployment in containers: one file each, made once, read by whoever needs it. */
import { randomBytes } from 'node:crypto';
import { link, mkdir, open, readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { TOKEN_LENGTH_MIN } from '../config/settings.ts';

export interface SecretFile {
  readonly name: string;
  readonly means: string;
  /** Owner only, or the owner's group too where a program of another user reads it. */
  readonly mode: 0o600 | 0o640;
  /** A list has one token a line, so that a second one can be appended; a single value has no line end to trip over. */
  readonly ending: '\n' | '';
}

/** What `docker-compose.yml` needs, under the names that it asks for. */
export const secretFiles: readonly SecretFile[] = [
  { name: 'gateway-tokens', means: 'who may send telemetry', mode: 0o600, ending: '\n' },
  { name: 'console-tokens', means: 'who may watch and acknowledge', mode: 0o600, ending: '\n' },
  { name: 'influx-token', means: 'the series store’s token; Grafana reads it too', mode: 0o640, ending: '' },
  { name: 'influx-password', means: 'the series store’s first user', mode: 0o600, ending: '' },
  { name: 'grafana-password', means: 'Grafana’s admin', mode: 0o640, ending: '' },
];

export type SecretFound =
  | { readonly tag: 'Made'; readonly name: string }
  | { readonly tag: 'ThereAlready'; readonly name: string; readonly othersMayRead: boolean }
  /** There, but nothing that could be guessed only with difficulty: it is not overwritten, a person decides. */
  | { readonly tag: 'TooShort'; readonly name: string };

const SECRET_BYTES = 24;

/** Written beside and linked into place: the file appears whole or not at all, and never over another. */
const putNew = async (path: string, { mode, ending }: SecretFile): Promise<boolean> => {
  const beside = `${path}.${randomBytes(4).toString('hex')}`;
  const file = await open(beside, 'wx', mode);
  try {
    await file.chmod(mode);
    await file.writeFile(randomBytes(SECRET_BYTES).toString('hex') + ending);
    await file.sync();
  } finally {
    await file.close();
  }
  try {
    await link(beside, path);
    return true;
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'EEXIST') return false;
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
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw cause;
  }
};

/** Makes the secrets that are missing in a folder. What is there stays as it is. */
export const makeSecrets = async (folder: string): Promise<readonly SecretFound[]> => {
  await mkdir(folder, { recursive: true, mode: 0o750 });
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
