import type { Terminal } from './outcome.ts';

/** An orchestrator kills after ten seconds, some after five; a loaded machine takes a while to end a process. What is not closed by then need not be: the log has it all. */
const PATIENCE_MS = 4_000;

/**
 * Hears SIGINT, SIGTERM and SIGHUP (its terminal was closed) from the call on; resolves at the first. Whoever is not done with stopping some seconds later is
 * ended, for example because the log is away: positions are stored with what was said, so nothing is lost or said twice.
 * A second SIGINT ends the process at once, somebody is in a hurry; a second SIGTERM is an orchestrator that repeats itself.
 */
export const untilInterrupted = (terminal: Terminal): Promise<void> =>
  new Promise((resolve) => {
    let asked = false;
    const interrupted = (signal: NodeJS.Signals): void => {
      if (asked && signal === 'SIGINT') process.exit(1);
      if (asked) return;
      asked = true;
      terminal.side('Stopping; Ctrl-C stops at once.');
      setTimeout(() => {
        if (process.exitCode === undefined) terminal.side('Stopped before everything was closed; the log has it all.');
        process.exit(process.exitCode ?? 1);
      }, PATIENCE_MS).unref();
      resolve();
    };
    process.on('SIGINT', interrupted);
    process.on('SIGTERM', interrupted);
    process.on('SIGHUP', interrupted);
  });
