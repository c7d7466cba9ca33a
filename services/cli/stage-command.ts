import { configOrMistakes } from './arguments.ts';
import type { Terminal } from './outcome.ts';
import { untilInterrupted } from './until-interrupted.ts';

/** Runs the named stages in this process until it is interrupted. */
export const stageCommand = async (
  names: readonly string[],
  options: { readonly config?: string },
  terminal: Terminal,
): Promise<void> => {
  // Heard from the first moment on: a stage that is stopped while it starts leaves its group tidily, too.
  const interrupted = untilInterrupted(terminal);
  const config = configOrMistakes(options.config);
  const { runStages } = await import('../start.ts');
  const running = await runStages(config, names);
  terminal.side(`Running: ${names.join(', ')}`);
  await interrupted;
  await running.stop();
};
