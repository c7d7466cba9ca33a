import { INTENDED_USE } from '../../schemas/live.ts';
import { watchMainLoop } from '../loop/watch-main-loop.ts';
import { configOrMistakes } from './arguments.ts';
import type { Terminal } from './outcome.ts';
import { untilInterrupted } from './until-interrupted.ts';

export interface StartOptions {
  readonly config?: string;
  /** A number of beds, or false for `--no-simulate`. */
  readonly simulate?: number | boolean;
}

/** Runs everything in this process until it is interrupted. */
export const startCommand = async (options: StartOptions, terminal: Terminal): Promise<void> => {
  const stopping = new AbortController();
  const interrupted = untilInterrupted(terminal).then(() => stopping.abort());
  const configured = configOrMistakes(options.config);
  const { simulate } = options;
  const simulatedBeds = simulate === false ? 0 : typeof simulate === 'number' ? simulate : configured.simulatedBeds;
  const { startVigil } = await import('../start.ts');
  const stopWatching = watchMainLoop(configured.logLevel);
  const running = await startVigil({ ...configured, simulatedBeds }, stopping.signal);
  if (running !== undefined) {
    terminal.out(`Vigil is at ${running.url}`);
    if (simulatedBeds > 0)
      terminal.side(`A simulated ward of ${simulatedBeds} beds plays; --no-simulate leaves it out.`);
    terminal.side(INTENDED_USE);
    await interrupted;
    await running.stop();
  }
  await stopWatching();
};
