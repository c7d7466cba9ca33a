import { text } from 'node:stream/consumers';
import { TOKEN_LENGTH_MIN } from '../config/settings.ts';
import { failed, misused, type Terminal } from './outcome.ts';
import { changeSecret, makeSecrets, type SecretChange, type SecretFound, secretFiles } from './secret-files.ts';

export interface SecretsOptions {
  readonly out: string;
  readonly add?: string;
  readonly retire?: string;
  readonly set?: string;
}

/** Never rejects but with a sentence: what a folder does not allow is for the person at the keyboard. */
const inFolder = async <A>(folder: string, work: () => Promise<A>): Promise<A> => {
  try {
    return await work();
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw failed(`The secrets in ${folder} cannot be written: ${why}. Give the folder to the user that runs this.`);
  }
};

const tell = (folder: string, found: readonly SecretFound[], terminal: Terminal): void => {
  const named = (tag: SecretFound['tag']): readonly string[] =>
    found.filter((each) => each.tag === tag).map(({ name }) => name);
  const [made, there, tooShort] = [named('Made'), named('ThereAlready'), named('TooShort')];
  if (made.length > 0) terminal.side(`Made in ${folder}: ${made.join(', ')}`);
  if (there.length > 0) terminal.side(`There already, left as they are: ${there.join(', ')}`);
  for (const each of found)
    if (each.tag === 'ThereAlready' && each.othersMayRead)
      terminal.side(`Every user of this machine may read ${folder}/${each.name}: chmod o= it.`);
  if (tooShort.length > 0)
    throw failed(
      `Too short to be a secret, and not overwritten: ${tooShort.join(', ')}. Remove the file to have one made, or write one: openssl rand -hex 24`,
    );
};

/** From standard input, because what stands on a command line can be read by others. */
const valueGiven = async (): Promise<string> => {
  const value = (await text(process.stdin)).trim();
  if (value.length >= TOKEN_LENGTH_MIN && !/\s/.test(value)) return value;
  throw misused(`The secret comes from standard input: one word of at least ${TOKEN_LENGTH_MIN} characters.`);
};

const change = async (folder: string, name: string, step: SecretChange, terminal: Terminal): Promise<void> => {
  const secret = secretFiles.find((each) => each.name === name);
  const names = secretFiles.map((each) => each.name).join(', ');
  if (secret === undefined) throw misused(`There is no secret ${name}; there are ${names}.`);
  if (step.tag !== 'Set' && secret.holds !== 'a list')
    throw misused(`${name} is one value that another program knows too: change it there, then give it with --set.`);
  const count = await inFolder(folder, () => changeSecret(folder, secret, step));
  const holds = `${folder}/${name} holds ${count === 1 ? 'one secret' : `${count} secrets, the newest first`}`;
  terminal.side(`${holds}. It takes effect when what reads it is started again.`);
};

/** Makes missing tokens and passwords as files, or takes one step of a rotation. Prints none. */
export const secretsCommand = async (options: SecretsOptions, terminal: Terminal): Promise<void> => {
  const { out, add, retire, set } = options;
  if ([add, retire, set].filter((name) => name !== undefined).length > 1)
    throw misused('One of --add, --retire and --set at a time.');
  if (add !== undefined) return change(out, add, { tag: 'Add' }, terminal);
  if (retire !== undefined) return change(out, retire, { tag: 'Retire' }, terminal);
  if (set !== undefined) return change(out, set, { tag: 'Set', value: await valueGiven() }, terminal);
  tell(out, await inFolder(out, () => makeSecrets(out)), terminal);
};
