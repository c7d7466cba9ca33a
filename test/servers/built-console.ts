/** Before any test: the console is built once, so that Vigils that start side by side do not build it over each other. */
import { builtConsole } from '../../services/composition/console-build.ts';
import { makeJournal } from '../../services/logging/journal.ts';

export const setup = async (): Promise<void> => {
  const folder = await builtConsole(makeJournal({ level: 'error' }));
  if (folder === undefined) throw new Error('the console could not be built; see the lines above');
};
