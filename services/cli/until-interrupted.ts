import type { Terminal } from './outcome.ts';

/** Resolves at the first SIGINT or SIGTERM. The second one ends the process at once: somebody is in a hurry. */
export const untilInterrupted = (terminal: Terminal): Promise<void> =>
  new Promise((resolve) => {
    let asked = false;
    const interrupted = (): void => {
      if (asked) process.exit(1);
      asked = true;
      terminal.side('Stopping; once more stops at once.');
      resolve();
    };
    process.on('SIGINT', interrupted);
    process.on('SIGTERM', interrupted);
  });
