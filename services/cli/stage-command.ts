import { configOrMistakes } from './arguments.ts';
import { misused, type Terminal } from './outcome.ts';
import { untilInterrupted } from './until-interrupted.ts';

/** Runs the named stages in this process until it is interrupted. */
export const stageCommand = async (
  names: readonly string[],
  options: { readonly config?: string },
  terminal: Terminal,
): Promise<void> => {
  const config = configOrMistakes(options.config);
  const { runStages, stageNames } = await import('../start.ts');
  const known: readonly string[] = stageNames;
  const unknown = names.filter((name) => !known.includes(name));
  if (unknown.length > 0) throw misused(`There is no stage ${unknown.join(', ')}; there are ${known.join(', ')}.`);
  const running = await runStages(config, names);
  // Before a word is said: whoever reads it may ask to stop at once.
  const interrupted = untilInterrupted(terminal);
  terminal.side(`Running: ${names.join(', ')}`);
  await interrupted;
  await running.stop();
};
