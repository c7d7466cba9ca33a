/** Regenerates the TypeScript of the protocol buffers into a scratch folder and compares it with what is committed. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const root = resolve(import.meta.dirname, '..');
const committed = join(root, 'schemas/generated');
const scratch = mkdtempSync(join(tmpdir(), 'vigil-generated-'));

const filesOf = (folder: string): readonly string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .sort();

try {
  execFileSync('buf', ['lint'], { cwd: root, stdio: 'inherit' });
  execFileSync('buf', ['generate', '--output', scratch], { cwd: root, stdio: 'inherit' });
  const fresh = join(scratch, 'schemas/generated');
  const names = [...new Set([...filesOf(committed), ...filesOf(fresh)])];
  const textOf = (folder: string, name: string): string | undefined =>
    filesOf(folder).includes(name) ? readFileSync(join(folder, name), 'utf8') : undefined;
  const stale = names.filter((name) => textOf(committed, name) !== textOf(fresh, name));
  if (stale.length > 0) {
    console.error(
      `schemas/generated is not what the .proto files say: ${stale.join(', ')}. Run "npm run generate" and commit.`,
    );
    process.exitCode = 1;
  }
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
