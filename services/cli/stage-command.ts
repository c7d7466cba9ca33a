import { watchMainLoop } from '../loop/watch-main-loop.ts';
import { configOrMistakes } from './arguments.ts';
import type { Terminal } from './outcome.ts';
import { untilInterrupted } from './until-interrupted.ts';

/** Runs the named stages in this process until it is interrupted. */
export const stageCommand = async (
  names: readonly string[],
  options: { readonly config?: string },
  terminal: Terminal,
): Promise<void> => {
  const config = configOrMistakes(options.config);
  const { runStages } = await import('../start.ts');
  const stopWatching = watchMainLoop(config.logLevel);
  const running = await runStages(config, names);
  terminal.side(`Running: ${names.join(', ')}. How it does: ${running.url}/healthz`);
  await untilInterrupted(terminal);
  await running.stop();
  await stopWatching();
};
