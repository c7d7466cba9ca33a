import { type Holder, takeFolder } from '../adapters/embedded/folder-holder.ts';
import type { Config } from '../config.ts';
import type { Journal } from '../logging/journal.ts';
import { fileInDataFolder } from './cannot-open.ts';

const nameOf = ({ pid, host, sinceMs }: Holder): string =>
  `another Vigil works there (process ${pid} on ${host}, since ${new Date(sinceMs).toISOString()})`;

/**
 * Takes the data folder for this process where the log is a file in it: two whole Vigils on one folder would share the beds, and both
 * simulate. Answers how to let go. Throws an Error for people that names who has it. Stages in processes of their own share a folder.
 */
export const holdFolder = ({ kafka, dataDirectory }: Config, journal: Journal): (() => void) => {
  if (kafka !== undefined) return () => undefined;
  const path = fileInDataFolder(dataDirectory, 'holder.db');
  const taken = takeFolder(path);
  switch (taken.tag) {
    case 'Held':
      return taken.letGo;
    case 'HeldBy': {
      const who = taken.holder === undefined ? 'another Vigil works there' : nameOf(taken.holder);
      throw new Error(
        `VIGIL_DATA_DIR is ${dataDirectory}, and ${who}. Stop that one, or give this one a folder of its own (VIGIL_DATA_DIR) and a port (VIGIL_PORT).`,
      );
    }
    case 'Unknown':
      // A Vigil that does not start would be worse than one that may have a twin.
      journal.warn('the data folder could not be taken; a second Vigil there would not be noticed', {
        sentence: `${path}: ${taken.sentence}`,
      });
      return () => undefined;
  }
};
