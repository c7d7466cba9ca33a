import type { ExitCode, Terminal } from '../../services/cli/outcome.ts';
import { runCommandLine } from '../../services/cli/program.ts';

export interface Told {
  readonly code: ExitCode;
  readonly out: string;
  readonly side: string;
}

/** Runs the command line in this process and keeps what it says. */
export const vigil = async (...words: readonly string[]): Promise<Told> => {
  const out: string[] = [];
  const side: string[] = [];
  const terminal: Terminal = { out: (line) => out.push(line), side: (line) => side.push(line), interactive: false };
  const code = await runCommandLine(words, terminal);
  return { code, out: out.join('\n'), side: side.join('\n') };
};
