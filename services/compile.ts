/**
 * node services/compile.ts: imports every source of a running Vigil once, so that starts find it compiled in NODE_COMPILE_CACHE. An
 * image is built with it: its disk is read-only, and its health check starts a process every ten seconds.
 */
import { readdirSync } from 'node:fs';
import { flushCompileCache, getCompileCacheDir } from 'node:module';
import { join, resolve } from 'node:path';

const root = resolve(import.meta.dirname, '..');
/** What begins to work as soon as it is imported. */
const begins = /(^|[/-])(main|compile)\.ts$|-thread\.ts$/;

if (getCompileCacheDir() === undefined) throw new Error('say where in NODE_COMPILE_CACHE');
for (const folder of ['schemas', 'stream-models', 'services'])
  for (const entry of readdirSync(join(root, folder), { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    if (entry.isFile() && /(?<!\.d)\.ts$/.test(path) && !begins.test(path)) await import(path);
  }
flushCompileCache();
console.log(`compiled into ${getCompileCacheDir()}`);
process.exit(0);
