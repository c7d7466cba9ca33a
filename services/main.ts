import { enableCompileCache } from 'node:module';
import { fileURLToPath } from 'node:url';
import { processTerminal } from './cli/outcome.ts';
import { runCommandLine } from './cli/program.ts';

// As the first process of a container nothing ends us but what we hear; a command that hears it itself ends tidily.
process.on('SIGTERM', () => {
  if (process.listenerCount('SIGTERM') === 1) process.exit(143);
});
// Half of a start is reading the sources, and a ward waits for a part that is started again. Where the folder cannot be
// written nothing is kept, and a start takes as long as the first.
enableCompileCache(fileURLToPath(new URL('../.vigil/compiled', import.meta.url)));
process.exitCode = await runCommandLine(process.argv.slice(2), processTerminal());
