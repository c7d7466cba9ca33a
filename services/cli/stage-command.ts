import { watchMainLoop } from '../loop/watch-main-loop.ts';
import { configOrMistakes } from './arguments.ts';
import { misused, type Terminal } from './outcome.ts';
import { untilInterrupted } from './until-interrupted.ts';

/** Runs the named stages in this process until it is interrupted. */
export const stageCommand = async (
  names: readonly string[],
  options: { readonly config?: string },
  terminal: Terminal,
): Promise<void> => {
  // Heard from the first moment on: a stage that is stopped while it starts leaves its group tidily, too.
  const stopping = new AbortController();
  const interrupted = untilInterrupted(terminal).then(() => stopping.abort());
  const config = configOrMistakes(options.config);
  const { runStages, stageNames } = await import('../start.ts');
  const known: readonly string[] = stageNames;
  const unknown = names.filter((name) => !known.includes(name));
  if (unknown.length > 0) throw misused(`There is no stage ${unknown.join(', ')}; there are ${known.join(', ')}.`);
  const stopWatching = watchMainLoop(config.logLevel);
  const running = await runStages(config, names, stopping.signal);
  if (running !== undefined) {
    terminal.side(`Running: ${names.join(', ')}. How it does: ${running.url}/healthz`);
    await interrupted;
    await running.stop();
  }
  await stopWatching();
};
