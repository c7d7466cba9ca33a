import { configOrMistakes } from './arguments.ts';
import type { Terminal } from './outcome.ts';

export interface ConsoleLinkOptions {
  readonly url?: string;
  readonly config?: string;
}

/** Prints the console's address with its token: opened once, the browser keeps the token and forgets the address. */
export const consoleLinkCommand = (options: ConsoleLinkOptions, terminal: Terminal): void => {
  const { consoleTokens, port } = configOrMistakes(options.config);
  const page = `${(options.url ?? `http://127.0.0.1:${port}`).replace(/\/$/, '')}/`;
  const [token] = consoleTokens;
  if (token === undefined) {
    terminal.side('This Vigil asks consoles for no token.');
    terminal.out(page);
    return;
  }
  terminal.side('Whoever has this address may watch and acknowledge. Open it once in each browser; do not send it on.');
  terminal.out(`${page}#${new URLSearchParams({ token }).toString()}`);
};
