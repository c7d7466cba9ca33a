import { failed, type Terminal } from './outcome.ts';
import { makeSecrets, type SecretFound } from './secret-files.ts';

/** Makes missing tokens and passwords as files. Never overwrites one, never prints one. */
export const secretsCommand = async (options: { readonly out: string }, terminal: Terminal): Promise<void> => {
  let found: readonly SecretFound[];
  try {
    found = await makeSecrets(options.out);
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw failed(
      `The secrets cannot be written to ${options.out}: ${why}. Give the folder to the user that runs this.`,
    );
  }
  const named = (tag: SecretFound['tag']): readonly string[] =>
    found.filter((each) => each.tag === tag).map(({ name }) => name);
  const [made, there, tooShort] = [named('Made'), named('ThereAlready'), named('TooShort')];
  if (made.length > 0) terminal.side(`Made in ${options.out}: ${made.join(', ')}`);
  if (there.length > 0) terminal.side(`There already, left as they are: ${there.join(', ')}`);
  for (const each of found)
    if (each.tag === 'ThereAlready' && each.othersMayRead)
      terminal.side(`Every user of this machine may read ${options.out}/${each.name}: chmod o= it.`);
  if (tooShort.length > 0)
    throw failed(
      `Too short to be a secret, and not overwritten: ${tooShort.join(', ')}. Remove the file to have one made, or write one: openssl rand -hex 24`,
    );
};
