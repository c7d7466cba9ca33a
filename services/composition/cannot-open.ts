/** What a person reads when something that Vigil needs cannot be opened: what, where, why, and what to do. */
import { join } from 'node:path';
import { makeFolder } from '../make-folder.ts';

/** The sentence of a port's error (a tagged value), the message of an Error, else the thing itself in words. */
export const sentenceOf = (cause: unknown): string => {
  if (typeof cause === 'object' && cause !== null && 'sentence' in cause) return String(cause.sentence);
  return cause instanceof Error ? cause.message : String(cause);
};

const isUnavailable = (cause: unknown): boolean =>
  typeof cause === 'object' && cause !== null && 'tag' in cause && cause.tag === 'LogUnavailable';

const ended = (sentence: string): string => (/[.!?]$/.test(sentence) ? sentence : `${sentence}.`);

/** Rejects with an Error for people when Kafka is not there; what it says of itself (missing topics) has its remedy already. */
export const orCannotOpenKafka = async <A>(opening: Promise<A>, brokers: readonly string[]): Promise<A> => {
  try {
    return await opening;
  } catch (cause) {
    const said = ended(sentenceOf(cause));
    if (!isUnavailable(cause)) throw new Error(said, { cause });
    const remedy =
      'Start it, or correct KAFKA_BROKERS; then start this again (a container is started again by itself).';
    throw new Error(`KAFKA_BROKERS is ${brokers.join(',')}: ${said} ${remedy}`, { cause });
  }
};

/** The path of a file in the data folder, which is made if need be. Throws an Error for people. */
export const fileInDataFolder = (folder: string, name: string): string => {
  try {
    makeFolder(folder);
  } catch (cause) {
    const remedy = 'Give it to the user that runs Vigil, or choose another folder.';
    throw new Error(`VIGIL_DATA_DIR is ${folder}, which cannot be made: ${ended(sentenceOf(cause))} ${remedy}`, {
      cause,
    });
  }
  return join(folder, name);
};

/** What SQLite says of a file that is none of its own, or of which a piece is missing. */
const DAMAGED = /not a database|malformed/;

/** Rejects with an Error that names the file. */
export const orCannotOpenFile = async <A>(opening: Promise<A>, path: string): Promise<A> => {
  try {
    return await opening;
  } catch (cause) {
    const said = ended(sentenceOf(cause));
    const told = said.includes(path) ? said : `${path} cannot be opened: ${said}`;
    if (DAMAGED.test(said))
      throw new Error(
        `${told} It is damaged: move it away with its -wal and -shm and put back a backup; without one, a new file is begun.`,
        { cause },
      );
    const remedy = 'Check the disk, and that the user that runs Vigil may write there (VIGIL_DATA_DIR).';
    throw new Error(said.includes(path) ? said : `${told} ${remedy}`, { cause });
  }
};
