/** The console is built when it is missing or older than its sources, so that two commands are enough on a fresh clone. */
import { existsSync, readdirSync, statSync } from 'node:fs';
import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Journal } from '../logging/journal.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const source = join(root, 'dashboards/console');
const built = join(source, 'dist');

const newestIn = (folder: string): number =>
  readdirSync(folder, { withFileTypes: true }).reduce((newest, entry) => {
    if (entry.name === 'dist' || entry.name === 'node_modules') return newest;
    const path = join(folder, entry.name);
    return Math.max(newest, entry.isDirectory() ? newestIn(path) : statSync(path).mtimeMs);
  }, 0);

const isFresh = (): boolean => {
  const page = join(built, 'index.html');
  if (!existsSync(page)) return false;
  return statSync(page).mtimeMs >= Math.max(newestIn(source), newestIn(join(root, 'schemas')));
};

/**
 * Puts a build in the place of the one of before. Another process may do the same, or read the files, at this moment: it finds the old ones or
 * the new ones whole, but for the blink in which there are none (`consoleFiles` looks again).
 */
const putInPlace = async (fresh: string, aside: string): Promise<void> => {
  await rename(built, aside).catch(() => undefined); // there was none, or another took it away
  await rename(fresh, built).catch((cause: unknown) => {
    if (!isFresh()) throw cause; // else another's build, of the same sources, came first
  });
};

/** The folder of the built console, built now if need be; undefined, with the reason logged, when it cannot be built. */
export const builtConsole = async (journal: Journal): Promise<string | undefined> => {
  if (isFresh()) return built;
  try {
    const { build } = await import('vite');
    journal.info('building the console', { path: 'dashboards/console' });
    const workplace = join(root, '.vigil');
    await mkdir(workplace, { recursive: true });
    const place = await mkdtemp(join(workplace, 'console-'));
    try {
      await build({ root: source, logLevel: 'error', build: { outDir: join(place, 'new'), emptyOutDir: true } });
      await putInPlace(join(place, 'new'), join(place, 'old'));
    } finally {
      await rm(place, { recursive: true, force: true });
    }
    return built;
  } catch (cause) {
    journal.error('the console could not be built; run "npm ci", then "npm run console"', {}, cause);
    return existsSync(join(built, 'index.html')) ? built : undefined;
  }
};
