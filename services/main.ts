import { constants, enableCompileCache } from 'node:module';
import { fileURLToPath } from 'node:url';

// As the first process of a container nothing ends us but what we hear; a command that hears it itself ends tidily.
process.on('SIGTERM', () => {
  if (process.listenerCount('SIGTERM') === 1) process.exit(143);
});
// Half of a start is reading the sources, and a ward waits for a part that is started again: what was compiled once is kept, and
// nothing of Vigil's is imported before that is so. Threads find the folder in the environment, where an image has it from the
// beginning (`compile.ts`). Where it cannot be written nothing is kept, and a start takes as long as the first.
const { status, directory } = enableCompileCache(fileURLToPath(new URL('../.vigil/compiled', import.meta.url)));
if (status === constants.compileCacheStatus.ENABLED) process.env['NODE_COMPILE_CACHE'] = directory;
const [{ runCommandLine }, { processTerminal }] = await Promise.all([
  import('./cli/program.ts'),
  import('./cli/outcome.ts'),
]);
process.exitCode = await runCommandLine(process.argv.slice(2), processTerminal());
